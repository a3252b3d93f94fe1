import { copyFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build, type Metafile, transform } from 'esbuild';
import { apartFromZod } from '../src/build/language';

const root = join(__dirname, '..');
const target = {
  platform: 'node',
  target: 'node20',
  // Names are kept by not shortening them: `keepNames` defines each again whenever a closure is made, which costs a seventh of a cached hit.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
} as const;

/**
 * Bundles the command, with the registry inside, into a folder. What the sources load with `import()` becomes files of its own, and what
 * several of them share another, so that a run reads and keeps only what it needs. Beside them lie the thread that reads large indexes,
 * which is a program of its own, and SQLite's WebAssembly. Answers the files that went in.
 */
export async function buildCommand(outdir: string): Promise<string[]> {
  // esbuild splits ES modules only; each becomes a CommonJS module afterwards, which starts faster and has __dirname.
  const { metafile, outputFiles } = await build({
    ...target,
    entryPoints: { repoform: join(root, 'src/cli/main.ts'), 'index-worker': join(root, 'src/registry/formats/index-worker.ts') },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    plugins: [apartFromZod(join(root, 'src/schema/define/index.ts'))],
    // The one that `require` would get is another file.
    alias: { re2js: join(root, 'node_modules/re2js/build/index.js') },
    metafile: true,
    write: false,
  });
  const files = new Map(
    Object.entries(metafile.outputs).map(([path, { entryPoint }]) => [basename(path), isCommonJs(metafile, entryPoint)]),
  );
  for (const { path, text } of outputFiles) {
    const { code } = await transform(requiring(text, files), { ...target, format: 'cjs' });
    writeFileSync(path, code, { mode: basename(path) === 'repoform.js' ? 0o755 : 0o644 });
  }
  const wasm = 'node-sqlite3-wasm.wasm';
  copyFileSync(join(dirname(require.resolve('node-sqlite3-wasm')), wasm), join(outdir, wasm));
  return Object.keys(metafile.inputs);
}

const isCommonJs = ({ inputs }: Metafile, module = ''): boolean => inputs[module]?.format === 'cjs';

/**
 * Has files of the bundle required: the default export of a CommonJS module would not be that of the ES module that it was. `files` says of
 * each whether its module was CommonJS: its exports have names where Node imports it, but esbuild leaves only the default.
 */
function requiring(text: string, files: ReadonlyMap<string, boolean>): string {
  return text.replace(/\bimport\("\.\/([^"]+)"\)/g, (whole, name: string) => {
    const wasCommonJs = files.get(name);
    if (wasCommonJs === undefined) return whole;
    const required = wasCommonJs ? `{let{default:m}=require("./${name}");return{...m,default:m}}` : `require("./${name}")`;
    return `Promise.resolve().then(()=>${required})`;
  });
}
