import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Creates a folder with those above it, unless it exists. Throws a system error that says which of them cannot be created, and why. Node's own
 * recursive creation does not end where a folder that exists denies that it does, as `/proc` denies it.
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let each = resolve(path); !isFolder(each); each = dirname(each)) missing.unshift(each);
  for (const each of missing) {
    try {
      mkdirSync(each);
    } catch (cause) {
      // Another process may have been faster.
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'EEXIST' && isFolder(each)) continue;
      throw code === 'ENOENT' ? problem('ENOENT', `no folders can be created in ${dirname(each)}`) : cause;
    }
  }
}

function isFolder(path: string): boolean {
  try {
    if (statSync(path).isDirectory()) return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // A file above it is found on the way up.
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw cause;
  }
  throw problem('ENOTDIR', `${path} is a file, not a folder`);
}

function problem(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}
