import { packageFiles } from '../../package-files';

const INDEX = /^((?:.*\/)?([^/]+)\/)APKINDEX\.tar\.gz$/;
const KEY = /^(?:.*\/)?keys\/([^/]+\.rsa\.pub)$/;

/** The folder of an index, with a slash at its end, and the architecture that it is named after. */
export function readIndexPath(path: string): { readonly folder: string; readonly arch: string } | undefined {
  const [, folder, arch] = INDEX.exec(path) ?? [];
  return folder === undefined || arch === undefined ? undefined : { folder, arch };
}

/** The name of a public key that a path is of. */
export function keyNameAt(path: string): string | undefined {
  return KEY.exec(path)?.[1];
}

/** The folder of a package's file, with a slash at its end, and the architecture that it is named after; empty where there is none. */
export function placeOf(path: string): { readonly folder: string; readonly arch: string; readonly file: string } {
  const [file = '', arch = ''] = path.split('/').reverse();
  return { folder: path.slice(0, path.length - file.length), arch, file };
}

/** What the names of files tell of packages. */
export const { has: hasPackage, internal: internalNames } = packageFiles('.apk', /^(.+)-\d[^-]*-r\d+\.apk$/);
