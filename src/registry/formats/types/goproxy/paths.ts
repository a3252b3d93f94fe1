/** What a path of the protocol asks for. Modules and versions are decoded: with capitals. */
export type GoPath =
  | { readonly kind: 'list' | 'latest'; readonly module: string }
  | { readonly kind: 'file'; readonly module: string; readonly version: string; readonly extension: 'info' | 'mod' | 'zip' | 'ziphash' }
  | { readonly kind: 'lookup'; readonly module: string }
  | { readonly kind: 'other' };

const FILE = /^(.+)\/@v\/(.+)\.(info|mod|zip|ziphash)$/;
const LOOKUP = /^sumdb\/.+?\/lookup\/(.+)@[^@/]+$/;

/** Reads a path as it stands in a URL, where an exclamation mark and a letter are its capital. */
export function readPath(path: string): GoPath {
  const [, asked] = LOOKUP.exec(path) ?? [];
  if (asked !== undefined) return { kind: 'lookup', module: unescaped(asked) };
  const [, file, version = '', extension] = FILE.exec(path) ?? [];
  if (file !== undefined) {
    return { kind: 'file', module: unescaped(file), version: unescaped(version), extension: extension as 'zip' };
  }
  if (path.endsWith('/@v/list')) return { kind: 'list', module: unescaped(path.slice(0, -'/@v/list'.length)) };
  if (path.endsWith('/@latest')) return { kind: 'latest', module: unescaped(path.slice(0, -'/@latest'.length)) };
  return { kind: 'other' };
}

/** The module that a path which the protocol does not have may be about: what stands before the first sign of a version. */
export function moduleIn(path: string): string {
  return unescaped(path.replace(/^sumdb\/.+?\/lookup\//, '').replace(/\/?@.*$/, ''));
}

/** The spelling of a path in which capitals have an exclamation mark, so that file systems without them can have it. */
export function escaped(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

function unescaped(path: string): string {
  return path.replace(/!([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

/** The folder of the files of a module, with a slash at the end. */
export function folderOf(module: string): string {
  return `${escaped(module)}/@v/`;
}
