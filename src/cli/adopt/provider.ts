import type { build } from 'esbuild';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { bundleDefinition, runDefinition } from '../../build/load';
import { version } from '../../common/version';
import { loaders } from '../../resources/load';
import type { ProviderDefinition } from '../../schema/define/provider';
import { Failure, Misuse } from '../failure';
import { packageFolder } from '../provider/packages';

/** A provider whose objects are adopted, and the npm package that its constructs are in. */
export interface AdoptedProvider {
  readonly definition: ProviderDefinition;
  /** The folder of its package; none for one of ours. */
  readonly folder?: string;
  /** The module of the constructs for a core. */
  module(core: 'cdktf' | 'cdktn'): string;
  /** What an app in a folder depends on, by npm's names. */
  dependencies(folder: string): Readonly<Record<string, string>>;
  /** The option of `repoform provider install` that names it; empty for one of ours. */
  readonly installOption: string;
}

/** A provider of ours by its name, or any other by its module, its package's folder, or the name of an installed package. */
export async function adoptedProvider(backend: string): Promise<AdoptedProvider> {
  const load = Object.hasOwn(loaders, backend) ? loaders[backend] : undefined;
  if (load)
    return {
      definition: load(),
      module: (core) => (core === 'cdktf' ? `repoform/${backend}` : `repoform/cdktn/${backend}`),
      dependencies: () => ({ repoform: `^${version}` }),
      installOption: '',
    };
  const isModule = /\.[cm]?[jt]s$/.test(backend);
  const folder = isModule ? packageOf(resolve(backend)) : packageFolder(backend);
  if (folder === undefined) throw new Misuse(unknown(backend));
  return ofPackage(backend, folder, isModule ? resolve(backend) : undefined);
}

const unknown = (backend: string): string =>
  `unknown backend "${backend}"; expected one of ${Object.keys(loaders).join(', ')}, or a provider of your own: its module (./src/provider.ts), the folder of its package, or an installed package`;

/** The folder of the package that a module is in. */
function packageOf(file: string): string {
  if (!existsSync(file) || !statSync(file).isFile())
    throw new Misuse(`there is no file ${file}; name the module that exports the provider by default`);
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) throw new Failure(`${file} is in no npm package; "repoform provider new" creates one`);
  }
}

async function ofPackage(backend: string, folder: string, module: string | undefined): Promise<AdoptedProvider> {
  const about = jsonAt(join(folder, 'package.json'));
  const name = textAt(about, 'name');
  const own = textAt(about, 'version');
  if (name === '' || own === '') throw new Failure(`${join(folder, 'package.json')} has no "name" or no "version"; the app needs both`);
  const built = jsonAt(join(folder, 'dist/provider.json'));
  const definition = module === undefined ? builtDefinition(folder, built) : await definitionIn(module, folder);
  const source = textAt(built, 'source') || (definition.source ?? `registry.terraform.io/${definition.name}/${definition.name}`);
  const isInstalled = !existsSync(resolve(backend));
  return {
    definition: { ...definition, source },
    folder,
    module: (core) => (core === 'cdktf' ? name : `${name}/cdktn`),
    dependencies: (app) => ({ repoform: `^${version}`, [name]: isInstalled ? `^${own}` : `file:${relative(app, folder)}` }),
    installOption: ` --package ${isInstalled ? name : shown(folder)}`,
  };
}

const shown = (folder: string): string => relative('.', folder) || '.';

function builtDefinition(folder: string, built: unknown): ProviderDefinition {
  const remedy = `run "npx repoform provider build" in ${folder}, or install a package that has a provider`;
  if (built === undefined) throw new Failure(`the package in ${folder} has no dist/provider.json; ${remedy}`);
  const script = textAt(built, 'definition');
  if (script === '') throw new Failure(`${join(folder, 'dist')} has no definition, because an older repoform built it; ${remedy}`);
  const file = join(folder, 'dist', basename(script));
  return runDefinition(readFileSync(file, 'utf8'), file);
}

/** The definition in a module, bundled with the tool of its package. */
async function definitionIn(module: string, folder: string): Promise<ProviderDefinition> {
  let esbuild: { readonly build: typeof build };
  try {
    esbuild = createRequire(join(folder, 'package.json'))('esbuild') as typeof esbuild;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
    throw new Failure(`esbuild is not installed in ${folder}; run "npm install --save-dev esbuild" there`);
  }
  return runDefinition(await bundleDefinition(module, esbuild, 'inline'), module);
}

function jsonAt(file: string): unknown {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch {
    throw new Failure(`${file} is not valid JSON; correct it`);
  }
}

function textAt(value: unknown, name: string): string {
  const found = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  return typeof found === 'string' ? found : '';
}
