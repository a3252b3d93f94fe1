import { type Format } from './format';

/** Any files: nothing ever changes. */
export const generic: Format = { packageType: 'generic', classify: () => 'immutable' };
