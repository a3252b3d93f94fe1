import { type Format } from './format';

/** Alpine packages. */
export const alpine: Format = { packageType: 'alpine', classify: (path) => (path.endsWith('.apk') ? 'immutable' : 'mutable') };
