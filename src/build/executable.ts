import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { BuildOptions, Plugin, build } from 'esbuild';
import { oldestNode } from '../common/node-version';
import { apartFromZod } from './language';

/** The bundler, and where the code that serves a provider is. */
export interface Bundler {
  readonly build: typeof build;
  /** The folder with `provider.ts` (or `.js`) and the rooms beside it. */
  readonly runtime: string;
  /** Packages that definitions and the code that serves them import, by the file that has them. @default they are found in `node_modules` */
  readonly alias?: Readonly<Record<string, string>>;
}

/** One provider to be made an executable of. */
export interface Served {
  /** The file to write. */
  readonly file: string;
  /** The module that has the definition, and under which name. */
  readonly module: string;
  readonly exported: string;
  /** Its encoded `GetProviderSchema.Response`. */
  readonly schema: Uint8Array;
}

/** Packages that few processes need: the engine for patterns that are not plainly right. */
const rare = ['re2js'] as const;

/** What is read of the file at once. */
const firstBytes = 16_384;

/** What is loaded when it is asked for, by the names that the code has for it. */
const late: Readonly<Record<string, string>> = {
  './dispatch': 'protocol/dispatch',
  './handler/provider-handler': 'handler/provider-handler',
};

/**
 * Bundles a provider into one executable file. Answers the files that went in.
 *
 * The first lines are for `sh`, which says so when there is no Node, and else has Node run `start`. All that follows are sections of one
 * line each. Reading and parsing all of them takes as long as Node itself needs to start, so only `start`, what the handshake needs, is
 * read at once. The rest comes with Terraform's first call: `main` is code, `schema` an encoded answer, and each of the rare packages
 * is a section of its own, taken when something needs it.
 */
export async function buildExecutable(bundler: Bundler, served: Served): Promise<string[]> {
  const bundle = bundleWith(bundler);
  const draft = await bundle(eagerEntry(bundler, []));
  const shared = draft.inputs.filter((path) => isOurs(bundler, path) && path !== source(bundler, 'provider'));
  const wanted = new Set<string>();
  const [head, eager, main] = await Promise.all([
    headLines(bundler),
    bundle(eagerEntry(bundler, shared)),
    bundle(mainEntry(bundler, { served, shared, wanted })),
  ]);
  const packages = await Promise.all(
    rare.map((name) =>
      bundle(
        rareEntry(
          [...wanted].filter((path) => path.split('/')[0] === name),
          bundler,
        ),
      ),
    ),
  );
  const first = `${head}${section('start', eager.text.trimEnd())}`;
  if (first.length > firstBytes) throw new Error(`the first ${firstBytes} bytes have to hold the start, which takes ${first.length}`);
  const text = [
    first,
    section('main', main.text),
    section('schema', Buffer.from(served.schema).toString('base64')),
    ...rare.map((name, index) => section(name, packages[index]?.text ?? '')),
  ];
  mkdirSync(dirname(served.file), { recursive: true });
  writeFileSync(served.file, text.join(''));
  chmodSync(served.file, 0o755);
  return [...new Set([eager, main, ...packages].flatMap(({ inputs }) => inputs))];
}

const isOurs = ({ runtime }: Bundler, path: string): boolean => path.startsWith(join(runtime, '/'));

/** The file of a module of the code that serves: TypeScript in the source tree, JavaScript in the package. */
function source({ runtime }: Bundler, path: string): string {
  const file = join(runtime, path);
  return existsSync(`${file}.ts`) ? `${file}.ts` : `${file}.js`;
}

/** The lines for the shell. Between its quotes stands what Node runs, in a syntax that Node 6 understands. */
async function headLines(bundler: Bundler): Promise<string> {
  const define = { FIRST_BYTES: String(firstBytes) };
  const entryPoints = [source(bundler, 'start')];
  const { text } = await bundleWith(bundler)({ entryPoints, define, target: 'es2015', format: 'iife', minifyIdentifiers: true });
  const start = text.trimEnd().replaceAll("'", `'\\''`);
  const head = readFileSync(join(bundler.runtime, 'provider-head.sh'), 'utf8');
  return head.replace('@NODE@', oldestNode).replace('@START@', () => start);
}

/** One line; line ends in it are written as a character that code does not have. */
const section = (name: string, text: string): string => `#${name} ${text.replaceAll('\n', '\u0001')}\n`;

/** Runs in the executable: takes a section from its own file. `latin1` is enough, since esbuild escapes all else. */
const takeSection = `
import { readFileSync } from 'node:fs';
let own;
export function section(name) {
  own ??= readFileSync(__filename, 'latin1');
  const mark = '\\n#' + name + ' ';
  const at = own.indexOf(mark);
  return at < 0 ? undefined : own.slice(at + mark.length, own.indexOf('\\n', at + mark.length)).replaceAll(/\\u0001/g, '\\n');
}`;

