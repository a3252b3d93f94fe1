import { clean } from '@renovatebot/pep440';

/** The ends of the names of files that a project may have. */
const FILE = /\.(?:whl|tar\.gz|zip|tar\.bz2|tar\.xz|tar\.Z|tgz|tbz|tar|egg|exe|msi|dmg|deb|rpm)$/i;
/** What stands before the first of them in the name of such a file, of its signature or of what else is beside it. */
const BEFORE_END = new RegExp(`^(.+?)${FILE.source.replace('$', '')}(?:\\.|$)`, 'i');

const WHEEL = /^([a-z0-9](?:[a-z0-9._]*[a-z0-9])?)-([\w.!+]+)((?:-\d\w*)?-[\w.]+-[\w.]+-[\w.]+)\.whl$/i;
const SDIST = /^([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)-(\d[\w.!+]*)\.(tar\.gz|zip)$/i;

const YANKED = /^([^/]+)\/([^/]+)\/yanked$/;

/** The name of the file at a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What the name of a wheel or a source archive says. */
export interface FileName {
  /** Normalized. */
  readonly project: string;
  /** As it is written there, which may be no version at all. */
  readonly version: string;
  readonly isWheel: boolean;
  /** What else tells files of a version apart: build and tags, or the kind of archive; in lower case. */
  readonly rest: string;
}

/** Reads the name of a wheel or a source archive; undefined if it is no valid one. */
export function readFileName(file: string): FileName | undefined {
  const isWheel = /\.whl$/i.test(file);
  const [, name, version, rest] = (isWheel ? WHEEL : SDIST).exec(file) ?? [];
  if (name === undefined || version === undefined || rest === undefined) return undefined;
  return { project: normalizeName(name), version, isWheel, rest: rest.toLowerCase() };
}

/** The one spelling of a version: 1.0 and v1.0.0 are the same one to Python. Undefined if a text is no version as PEP 440 has them. */
export function versionKey(text: string): string | undefined {
  return clean(text)?.replace(/^((?:\d+!)?\d+(?:\.\d+)*?)(?:\.0)+(?![.\d]*\d)/, '$1');
}

/** What the names of two files have in common that are one to clients, which read them without regard to case and separators. */
export function fileKey(file: string): string {
  const said = readFileName(file);
  return said ? [said.project, versionKey(said.version), said.rest].join('/') : file;
}

/** The projects, normalized, that a path may belong to. The name of an archive can be read in more than one way. */
export function projectsOf(path: string): string[] {
  const asked = readPath(path);
  if (asked.kind === 'project' || asked.kind === 'told') return [normalizeName(asked.name)];
  const [, described] = /^(?:pypi|simple)\/([^/]+)\//.exec(path) ?? [];
  if (described !== undefined) return [normalizeName(described)];
  const segments = path.split('/');
  const files = segments.flatMap((segment) => BEFORE_END.exec(segment)?.[1] ?? []);
  const names = files.length > 0 ? files.flatMap(projectsIn) : segments.slice(0, 1);
  return [...new Set(names.map(normalizeName))];
}

/** The projects that an archive may be of, by its name without the end; without a version it may be any that it begins with. */
function projectsIn(stem: string): string[] {
  const parts = stem.split('-');
  const names = parts.map((_part, index) => parts.slice(0, index).join('-')).slice(1);
  const versioned = names.filter((_name, index) => versionKey(parts[index + 1] ?? ''));
  return versioned.length > 0 ? versioned : [...names, stem];
}

/** What a path of a simple index stands for. */
export type SimplePath =
  | { readonly kind: 'projects' }
  | { readonly kind: 'project'; readonly name: string }
  /** A file whose URL only the project page has. */
  | { readonly kind: 'told'; readonly name: string; readonly file: string }
  | { readonly kind: 'other' };

/** Reads a canonical path. */
export function readPath(path: string): SimplePath {
  const [root, name = '', file = '', ...more] = path.split('/');
  if (root !== 'simple' || more.length > 0) return { kind: 'other' };
  if (name === '') return file === '' ? { kind: 'projects' } : { kind: 'other' };
  return file === '' ? { kind: 'project', name } : { kind: 'told', name, file };
}

/** The version that a canonical path marks as yanked (PEP 592); undefined if it is another path. */
export function yankedOf(path: string): { readonly project: string; readonly version: string } | undefined {
  const [, project, version] = YANKED.exec(path) ?? [];
  return project !== undefined && version !== undefined && version === versionKey(version) ? { project, version } : undefined;
}

/** The path of a file that lies outside of the upstream. */
export function toldPath(project: string, file: string): string {
  return `simple/${normalizeName(project)}/${file}`;
}

/** Whether a name is one that a file of a project may have. */
export function isFileName(name: string): boolean {
  return FILE.test(name);
}

/** Makes a name comparable as PEP 503 says. */
export function normalizeName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

/** The one spelling of a path of a simple index: names as PEP 503 compares them, pages with a slash at the end; the JSON API takes names alike. */
export function canonicalPath(path: string): string {
  const asked = readPath(path);
  if (asked.kind === 'projects') return 'simple/';
  if (asked.kind === 'project') return `simple/${normalizeName(asked.name)}/`;
  if (asked.kind === 'told') return toldPath(asked.name, asked.file);
  const [, project, version] = YANKED.exec(path) ?? [];
  const key = versionKey(version ?? '');
  if (project !== undefined && key !== undefined) return `${normalizeName(project)}/${key}/yanked`;
  return path.replace(/^pypi\/([^/]+)(?=\/.*json$)/, (_all, name: string) => `pypi/${normalizeName(name)}`);
}
