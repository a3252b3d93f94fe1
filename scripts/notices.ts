import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');

/** Writes the licences of the packages whose files went into a bundle. */
export function writeNotices(file: string, inputs: readonly string[]): void {
  const names = new Set(inputs.flatMap((input) => packageOf(input) ?? []));
  const notices = [...names].sort().map(noticeOf);
  writeFileSync(file, `# Notices\n\nWhat the bundles of repoform contain besides its own code.\n\n${notices.join('\n')}`);
}

/** `node_modules/@scope/name/lib/x.js` to `@scope/name`; the innermost package counts. */
function packageOf(input: string): string | undefined {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
  return name;
}

function noticeOf(name: string): string {
  const folder = join(root, 'node_modules', name);
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string; license?: string };
  const licence = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    licence && existsSync(join(folder, licence))
      ? readFileSync(join(folder, licence), 'utf8').trim()
      : 'The package ships no licence text.';
  return `## ${name} ${about.version} (${about.license ?? 'unknown licence'})\n\n${text}\n`;
}
