/** The ends of the names of files that a project may have. */
const FILE = /\.(?:whl|tar\.gz|zip|tar\.bz2|tar\.xz|tar\.Z|tgz|tbz|tar|egg|exe|msi|dmg|deb|rpm)$/i;

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
  return path.replace(/^pypi\/([^/]+)(?=\/.*json$)/, (_all, name: string) => `pypi/${normalizeName(name)}`);
}
