import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = join(__dirname, '..');

/** Writes the licences of the packages whose files went into a bundle. */
export function writeNotices(file: string, inputs: readonly string[]): void {
  const folders = new Set(inputs.flatMap((input) => folderOf(input) ?? []));
  const notices = [...new Set([...folders].map(noticeOf))].sort();
  writeFileSync(file, `# Notices\n\nWhat the bundles of repoform contain besides its own code.\n\n${notices.join('\n')}`);
}

/** `node_modules/a/node_modules/@scope/name/lib/x.js` to the folder of the innermost package, `.../@scope/name`. */
function folderOf(input: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
}

function noticeOf(path: string): string {
  const folder = resolve(root, path);
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string; version: string; license?: string };
  const licence = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    licence && existsSync(join(folder, licence))
      ? readFileSync(join(folder, licence), 'utf8').trim()
      : 'The package ships no licence text.';
  return `## ${about.name} ${about.version} (${about.license ?? 'unknown licence'})\n\n${text}\n`;
}
