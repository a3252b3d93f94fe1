import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildCommand } from './build-command';
import { buildConstructs } from './build-constructs';
import { buildLibrary } from './build-library';
import { buildPage } from './build-page';
import { buildProvider } from './build-provider';
import { generate } from './generate';
import { writeNotices } from './notices';
import { isMade, remember } from './stamp';

const root = join(__dirname, '..');
const dist = join(root, 'dist');

/** What is built, and of what; npm keeps in `node_modules` what is installed. */
const building = {
  root,
  inputs: ['src', 'constructs', 'scripts', 'tsconfig.json', 'package.json', 'package-lock.json', 'node_modules/.package-lock.json'],
  outputs: ['dist', 'lib'],
  stamp: join(root, '.repoform/built'),
};

async function main(): Promise<void> {
  await generate();
  // Several scripts begin with a build; all but the first find that there is nothing to do.
  if (isMade(building)) return;
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const [command, provider, page] = await Promise.all([buildCommand(dist), buildProvider(), buildPage()]);
  const constructs = buildConstructs();
  const library = await buildLibrary();
  writeNotices(join(dist, 'NOTICES.md'), [...command, ...page, ...provider, ...constructs, ...library]);
  remember(building);
}

void main().catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exitCode = 1;
});
