import { type Content } from '../../format';
import { type Header, readHeaders, type RpmHeaders } from './header';

/** A relation to other packages. */
export interface Relation {
  readonly name: string;
  /** How the version compares; empty if any version will do. */
  readonly flags: '' | 'LT' | 'GT' | 'EQ' | 'LE' | 'GE';
  readonly version: Version | undefined;
  /** Whether it must hold before the package is installed. */
  readonly isPre: boolean;
}

/** A version of a package or in a relation. */
export interface Version {
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
}

/** A file that a package installs. */
export interface InstalledFile {
  readonly path: string;
  readonly type: 'file' | 'dir' | 'ghost';
}

/** A change that a package notes. */
export interface ChangelogEntry {
  readonly author: string;
  /** In seconds since 1970. */
  readonly time: number;
  readonly text: string;
}

/** What repositories tell of a package, as its header has it. */
export interface RpmPackage extends Version {
  readonly name: string;
  readonly arch: string;
  /** Texts by the names of their elements: `summary`, `license` and so on. */
  readonly texts: Readonly<
    Record<'summary' | 'description' | 'packager' | 'url' | 'license' | 'vendor' | 'group' | 'buildhost' | 'sourcerpm', string>
  >;
  /** In seconds since 1970. */
  readonly built: number;
  /** In bytes. */
  readonly installedSize: number;
  readonly archiveSize: number;
  readonly relations: Readonly<Record<RelationKind, readonly Relation[]>>;
  readonly files: readonly InstalledFile[];
  /** The newest ones, the oldest of them first. */
  readonly changelog: readonly ChangelogEntry[];
  readonly headerStart: number;
  readonly headerEnd: number;
}

/** Kinds of relations, in the order in which indexes have them. */
export type RelationKind = keyof typeof RELATIONS;

/** The tags of names, flags and versions. */
const RELATIONS = {
  provides: [1047, 1112, 1113],
  requires: [1049, 1048, 1050],
  conflicts: [1054, 1053, 1055],
  obsoletes: [1090, 1114, 1115],
  suggests: [5049, 5051, 5050],
  enhances: [5055, 5057, 5056],
  recommends: [5046, 5048, 5047],
  supplements: [5052, 5054, 5053],
} as const;

const TAG = {
  ...{ name: 1000, version: 1001, release: 1002, epoch: 1003, arch: 1022, built: 1006 },
  ...{ size: 1009, longSize: 5009, archiveSize: 1046, signedArchiveSize: 1007, longArchiveSize: 271 },
  ...{ noSource: 1051, noPatch: 1052 },
  ...{ oldPaths: 1027, modes: 1030, flags: 1037, folderIndexes: 1116, baseNames: 1117, folders: 1118 },
  ...{ changeTimes: 1080, changeAuthors: 1081, changeTexts: 1082 },
} as const;
const TEXTS = {
  ...{ summary: 1004, description: 1005, packager: 1015, url: 1020, license: 1014 },
  ...{ vendor: 1011, group: 1016, buildhost: 1007, sourcerpm: 1044 },
} as const;

const COMPARE = { 2: 'LT', 4: 'GT', 8: 'EQ', 10: 'LE', 12: 'GE' } as const;
const COMPARES = 2 | 4 | 8;
/** Needed before installation by rpm's own account, or by a script that runs then. */
const PRE = (1 << 6) | (1 << 9) | (1 << 10);
const GHOST = 1 << 6;
const FOLDER = 0o040000;
const FILE_KIND = 0o170000;
/** As many changes as `createrepo_c` keeps. */
const CHANGES = 10;
/** Of all paths of a package together, in characters. */
const MOST_PATHS = 128 << 20;

/** Reads what repositories tell of a package; throws with the reason if a file is none. */
export async function readPackage(file: Content): Promise<RpmPackage> {
  return packageOf(await readHeaders(file));
}

/** What the headers of a package tell. */
export function packageOf({ signature, main, start, end, isSource }: RpmHeaders): RpmPackage {
  const [name, version, release] = [TAG.name, TAG.version, TAG.release].map((tag) => main.text(tag)) as [string, string, string];
  const arch = isSource ? sourceArch(main) : main.text(TAG.arch);
  if ([name, version, release, arch].includes(''))
    throw new Error('not an rpm package: its header has no name, version, release or architecture');
  const relations = relationsIn(main);
  const files = filesOf(main);
  return {
    ...{ name, version, release, arch },
    epoch: String(main.number(TAG.epoch) ?? 0),
    texts: Object.fromEntries(Object.entries(TEXTS).map(([key, tag]) => [key, main.text(tag)])) as RpmPackage['texts'],
    built: main.number(TAG.built) ?? 0,
    installedSize: main.number(TAG.longSize) ?? main.number(TAG.size) ?? 0,
    archiveSize: signature.number(TAG.longArchiveSize) ?? signature.number(TAG.signedArchiveSize) ?? main.number(TAG.archiveSize) ?? 0,
    relations: { ...relations, requires: withoutOwn(relations, files) },
    files,
    changelog: changesOf(main),
    ...{ headerStart: start, headerEnd: end },
  };
}

