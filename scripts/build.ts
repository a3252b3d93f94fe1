import { chmodSync, copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { buildConstructs } from './build-constructs';
import { buildLibrary } from './build-library';
import { buildPage } from './build-page';
import { buildProvider } from './build-provider';
import { generate } from './generate';
import { writeNotices } from './notices';

const root = join(__dirname, '..');
const dist = join(root, 'dist');

/** Modules with large libraries that few runs need: files of their own, so that the command neither reads nor keeps them until then. */
const onDemand: Readonly<Record<string, string>> = { 's3-sdk': 'src/registry/store/s3/sdk.ts' };

/** Leaves `import()` of those modules to run time. */
const loadedOnDemand: Plugin = {
  name: 'loaded on demand',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, resolveDir, path }) => {
      if (kind !== 'dynamic-import') return undefined;
      const found = Object.entries(onDemand).find(([, file]) => join(root, file) === `${join(resolveDir, path)}.ts`);
      return found && { path: `./${found[0]}.js`, external: true };
    });
  },
};

/** Bundles the command, with the registry inside and the thread that reads large indexes beside it, as SQLite's WebAssembly lies. */
async function buildCommand(): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: {
      repoform: join(root, 'src/cli/main.ts'),
      'index-worker': join(root, 'src/registry/formats/index-worker.ts'),
      ...Object.fromEntries(Object.entries(onDemand).map(([name, file]) => [name, join(root, file)])),
    },
    plugins: [loadedOnDemand],
    outdir: dist,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Names are kept by not shortening them: `keepNames` defines each again whenever a closure is made, which costs a seventh of a cached hit.
    minifyWhitespace: true,
    minifySyntax: true,
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
  const [command, provider, page] = await Promise.all([buildCommand(), buildProvider(), buildPage()]);
  const constructs = buildConstructs();
  const library = await buildLibrary();
  writeNotices(join(dist, 'NOTICES.md'), [...command, ...page, ...provider, ...constructs, ...library]);
}

void main().catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exitCode = 1;
});
