import { valid, validRange } from 'semver';
import { HttpError } from '../../../errors';

const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~][a-z0-9._~-]*$/;
const LONGEST = 214;

/** A name that a package can be published under, or a 400: names that differ in case alone are one file on some systems. */
export function checkedName(name: unknown): string {
  if (typeof name === 'string' && NAME.test(name) && name.length <= LONGEST) return name;
  const rule = `lower-case letters, digits, ".", "_", "-" and "~", at most ${LONGEST} characters, with or without a scope`;
  throw new HttpError(400, `invalid package name ${JSON.stringify(name)}: allowed are ${rule}`);
}

/** A version as semver writes it, or a 400. */
export function checkedVersion(version: unknown): string {
  if (typeof version === 'string' && valid(version) === version) return version;
  throw new HttpError(400, `invalid version ${JSON.stringify(version)}: expected one like 1.2.3 or 1.2.3-beta.1`);
}

/** A name that a tag can have, or a 400: what could be read as a version or a range of them cannot be asked for. */
export function checkedTag(tag: string): string {
  if (/^[^\s/%]{1,100}$/.test(tag) && validRange(tag) === null) return tag;
  throw new HttpError(
    400,
    `invalid tag ${JSON.stringify(tag)}: it must not contain spaces or slashes, nor be a version or a version range`,
  );
}

/** The path of the tarball of a version. */
export function tarballPath(name: string, version: string): string {
  return `${tarballFolder(name)}${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
}

/** Where the tarballs of a package are. */
export function tarballFolder(name: string): string {
  return `${name}/-/`;
}
