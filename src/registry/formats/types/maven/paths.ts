/** A file of a version of an artifact. */
export interface ArtifactFile {
  readonly kind: 'file';
  /** The group with dots. */
  readonly group: string;
  readonly artifact: string;
  /** As its folder is called: `1.0`, or `1.0-SNAPSHOT`. */
  readonly version: string;
  /** What it is called by clients that ask for it: the same, or the time and number of one build of a snapshot. */
  readonly build: string;
  /** Empty if it has none. */
  readonly classifier: string;
  /** Such as `jar` or `tar.gz`. */
  readonly extension: string;
  /** The folders of the artifact and of its version, with a slash at the end. */
  readonly folder: string;
  readonly versionFolder: string;
}

/** What a path of a Maven repository is. */
export type MavenPath =
  | ArtifactFile
  | { readonly kind: 'metadata'; readonly folder: string }
  | { readonly kind: 'checksum'; readonly of: string; readonly algorithm: Algorithm }
  | { readonly kind: 'other' };

/** The checksums that clients send and ask for, as their files end. */
export const ALGORITHMS = ['md5', 'sha1', 'sha256', 'sha512'] as const;
/** One of them. */
export type Algorithm = (typeof ALGORITHMS)[number];

/** The name of the documents that tell which versions and builds there are. */
export const METADATA = 'maven-metadata.xml';
const CHECKSUM = /^(.+)\.(md5|sha1|sha256|sha512)$/;
const PACKAGE = /\.(?:jar|war|ear|ejb|aar|rar|kar|tar|zip|pom|module|rpm|klib|msi|tbz|tar\.(?:bz2|gz|xz))$/;
const SNAPSHOT = '-SNAPSHOT';
const BUILD = /^-\d{8}\.\d{6}-\d+(?=[-.])/;
/** What follows the version in the name of a file. */
const REST = /^(?:-([^/]+?))?\.((?:tar\.)?[^./]+(?:\.asc)?)$/;

/** Reads a path. */
export function readPath(path: string): MavenPath {
  const [, of, algorithm] = CHECKSUM.exec(path) ?? [];
  if (of !== undefined) return { kind: 'checksum', of, algorithm: algorithm as Algorithm };
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === METADATA) return { kind: 'metadata', folder: path.slice(0, -METADATA.length) };
  return artifactFile(path.split('/')) ?? { kind: 'other' };
}

/** Whether a path has the ending of a package, which is stored only where its coordinates say. */
export function isPackage(path: string): boolean {
  return PACKAGE.test(path);
}

/** Whether a version is one that is built again and again. */
export function isSnapshot(version: string): boolean {
  return version.endsWith(SNAPSHOT);
}

/** The version without what says that it is a snapshot. */
export function baseOf(version: string): string {
  return isSnapshot(version) ? version.slice(0, -SNAPSHOT.length) : version;
}

function artifactFile(segments: readonly string[]): ArtifactFile | undefined {
  const [name = '', version = '', artifact = '', ...groups] = [...segments].reverse();
  if (groups.length === 0 || !name.startsWith(`${artifact}-`)) return undefined;
  const named = name.slice(artifact.length + 1);
  const build = [version, buildOf(named, version)].find((each) => each !== undefined && named.startsWith(each));
  const [, classifier = '', extension] = build === undefined ? [] : (REST.exec(named.slice(build.length)) ?? []);
  if (build === undefined || extension === undefined) return undefined;
  const folder = `${[...groups].reverse().join('/')}/${artifact}/`;
  const coordinates = { group: [...groups].reverse().join('.'), artifact, version, build, classifier, extension };
  return { kind: 'file', ...coordinates, folder, versionFolder: `${folder}${version}/` };
}

/** The version of one build of a snapshot, if the name of a file has it. */
function buildOf(named: string, version: string): string | undefined {
  const base = baseOf(version);
  if (!isSnapshot(version) || !named.startsWith(base)) return undefined;
  const [build] = BUILD.exec(named.slice(base.length)) ?? [];
  return build && base + build;
}
