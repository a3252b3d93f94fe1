import { BkProblem } from '../problem';

/** The path of a repository's top folder. */
export const ROOT = '/';
const MAX_DEPTH = 64;
const MAX_SEGMENT_BYTES = 1024;
/** Keeps a path within the limits of URLs and file systems. */
const MAX_BYTES = 8192;

/** The canonical form of a path: `/a/b/c`, or `/` for the root; an invalid one is 251011. */
export function normalizePath(input: string): string {
  const names: string[] = [];
  for (const part of input.replaceAll('\\', '/').split('/')) {
    const name = part.trim();
    if (name === '' || name === '.') continue;
    if (name === '..') names.pop();
    else names.push(checkedName(name, input));
  }
  const path = ROOT + names.join('/');
  if (names.length > MAX_DEPTH || Buffer.byteLength(path) > MAX_BYTES) throw invalid(input);
  return path;
}

/** The folder that a canonical path is in, with a slash at the end as nodes have it. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** The canonical path of the folder that a canonical path is in. */
export function folderOf(path: string): string {
  return parentOf(path).slice(0, -1) || ROOT;
}

/** The last segment of a canonical path; the top has none. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What the paths of everything below a folder begin with. */
export function prefixOf(folder: string): string {
  return folder === ROOT ? ROOT : `${folder}/`;
}

/** Whether a canonical path is another one or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(prefixOf(folder));
}

function checkedName(name: string, input: string): string {
  // Half a surrogate pair, which JSON can bring, has no form in UTF-8 nor in a URL.
  if (name.includes('\0') || /\p{Cs}/u.test(name) || Buffer.byteLength(name) > MAX_SEGMENT_BYTES) throw invalid(input);
  return name;
}

function invalid(input: string): BkProblem {
  return new BkProblem(251011, 400, `Node path [${input.slice(0, 200)}] is invalid`);
}