const loadMain = ({ runtime }: Bundler, shared: readonly string[]): string => `
import { compileFunction } from 'node:vm';
import { section } from 'repoform:sections';
${shared.map((path, index) => `import * as shared${index} from ${JSON.stringify(path)};`).join('\n')}
const shared = { ${shared.map((path, index) => `${JSON.stringify(relative(runtime, path))}: shared${index}`).join(', ')} };
const loaded = new Map();
export function run(name) {
  if (loaded.has(name)) return loaded.get(name);
  const holder = { exports: {} };
  const parameters = ['module', 'exports', 'require', 'repoformShared', 'repoformRun'];
  compileFunction(section(name), parameters, { filename: __filename + '#' + name })(holder, holder.exports, require, shared, run);
  loaded.set(name, holder.exports);
  return holder.exports;
}`;

const takeServed = `
import { section } from 'repoform:sections';
import { run } from 'repoform:main';
export const schema = () => section('schema');
export const definition = () => run('main').definition();`;

/** The code that runs at once. Modules in \`shared\` are lent to the rest, so that there is one of each. */
function eagerEntry(bundler: Bundler, shared: readonly string[]): BuildOptions {
  const texts: Readonly<Record<string, string>> = { sections: takeSection, main: loadMain(bundler, shared), served: takeServed };
  const resolveDir = bundler.runtime;
  const plugin: Plugin = {
    name: 'sections',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^repoform:/ }, ({ path }) => ({ path: path.slice('repoform:'.length), namespace: 'repoform' }));
      onResolve({ filter: /^\.\// }, ({ path }) => (Object.hasOwn(late, path) ? { path, namespace: 'late' } : undefined));
      onLoad({ filter: /.*/, namespace: 'repoform' }, ({ path }) => ({ contents: texts[path] ?? '', loader: 'js', resolveDir }));
      onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
        contents: `module.exports = require('repoform:main').run('main')[${JSON.stringify(path)}];`,
        loader: 'js',
        resolveDir,
      }));
    },
  };
  return { entryPoints: [source(bundler, 'provider')], plugins: [plugin], minifyIdentifiers: true };
}

interface Main {
  readonly served: Served;
  readonly shared: readonly string[];
  readonly wanted: Set<string>;
}

/** The rest, which takes the modules in \`shared\` from the code that runs already; what it asks of the rare packages goes to \`wanted\`. */
function mainEntry(bundler: Bundler, { served, shared, wanted }: Main): BuildOptions {
  const files = new Set(shared);
  const plugin: Plugin = {
    name: 'shared',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^(${rare.join('|')})(/|$)`) }, ({ path }) => ({ path, namespace: 'rare' }));
      onLoad({ filter: /.*/, namespace: 'rare' }, ({ path }) => {
        wanted.add(path);
        return { contents: `module.exports = repoformRun(${JSON.stringify(path.split('/')[0])})[${JSON.stringify(path)}];`, loader: 'js' };
      });
      onLoad({ filter: /\.[jt]s$/ }, ({ path }) =>
        files.has(path)
          ? { contents: `module.exports = repoformShared[${JSON.stringify(relative(bundler.runtime, path))}];`, loader: 'js' }
          : undefined,
      );
    },
  };
  // As one module with its imports, instead of functions that require each other, so that each part is parsed once.
  const lines = Object.entries(late).map(
    ([name, path]) => `export * as ${JSON.stringify(name)} from ${JSON.stringify(source(bundler, path))};`,
  );
  lines.push(`import { ${served.exported} as served } from ${JSON.stringify(served.module)};`, 'export const definition = () => served;');
  return {
    stdin: { contents: lines.join('\n'), resolveDir: bundler.runtime, loader: 'js' },
    plugins: [plugin, apartFromZod(source(bundler, 'schema/define/index'))],
  };
}

/** Modules of a rare package, by the names under which they are asked for. */
function rareEntry(paths: readonly string[], { runtime }: Bundler): BuildOptions {
  const lines = paths.map((path) => `exports[${JSON.stringify(path)}] = require(${JSON.stringify(path)});`);
  return { stdin: { contents: lines.join('\n'), resolveDir: runtime, loader: 'js' } };
}

type Bundle = (options: BuildOptions) => Promise<{ readonly text: string; readonly inputs: string[] }>;

function bundleWith({ build, alias = {}, runtime }: Bundler): Bundle {
  return async (options) => {
    const { metafile, outputFiles } = await build({
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      // Names of functions stay, for traces: esbuild's keepNames costs each start 7 ms.
      minifySyntax: true,
      minifyWhitespace: true,
      legalComments: 'none',
      metafile: true,
      write: false,
      logLevel: 'warning',
      absWorkingDir: runtime,
      alias: { ...alias },
      ...options,
      define: { DEFINITIONS_ARE_CHECKED: 'true', ...options.define },
    });
    const inputs = Object.keys(metafile?.inputs ?? {}).flatMap((path) => (/^[a-z]+:/.test(path) ? [] : [join(runtime, path)]));
    return { text: outputFiles?.[0]?.text ?? '', inputs };
  };
}
