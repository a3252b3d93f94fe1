import { chmodSync, copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { buildConstructs } from './build-constructs';
import { buildLibrary } from './build-library';
import { buildProvider } from './build-provider';
import { generate } from './generate';
import { writeNotices } from './notices';

const root = join(__dirname, '..');
const dist = join(root, 'dist');

/** Bundles the command, with the registry inside and the thread that reads large indexes beside it, as SQLite's WebAssembly lies. */
async function buildCommand(): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: { repoform: join(root, 'src/cli/main.ts'), 'index-worker': join(root, 'src/registry/formats/index-worker.ts') },
    outdir: dist,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  chmodSync(join(dist, 'repoform.js'), 0o755);
  copyFileSync(join(dirname(require.resolve('node-sqlite3-wasm')), 'node-sqlite3-wasm.wasm'), join(dist, 'node-sqlite3-wasm.wasm'));
  return Object.keys(metafile.inputs);
}

async function main(): Promise<void> {
  await generate();
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const [command, provider] = await Promise.all([buildCommand(), buildProvider()]);
  const constructs = buildConstructs();
  const library = await buildLibrary();
  writeNotices(join(dist, 'NOTICES.md'), [...command, ...provider, ...constructs, ...library]);
}

void main().catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exitCode = 1;
});
