import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { schemasOf } from '../src/handler/schemas';
import { encodeProviderSchema } from '../src/protocol/rpc/schemas';
import { providers } from '../src/resources';

const root = join(__dirname, '..');
const source = (path: string): string => join(root, 'src', path);

/** Packages that few processes need: a proxy's client, and the engine for patterns that are not plainly right. */
const rare = ['undici', 're2js'] as const;

/** What is loaded when it is asked for, by the names that the code has for it. */
const sections: Readonly<Record<string, string>> = { './dispatch': 'protocol/dispatch.ts', './compose': 'compose.ts' };

/**
 * Bundles the provider executable: `dist/provider/terraform-provider-NAME`, one file under each name. Answers the files that went in.
 *
 * Node parses a whole file before it runs its first line, which for all of the provider takes as long as Node itself needs to start.
 * So only what the handshake needs stands in the file as code. The rest stands after it in comments of one line each, which the
 * parser skips, and is taken from there when Terraform's first call comes: `main` is code, `schema.NAME` an encoded answer, and each of
 * the rare packages is a section of its own, taken when something needs it.
 */
export async function buildProvider(outdir = join(root, 'dist/provider')): Promise<string[]> {
  mkdirSync(outdir, { recursive: true });
  const draft = await bundle(eagerEntry([]));
  const shared = draft.inputs.filter((path) => path.startsWith('src/') && path !== 'src/provider.ts');
  const wanted = new Set<string>();
  const [eager, main] = await Promise.all([bundle(eagerEntry(shared)), bundle(mainEntry(shared, wanted))]);
  const packages = await Promise.all(rare.map((name) => bundle(rareEntry([...wanted].filter((path) => path.split('/')[0] === name)))));
  const schemas = providers.map((provider) => section(`schema.${provider.name}`, schemaOf(provider)));
  const text = `#!/usr/bin/env node\n${eager.text.trimEnd()}\n${section('main', main.text)}${schemas.join('')}${rare.map((name, index) => section(name, packages[index]?.text ?? '')).join('')}`;
  for (const { name } of providers) {
    const file = join(outdir, `terraform-provider-${name}`);
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  }
  return [...new Set([eager, main, ...packages].flatMap(({ inputs }) => inputs))];
}

const schemaOf = (provider: (typeof providers)[number]): string =>
  Buffer.from(encodeProviderSchema(schemasOf(provider))).toString('base64');

/** A comment of one line; line ends in it are written as a character that code does not have. */
const section = (name: string, text: string): string => `//#${name} ${text.replaceAll('\n', '\u0001')}\n`;

/** Runs in the executable: takes a section from its own file. `latin1` is enough, since esbuild escapes all else. */
const takeSection = `
import { readFileSync } from 'node:fs';
let own;
export function section(name) {
  own ??= readFileSync(__filename, 'latin1');
  const mark = '\\n//#' + name + ' ';
  const at = own.indexOf(mark);
  return at < 0 ? undefined : own.slice(at + mark.length, own.indexOf('\\n', at + mark.length)).replaceAll('\\u0001', '\\n');
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
