import { type Format } from '../format';

/** RPM packages. */
export const rpm: Format = {
  packageType: 'rpm',
  classify: (path) => (path.endsWith('.rpm') ? 'immutable' : 'mutable'),
  upload: {
    strict: true,
    check: (path) => (path.endsWith('.rpm') ? { path, contentType: 'application/x-rpm' } : { reason: `not an .rpm file: ${path}` }),
  },
};
