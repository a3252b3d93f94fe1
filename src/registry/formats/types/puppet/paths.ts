import { valid } from 'semver';

/** A module: `puppetlabs` and `stdlib`. */
export interface ModuleName {
  readonly owner: string;
  readonly name: string;
}

/** What a path of the Forge API, version 3, is about. */
export type PuppetPath =
  | { readonly kind: 'modules' | 'releases' | 'users' | 'other' }
  | ({ readonly kind: 'module' } & ModuleName)
  | ({ readonly kind: 'release' | 'file'; readonly version: string } & ModuleName)
  | { readonly kind: 'user'; readonly owner: string };

/** Where the archives of releases are. */
export const FILES = 'v3/files/';

const SLUG = /^([a-zA-Z0-9]+)-([a-zA-Z]\w*)$/;
const RELEASE = /^([a-zA-Z0-9]+)-([a-zA-Z]\w*)-(\d.*)$/;

/** Reads a path; one that the API does not have is `other`. */
export function readPath(path: string): PuppetPath {
  const [, kind = '', rest] = /^v3\/(modules|releases|files|users)(?:\/([^/]*))?$/.exec(path) ?? [];
  if (rest === undefined || rest === '')
    return kind === 'modules' || kind === 'releases' || kind === 'users' ? { kind } : { kind: 'other' };
  if (kind === 'users') return { kind: 'user', owner: rest.toLowerCase() };
  if (kind === 'modules') {
    const module = readModule(rest);
    return module ? { kind: 'module', ...module } : { kind: 'other' };
  }
  const release = kind === 'files' ? readArchive(rest) : readRelease(rest);
  return release ? { kind: kind === 'files' ? 'file' : 'release', ...release } : { kind: 'other' };
}

/** The module that a text names: `owner-name`, or `owner/name` as in a `metadata.json`. A Forge does not tell upper from lower case. */
export function readModule(text: string): ModuleName | undefined {
  const [, owner, name] = SLUG.exec(text.toLowerCase().replace('/', '-')) ?? [];
  return owner === undefined || name === undefined ? undefined : { owner, name };
}

/** The release that an archive is by its name: `owner-name-1.0.0.tar.gz`. */
export function readArchive(file: string): (ModuleName & { readonly version: string }) | undefined {
  return file.endsWith('.tar.gz') ? readRelease(file.slice(0, -'.tar.gz'.length)) : undefined;
}

function readRelease(text: string): (ModuleName & { readonly version: string }) | undefined {
  const [, owner, name, version] = RELEASE.exec(text) ?? [];
  if (owner === undefined || name === undefined || version === undefined || valid(version) !== version) return undefined;
  return { owner: owner.toLowerCase(), name: name.toLowerCase(), version };
}

/** A path as it is kept: the names of modules in lower case. */
export const canonical = (path: string): string =>
  path.replace(
    /^(v3\/(?:modules|releases|files|users)\/)([^/-]+(?:-\w+)?)/,
    (_all, before: string, slug: string) => before + slug.toLowerCase(),
  );

/** The name of a module in URLs. */
export const slugOf = ({ owner, name }: ModuleName): string => `${owner}-${name}`;

/** Where the archive of a release is. */
export const archivePath = (release: ModuleName & { readonly version: string }): string =>
  `${FILES}${slugOf(release)}-${release.version}.tar.gz`;

/**
 * The modules that a request may be about, by its path or by its query. Upstreams answer more than the API has, such as a file below
 * another folder or a parameter in another spelling, so whatever looks like a module may be one.
 */
export function modulesIn(path: string, query: URLSearchParams): readonly ModuleName[] {
  const asked = readPath(path);
  if ('name' in asked) return [asked];
  const texts = [...path.split('/'), ...query.values()];
  return texts.flatMap((text) => readRelease(text.replace(/\.tar\.gz.*$/, '')) ?? readModule(text) ?? []);
}
