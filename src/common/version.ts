import { version as packageVersion } from '../../package.json';

/** The version of this package, its provider and its constructs. */
export const version: string = packageVersion;
