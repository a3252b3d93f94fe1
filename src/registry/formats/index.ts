import { FORMATS } from './gen/types';
import { type Format } from './format';
import { offThread } from './off-thread';

/** The names of all package types. */
export const PACKAGE_TYPES: readonly string[] = FORMATS.map((format) => format.packageType);

/** The names of the package types that a backend has. */
export function packageTypesOf(backend: string): readonly string[] {
  return FORMATS.filter(({ backends }) => backends?.includes(backend) ?? true).map(({ packageType }) => packageType);
}

const READY = FORMATS.map(offThread);

/** The format of a package type; types are checked before they are stored, so an unknown one is a defect. */
export function formatOf(packageType: string): Format {
  const format = READY.find((candidate) => candidate.packageType === packageType);
  if (!format) throw new Error(`unknown package type ${packageType}`);
  return format;
}

/** What a backend serves beyond what a real server is known to serve, as `<kind>/<package type>`. */
export function extrasOf(backend: string): readonly string[] {
  return packageTypesOf(backend)
    .map(formatOf)
    .flatMap(({ packageType, merge, combine, localIndex, routes }) => [
      ...((localIndex ?? routes)?.strict === false ? [`local/${packageType}`] : []),
      ...((merge ?? combine)?.strict === false ? [`virtual/${packageType}`] : []),
    ]);
}
