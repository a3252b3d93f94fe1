import { valid } from 'semver';
import { namesVersion } from '../../versions';

const PACKAGE = /^(?:@[^/]+\/)?[^/@-][^/]*$/;
const VERSION = /^((?:@[^/]+\/)?[^/@-][^/]*)\/([^/-][^/]*)$/;
const BELOW = /^((?:@[^/]+\/)?[^/@-][^/]*)\/-\/.+$/;
const TOLD = /^((?:@[^/]+\/)?[^/@-][^/]*)\/-\/([^/]+)\/[^/]+$/;

/** What a path of the npm protocol stands for. */
export type NpmPath =
  | { readonly kind: 'package' }
  /** One version of a package, or what a tag stands for. */
  | { readonly kind: 'version' }
  /** A tarball whose URL only the package document has. */
  | { readonly kind: 'told'; readonly name: string; readonly version: string }
  | { readonly kind: 'other' };

/** Reads a canonical path. */
export function readPath(path: string): NpmPath {
  if (!path.endsWith('.tgz')) {
    if (PACKAGE.test(path)) return { kind: 'package' };
    if (VERSION.test(path)) return { kind: 'version' };
  }
  const [, name, version] = TOLD.exec(path) ?? [];
  if (name !== undefined && version !== undefined && valid(version)) return { kind: 'told', name, version };
  return { kind: 'other' };
}

/** The package below whose address a tarball is. */
export function packageOf(path: string): string | undefined {
  return BELOW.exec(path)?.[1];
}

/** Whether a path is a tarball of one version. */
export function isTarball(path: string): boolean {
  return path.endsWith('.tgz') && namesVersion(path);
}

/** The path of a tarball that lies outside of the upstream. */
export function toldPath(name: string, version: string, file: string): string {
  return `${name}/-/${version}/${file}`;
}
