import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { buildSync } from 'esbuild';
import * as ts from 'typescript';

/** The cores that the constructs are built for, from one source. */
export const cores = ['cdktf', 'cdktn'] as const;
type Core = (typeof cores)[number];

const root = join(__dirname, '..');

/** Packages that constructs use, by the file that does. They are no dependencies of users, so they lie in the library, and are loaded on first use. */
const inside: Readonly<Record<string, string>> = {
  'src/common/re2.ts': 're2js',
  'constructs/bkrepo/agentverse/texts.ts': 'smol-toml',
};

/** Builds `lib/<core>` for every core: JavaScript, declarations with their comments, and the entry points. Answers the files of other packages. */
export function buildConstructs(target: string = join(root, 'lib')): string[] {
  rmSync(target, { recursive: true, force: true });
  const inputs = [...Object.values(inside).flatMap((name) => bundlePackage(name, target)), ...bundleEngine(target)];
  for (const core of cores) {
    const program = compile(core, join(target, core));
    for (const room of rooms()) writeEntry({ folder: join(target, core), room, names: exportsOf(program, room) });
  }
  return inputs;
}

function bundlePackage(name: string, target: string): string[] {
  const { resolve } = createRequire(__filename);
  const { metafile } = buildSync({
    entryPoints: [resolve(name)],
    outfile: join(target, `${name}.js`),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    metafile: true,
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}

/** What users import: the folders of `constructs/`, e.g. `artifactapi`, and `constructs`, what all of them are made of. */
export function rooms(): readonly string[] {
  const own = ['base', 'provider', 'generated'];
  return readdirSync(join(root, 'constructs'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !own.includes(entry.name))
    .map((entry) => entry.name)
    .concat('constructs')
    .sort();
}

const folderOf = (room: string): string => (room === 'constructs' ? 'base' : room);
const indexOf = (room: string): string => join(root, 'constructs', folderOf(room), 'index.ts');

/** The file with all that checks stacks, which has the definitions in it, and its place for a construct. */
const engine = { source: 'src/check-engine', file: 'check-engine.js' } as const;

function bundleEngine(target: string): string[] {
  const { metafile } = buildSync({
    entryPoints: [join(root, `${engine.source}.ts`)],
    outfile: join(target, engine.file),
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
  return Object.keys(metafile.inputs);
}

function compile(core: Core, outDir: string): ts.Program {
  const options = compilerOptions(outDir);
  const host = ts.createCompilerHost(options);
  const plain = host.getSourceFile.bind(host);
  host.getSourceFile = (...request) => {
    const [file, version] = request;
    const source = plain(...request);
    const text = source && adapted(source.text, relative(root, file), core);
    return text === undefined || text === source?.text ? source : ts.createSourceFile(file, text, version);
  };
  const program = ts.createProgram(rooms().map(indexOf), options, host);
  const { diagnostics } = program.emit();
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) throw new Error(`the constructs do not compile for ${core}:\n${ts.formatDiagnostics(problems, host)}`);
  return program;
}

/** The source for a core: its module's name, and where the packages inside the library are. */
function adapted(text: string, file: string, core: Core): string {
  const name = inside[file];
  const up = '../'.repeat(file.split('/').length);
  const found = text.replace(`require('../../${engine.source}')`, `require('${up}${engine.file}')`);
  const own = name === undefined ? found : found.replace(`require('${name}')`, `require('${up}${name}')`);
  return file.startsWith('constructs') ? own.replace(/(from|import|require)(\s*\(?\s*)'cdktf(\/[^']*)?'/g, `$1$2'${core}$3'`) : own;
}

/** The options of the project, to write JavaScript for Node with its declarations. */
export function compilerOptions(outDir: string): ts.CompilerOptions {
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

/** The names of the classes and functions that a room exports. */
function exportsOf(program: ts.Program, room: string): string[] {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(indexOf(room));
  const module = file && checker.getSymbolAtLocation(file);
  const symbols = module ? checker.getExportsOfModule(module) : [];
  const isValue = (symbol: ts.Symbol): boolean =>
    ((symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol).flags & ts.SymbolFlags.Value) !== 0;
  return symbols
    .filter(isValue)
    .map((symbol) => symbol.name)
    .sort();
}

interface Entry {
  readonly folder: string;
  readonly room: string;
  readonly names: readonly string[];
}

/** The files that `package.json` points at. The ESM ones hand on the CommonJS classes, so that there is one of each. */
function writeEntry({ folder, room, names }: Entry): void {
  const inner = `./constructs/${folderOf(room)}/index`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${room}.js`), `'use strict';\nmodule.exports = require('${inner}.js');\n`);
  writeFileSync(join(folder, `${room}.d.ts`), `export * from '${inner}';\n`);
  writeFileSync(join(folder, `${room}.d.mts`), `export * from '${inner}.js';\n`);
  const list = names.map((name) => `  ${name},`).join('\n');
  writeFileSync(join(folder, `${room}.mjs`), `import constructs from './${room}.js';\nexport const {\n${list}\n} = constructs;\n`);
}

if (require.main === module) {
  buildConstructs();
  for (const core of cores) console.log(`built ${relative(process.cwd(), join(root, 'lib', core))}`);
}
