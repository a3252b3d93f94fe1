import { upstreamPath } from '../proxy/canonical';
import { type Format } from './format';

/** Go modules. */
export const goproxy: Format = {
  packageType: 'goproxy',
  classify: (path) => (/\.(?:info|mod|zip)$/.test(path) ? 'immutable' : 'mutable'),
  // The protocol writes capitals with an exclamation mark, so that file systems without them can serve it.
  canonical: (path) => path.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`),
  // Versions such as v2.0.0+incompatible are asked for as they are.
  encode: (path) => upstreamPath(path, {}).replaceAll('%2B', '+'),
};
