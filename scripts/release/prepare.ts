import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { released } from './changelog';
import { lostLines, problemOf } from './versions';

/** The version in `package.json`: that of the last release, until the next one is prepared. */
export const versionOf = (root: string): string =>
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }).version;

/** Runs a program in a folder; answers what it prints. */
export const inFolder = (cwd: string, command: string, args: readonly string[]): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();

/** Puts the next version into the changelog, `package.json`, the lock file and the pages that show it. Changes nothing if something is wrong. */
export function prepare(root: string, to: string): void {
  const from = versionOf(root);
  const problem = problemOf({ from, to, lost: lostSince(root, from) });
  if (problem !== undefined) throw new Error(problem);
  const file = join(root, 'CHANGELOG.md');
  const changelog = released(readFileSync(file, 'utf8'), to, new Date().toISOString().slice(0, 10));
  writeFileSync(file, changelog);
  inFolder(root, 'npm', ['version', to, '--no-git-tag-version', '--ignore-scripts']);
  const pages = inFolder(root, 'git', ['ls-files', 'README.md', 'docs/guides/*.md']).split('\n');
  for (const page of pages) showVersion(join(root, page), from, to);
}

/** What the API report has lost since the tag of a release. */
function lostSince(root: string, version: string): string[] {
  try {
    const before = inFolder(root, 'git', ['show', `v${version}:api/report.md`]);
    return lostLines(before, readFileSync(join(root, 'api/report.md'), 'utf8'));
  } catch (cause) {
    throw new Error(`the tag v${version} of the last release is missing; run git fetch --tags`, { cause });
  }
}

/** Replaces the version where a page shows it in HCL or in the name of the packed file. */
function showVersion(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  const changed = text.replaceAll(`version = "${from}"`, `version = "${to}"`).replaceAll(`repoform-${from}.tgz`, `repoform-${to}.tgz`);
  if (changed !== text) writeFileSync(file, changed);
}
