import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import * as ts from 'typescript';

/** The cores that the constructs are built for, from one source. */
export const cores = ['cdktf', 'cdktn'] as const;
type Core = (typeof cores)[number];

const root = join(__dirname, '..');

/** Builds `lib/<core>` for every core: JavaScript, declarations with their comments, and the entry points. */
export function buildConstructs(target: string = join(root, 'lib')): void {
  rmSync(target, { recursive: true, force: true });
  for (const core of cores) {
    compile(core, join(target, core));
    for (const room of rooms()) writeEntry(join(target, core), room);
  }
}

/** The folders of `constructs/` that users import, e.g. `artifactapi`. */
export function rooms(): readonly string[] {
  const own = ['base', 'provider', 'generated'];
  return readdirSync(join(root, 'constructs'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !own.includes(entry.name))
    .map((entry) => entry.name)
    .sort();
}

function compile(core: Core, outDir: string): void {
  const options = compilerOptions(outDir);
  const host = ts.createCompilerHost(options);
  const plain = host.getSourceFile.bind(host);
  host.getSourceFile = (file, version, onError, fresh) => {
    const source = plain(file, version, onError, fresh);
    if (!source || core === 'cdktf' || !file.startsWith(join(root, 'constructs'))) return source;
    const text = source.text.replace(/(from|import|require)(\s*\(?\s*)'cdktf(\/[^']*)?'/g, `$1$2'${core}$3'`);
    return ts.createSourceFile(file, text, version);
  };
  const entries = rooms().map((room) => join(root, 'constructs', room, 'index.ts'));
  const program = ts.createProgram(entries, options, host);
  const { diagnostics } = program.emit();
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) throw new Error(`the constructs do not compile for ${core}:\n${ts.formatDiagnostics(problems, host)}`);
}

function compilerOptions(outDir: string): ts.CompilerOptions {
  const file = join(root, 'tsconfig.json');
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(file, ts.sys.readFile).config, ts.sys, root);
  return {
    ...options,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    rootDir: root,
    outDir,
    declaration: true,
    sourceMap: false,
    noEmit: false,
    noEmitOnError: true,
    types: ['node'],
  };
}

/** The files that `package.json` points at. The ESM ones hand on the CommonJS classes, so that there is one of each. */
function writeEntry(folder: string, room: string): void {
  const inner = `./constructs/${room}/index`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${room}.js`), `'use strict';\nmodule.exports = require('${inner}.js');\n`);
  writeFileSync(join(folder, `${room}.d.ts`), `export * from '${inner}';\n`);
  writeFileSync(join(folder, `${room}.d.mts`), `export * from '${inner}.js';\n`);
  const names = Object.keys(createRequire(join(folder, 'entry.js'))(`./${room}.js`) as object)
    .filter((name) => name !== 'default' && name !== '__esModule')
    .sort();
  writeFileSync(
    join(folder, `${room}.mjs`),
    `import constructs from './${room}.js';\nexport const {\n${names.map((name) => `  ${name},`).join('\n')}\n} = constructs;\n`,
  );
}

if (require.main === module) {
  buildConstructs();
  for (const core of cores) console.log(`built ${relative(process.cwd(), join(root, 'lib', core))}`);
}
