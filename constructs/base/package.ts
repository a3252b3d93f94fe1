import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

let found: { readonly root: string; readonly version: string } | undefined;

/** The folder of this package: its sources, or where npm installed it. */
export function packageRoot(): string {
  return locate().root;
}

/** The version of this package, which is also the provider's. */
export function packageVersion(): string {
  return locate().version;
}

function locate(): { readonly root: string; readonly version: string } {
  if (found) return found;
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    const content = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string }) : {};
    if (content.name === 'repoform' && content.version) return (found = { root: folder, version: content.version });
    if (folder === dirname(folder))
      throw new Error(`no folder above ${__dirname} has the package.json of repoform; install the package again`);
  }
}
