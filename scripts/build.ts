import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildCommand } from './build-command';
import { buildConstructs } from './build-constructs';
import { buildLibrary } from './build-library';
import { buildPage } from './build-page';
import { buildProvider } from './build-provider';
import { generate } from './generate';
import { writeNotices } from './notices';

const root = join(__dirname, '..');
const dist = join(root, 'dist');

async function main(): Promise<void> {
  await generate();
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const [command, provider, page] = await Promise.all([buildCommand(dist), buildProvider(), buildPage()]);
  const constructs = buildConstructs();
  const library = await buildLibrary();
  writeNotices(join(dist, 'NOTICES.md'), [...command, ...page, ...provider, ...constructs, ...library]);
}

void main().catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exitCode = 1;
});