/** The name that the file of a package must have. */
export function fileNameOf({ name, version, release, arch }: Pick<RpmPackage, 'name' | 'version' | 'release' | 'arch'>): string {
  return `${name}-${version}-${release}.${arch}.rpm`;
}

function sourceArch(main: Header): string {
  return main.has(TAG.noSource) || main.has(TAG.noPatch) ? 'nosrc' : 'src';
}

function relationsIn(main: Header): Record<RelationKind, readonly Relation[]> {
  const found = (Object.keys(RELATIONS) as RelationKind[]).map((kind) => ({ [kind]: relationsOf(main, RELATIONS[kind]) }));
  return Object.assign({}, ...found) as Record<RelationKind, readonly Relation[]>;
}

function relationsOf(main: Header, [names, flags, versions]: readonly [number, number, number]): Relation[] {
  const [allFlags, allVersions] = [main.numbers(flags), main.texts(versions)];
  const seen = new Set<string>();
  return main.texts(names).flatMap((name, index) => {
    // What rpm itself must be able to do is no package.
    if (name.startsWith('rpmlib(')) return [];
    const bits = allFlags[index] ?? 0;
    const compare = COMPARE[(bits & COMPARES) as keyof typeof COMPARE];
    const version = compare && versionOf(allVersions[index] ?? '');
    const relation: Relation = {
      name,
      flags: version ? compare : '',
      version,
      isPre: (bits & PRE) !== 0 && names === RELATIONS.requires[0],
    };
    const key = JSON.stringify(relation);
    if (seen.has(key)) return [];
    seen.add(key);
    return [relation];
  });
}

/** What a package requires of others, as `createrepo_c` has it. */
function withoutOwn({ requires, provides }: RpmPackage['relations'], files: readonly InstalledFile[]): readonly Relation[] {
  const keyOf = ({ name, flags, version }: Relation) => JSON.stringify([name, flags, version]);
  const own = new Set(provides.map(keyOf));
  const paths = new Set(files.map(({ path }) => path));
  return requires.filter((each) => !own.has(keyOf(each)) && !paths.has(each.name));
}

/** Reads `epoch:version-release`, of which only the version must be there. */
function versionOf(text: string): Version | undefined {
  const [, epoch = '0', version = '', release = ''] = /^(?:(\d+):)?([^-]*)(?:-(.*))?$/s.exec(text) ?? [];
  return text === '' ? undefined : { epoch, version, release };
}

function filesOf(main: Header): InstalledFile[] {
  const [modes, flags] = [main.numbers(TAG.modes), main.numbers(TAG.flags)];
  return pathsOf(main).map((path, index) => {
    const isFolder = ((modes[index] ?? 0) & FILE_KIND) === FOLDER;
    return { path, type: isFolder ? 'dir' : ((flags[index] ?? 0) & GHOST) !== 0 ? 'ghost' : 'file' };
  });
}

function pathsOf(main: Header): readonly string[] {
  if (!main.has(TAG.baseNames)) return main.texts(TAG.oldPaths);
  const [folders, indexes] = [main.texts(TAG.folders), main.numbers(TAG.folderIndexes)];
  let length = 0;
  return main.texts(TAG.baseNames).map((name, index) => {
    const folder = folders[indexes[index] ?? -1];
    if (folder === undefined) throw new Error(`its header is damaged: the file ${JSON.stringify(name)} is in no folder`);
    length += folder.length + name.length;
    if (length > MOST_PATHS) throw new Error(`the paths of its files have more than ${MOST_PATHS} characters`);
    return folder + name;
  });
}

function changesOf(main: Header): ChangelogEntry[] {
  const [times, authors] = [main.numbers(TAG.changeTimes), main.texts(TAG.changeAuthors)];
  const all = main.texts(TAG.changeTexts).map((text, index) => ({ author: authors[index] ?? '', time: times[index] ?? 0, text }));
  // The newest is the first one there.
  const kept = all.slice(0, CHANGES).reverse();
  // Of one day there may be several, which clients sort by their times.
  return kept.map((each, index) => ({ ...each, time: each.time + kept.slice(0, index).filter(({ time }) => time === each.time).length }));
}
