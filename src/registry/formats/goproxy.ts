import { type Format } from './format';

/** Go modules. */
export const goproxy: Format = {
  packageType: 'goproxy',
  classify: (path) => (/\.(?:info|mod|zip)$/.test(path) ? 'immutable' : 'mutable'),
};
