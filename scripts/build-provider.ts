import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { oldestNode } from '../src/common/node-version';
import { schemasOf } from '../src/handler/schemas';
import { encodeProviderSchema } from '../src/protocol/rpc/schemas';
import { providers } from '../src/resources';

const root = join(__dirname, '..');
const source = (path: string): string => join(root, 'src', path);

/** Packages that few processes need: a proxy's client, and the engine for patterns that are not plainly right. */
const rare = ['re2js'] as const;

/** What is read of the file at once. */
const firstBytes = 16_384;

/** What is loaded when it is asked for, by the names that the code has for it. */
const sections: Readonly<Record<string, string>> = { './dispatch': 'protocol/dispatch.ts', './compose': 'compose.ts' };

/**
 * Bundles the provider executable: `dist/provider/terraform-provider-NAME`, one file under each name. Answers the files that went in.
 *
 * The first lines are for `sh`, which says so when there is no Node, and else has Node run `src/start.ts`. All that follows are
 * sections of one line each. Reading and parsing all of them takes as long as Node itself needs to start, so only `start`, what the
 * handshake needs, is read at once. The rest comes with Terraform's first call: `main` is code, `schema.NAME` an encoded answer, and
 * each of the rare packages is a section of its own, taken when something needs it.
 */
export async function buildProvider(outdir = join(root, 'dist/provider')): Promise<string[]> {
  mkdirSync(outdir, { recursive: true });
  const draft = await bundle(eagerEntry([]));
  const shared = draft.inputs.filter((path) => path.startsWith('src/') && path !== 'src/provider.ts');
  const wanted = new Set<string>();
  const [head, eager, main] = await Promise.all([headLines(), bundle(eagerEntry(shared)), bundle(mainEntry(shared, wanted))]);
  const packages = await Promise.all(rare.map((name) => bundle(rareEntry([...wanted].filter((path) => path.split('/')[0] === name)))));
  const schemas = providers.map((provider) => section(`schema.${provider.name}`, schemaOf(provider)));
  const first = `${head}${section('start', eager.text.trimEnd())}`;
  if (first.length > firstBytes) throw new Error(`the first ${firstBytes} bytes have to hold the start, which takes ${first.length}`);
  const text = [first, section('main', main.text), ...schemas, ...rare.map((name, index) => section(name, packages[index]?.text ?? ''))];
  for (const { name } of providers) {
    const file = join(outdir, `terraform-provider-${name}`);
    writeFileSync(file, text.join(''));
    chmodSync(file, 0o755);
  }
  return [...new Set([eager, main, ...packages].flatMap(({ inputs }) => inputs))];
}

const schemaOf = (provider: (typeof providers)[number]): string =>
  Buffer.from(encodeProviderSchema(schemasOf(provider))).toString('base64');

/** The lines for the shell. Between its quotes stands what Node runs, in a syntax that Node 6 understands. */
async function headLines(): Promise<string> {
  const define = { FIRST_BYTES: String(firstBytes) };
  const { text } = await bundle({ entryPoints: [source('start.ts')], define, target: 'es2015', format: 'iife', keepNames: false });
  const start = text.trimEnd().replaceAll("'", `'\\''`);
  const head = readFileSync(join(__dirname, 'provider-head.sh'), 'utf8');
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

const loadMain = (shared: readonly string[]): string => `
import { compileFunction } from 'node:vm';
import { section } from 'repoform:sections';
${shared.map((path, index) => `import * as shared${index} from ${JSON.stringify(join(root, path))};`).join('\n')}
const shared = { ${shared.map((path, index) => `${JSON.stringify(path)}: shared${index}`).join(', ')} };
const loaded = new Map();
export function run(name) {
  if (loaded.has(name)) return loaded.get(name);
  const holder = { exports: {} };
  const parameters = ['module', 'exports', 'require', 'repoformShared', 'repoformRun'];
  compileFunction(section(name), parameters, { filename: __filename + '#' + name })(holder, holder.exports, require, shared, run);
  loaded.set(name, holder.exports);
  return holder.exports;
}`;

const schemas = `
import { section } from 'repoform:sections';
export const schemas = new Proxy({}, { get: (_, name) => section('schema.' + name) });`;

/** The code that runs at once. Modules in \`shared\` are lent to the rest, so that there is one of each. */
function eagerEntry(shared: readonly string[]): BuildOptions {
  const texts: Readonly<Record<string, string>> = { sections: takeSection, main: loadMain(shared), schemas };
  const plugin: Plugin = {
    name: 'sections',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^repoform:/ }, ({ path }) => ({ path: path.slice('repoform:'.length), namespace: 'repoform' }));
      onResolve({ filter: /^\.\/(dispatch|compose)$/ }, ({ path }) => ({ path, namespace: 'lazy' }));
      onLoad({ filter: /.*/, namespace: 'repoform' }, ({ path }) => ({ contents: texts[path] ?? '', loader: 'js', resolveDir: root }));
      onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => ({
        contents: `module.exports = require('repoform:main').run('main')[${JSON.stringify(path)}];`,
        loader: 'js',
        resolveDir: root,
      }));
    },
  };
  return { entryPoints: [source('provider.ts')], plugins: [plugin] };
}

/** The rest, which takes the modules in \`shared\` from the code that runs already; what it asks of the rare packages goes to \`wanted\`. */
function mainEntry(shared: readonly string[], wanted: Set<string>): BuildOptions {
  const files = new Map(shared.map((path) => [join(root, path), path]));
  const plugin: Plugin = {
    name: 'shared',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^(${rare.join('|')})(/|$)`) }, ({ path }) => ({ path, namespace: 'rare' }));
      onLoad({ filter: /.*/, namespace: 'rare' }, ({ path }) => {
        wanted.add(path);
        return { contents: `module.exports = repoformRun(${JSON.stringify(path.split('/')[0])})[${JSON.stringify(path)}];`, loader: 'js' };
      });
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const name = files.get(path);
        return name === undefined ? undefined : { contents: `module.exports = repoformShared[${JSON.stringify(name)}];`, loader: 'js' };
      });
    },
  };
  const lines = Object.entries(sections).map(
    ([name, path]) => `exports[${JSON.stringify(name)}] = require(${JSON.stringify(source(path))});`,
  );
  return { stdin: { contents: lines.join('\n'), resolveDir: root, loader: 'js' }, plugins: [plugin] };
}

/** Modules of a rare package, by the names under which they are asked for. */
function rareEntry(paths: readonly string[]): BuildOptions {
  const lines = paths.map((path) => `exports[${JSON.stringify(path)}] = require(${JSON.stringify(path)});`);
  return { stdin: { contents: lines.join('\n'), resolveDir: root, loader: 'js' } };
}

async function bundle(options: BuildOptions): Promise<{ readonly text: string; readonly inputs: string[] }> {
  const { metafile, outputFiles } = await build({
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
    absWorkingDir: root,
    ...options,
  });
  return { text: outputFiles?.[0]?.text ?? '', inputs: Object.keys(metafile?.inputs ?? {}) };
}
