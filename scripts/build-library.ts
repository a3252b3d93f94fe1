import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { build, transform } from 'esbuild';
import * as ts from 'typescript';
import { version } from '../src/common/version';
import { compilerOptions } from './build-constructs';

const root = join(__dirname, '..');
const src = join(root, 'src');

/** What users import, by the module that has it. */
const entries: Readonly<Record<string, string>> = { index: 'schema/define/index', testing: 'testing/index' };

const zod = join(root, 'node_modules/zod');

/** The files of zod that there is a use for. */
const zodFiles = ['index', ...['classic', 'core', 'locales'].map((folder) => `v4/${folder}`)];

/**
 * Builds `lib/provider`: the language of definitions with its types, those of zod among them, and the code that serves a provider, from
 * which `repoform provider build` makes executables. Answers the files of other packages.
 */
export async function buildLibrary(target: string = join(root, 'lib/provider')): Promise<string[]> {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const [inputs] = await Promise.all([buildCode(target), buildRuntime(join(target, 'runtime'))]);
  buildTypes(target);
  return inputs;
}

/** One file for all entries, so that there is one of each thing in it; the ESM entries hand on the CommonJS one. */
async function buildCode(target: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [join(src, 'library.ts')],
    outfile: join(target, 'library.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Not minified: jest quotes lines of it where a contract test fails.
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    absWorkingDir: root,
  });
  const library = createRequire(__filename)(join(target, 'library.js')) as Record<string, Record<string, unknown>>;
  for (const entry of Object.keys(entries)) {
    const room = entry === 'index' ? 'provider' : entry;
    const names = Object.keys(library[room] ?? {}).sort();
    writeFileSync(join(target, `${entry}.js`), `'use strict';\nmodule.exports = require('./library.js').${room};\n`);
    const list = names.map((name) => `  ${name},`).join('\n');
    writeFileSync(join(target, `${entry}.mjs`), `import library from './library.js';\nexport const {\n${list}\n} = library.${room};\n`);
  }
  return Object.keys(metafile.inputs);
}

/** The modules that serve a provider, each by itself, so that a bundler takes what a definition needs and no more; packages are files of their own. */
async function buildRuntime(target: string): Promise<void> {
  const modules = await runtimeModules();
  for (const file of modules) {
    const { code } = await transform(readFileSync(join(src, file), 'utf8'), { loader: 'ts', target: 'node20' });
    const out = join(target, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(
      out,
      code.replace(/import \{ version as (\w+) \} from "..\/..\/package.json";/, `const $1 = ${JSON.stringify(version)};`),
    );
  }
  // The lines for the shell.
  cpSync(join(src, 'provider-head.sh'), join(target, 'provider-head.sh'));
  await copyZod(join(target, 'packages/zod'));
  await build({
    entryPoints: ['re2js'],
    outdir: join(target, 'packages'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    legalComments: 'none',
    logLevel: 'warning',
    absWorkingDir: root,
  });
}

/** File by file, as a bundler needs it to take only what is used. */
async function copyZod(target: string): Promise<void> {
  const { sideEffects } = JSON.parse(readFileSync(join(zod, 'package.json'), 'utf8')) as { readonly sideEffects: unknown };
  await build({
    entryPoints: zodFiles.flatMap((path) => (path === 'index' ? [join(zod, 'index.js')] : scripts(join(zod, path)))),
    outdir: target,
    outbase: zod,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  writeFileSync(join(target, 'package.json'), `${JSON.stringify({ type: 'module', sideEffects })}\n`);
}

const scripts = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.js'))
    .map((file) => join(folder, file));

async function runtimeModules(): Promise<string[]> {
  const starts = ['provider', 'start', 'schema/define/index', 'protocol/dispatch', 'handler/provider-handler'];
  const { metafile } = await build({
    entryPoints: starts.map((name) => join(src, `${name}.ts`)),
    outdir: '/',
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    external: ['repoform:*'],
    metafile: true,
    write: false,
    absWorkingDir: src,
  });
  return Object.keys(metafile.inputs).filter((file) => !file.startsWith('..'));
}

/** The declarations of the entries, and of what they use; those of zod lie beside them. */
function buildTypes(target: string): void {
  const types = join(target, 'types');
  const options = { ...compilerOptions(types), rootDir: src, emitDeclarationOnly: true, types: ['node', 'jest'] };
  const host = ts.createCompilerHost(options);
  const zodTypes = join(target, 'zod/index');
  host.writeFile = (file, text) => {
    const path = relative(dirname(file), zodTypes);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      text.replace(/(from |import\()(['"])zod\2/g, (_, before: string, quote: string) => before + quote + path + quote),
    );
  };
  const program = ts.createProgram(
    Object.values(entries).map((name) => join(src, `${name}.ts`)),
    options,
    host,
  );
  const { diagnostics } = program.emit();
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) throw new Error(`the language of definitions does not compile:\n${ts.formatDiagnostics(problems, host)}`);
  for (const [entry, module] of Object.entries(entries)) {
    writeFileSync(join(target, `${entry}.d.ts`), `export * from './types/${module}';\n`);
    writeFileSync(join(target, `${entry}.d.mts`), `export * from './types/${module}.js';\n`);
  }
  for (const path of zodFiles.map((file) => (file === 'index' ? 'index.d.ts' : file)))
    cpSync(join(zod, path), join(target, 'zod', path), {
      recursive: true,
      filter: (file) => !/\.\w+$/.test(file) || file.endsWith('.d.ts'),
    });
}

if (require.main === module) void buildLibrary();
