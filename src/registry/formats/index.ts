import { FORMATS } from './gen/types';
import { type Format } from './format';
import { offThread } from './off-thread';

/** The names of all package types. */
export const PACKAGE_TYPES: readonly string[] = FORMATS.map((format) => format.packageType);

const READY = FORMATS.map(offThread);

/** The format of a package type; types are checked before they are stored, so an unknown one is a defect. */
export function formatOf(packageType: string): Format {
  const format = READY.find((candidate) => candidate.packageType === packageType);
  if (!format) throw new Error(`unknown package type ${packageType}`);
  return format;
}

/** What is served beyond what a real server is known to serve, as `<kind>/<package type>`. */
export const EXTRAS: readonly string[] = FORMATS.flatMap(({ packageType, merge, localIndex, routes }) => [
  ...((localIndex ?? routes)?.strict === false ? [`local/${packageType}`] : []),
  ...(merge?.strict === false ? [`virtual/${packageType}`] : []),
]);
