import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { parseAddress } from '../../constructs/provider/address';
import { bundleOf } from '../../constructs/provider/bundle';
import { executionProblem, placeExecutable } from '../../constructs/provider/files';
import { defaultPlatforms, hostPlatform, platformProblem } from '../../constructs/provider/platforms';
import { ownPackage, type ProviderPackage } from '../../constructs/provider/provider-package';
import { providers } from '../resources';
import { Failure, lineOf, systemError } from './failure';

/** What to install, and for what. */
export interface Installation {
  /** The folder of the mirror. */
  readonly dir: string;
  /** @default this machine and Linux */
  readonly platforms?: readonly string[] | undefined;
  /** The npm package that has the provider, by its name or folder. @default this one, with all its providers */
  readonly from?: string | undefined;
}

/** Installs providers into a filesystem mirror; returns the text for the user. */
export function installProviders({ dir, platforms = defaultPlatforms(), from }: Installation): string {
  const problem = platforms.map(platformProblem).find((one) => one !== undefined);
  if (problem !== undefined) throw new Error(problem);
  const folder = resolve(dir);
  const packages = from === undefined ? providers.map(({ name }) => ownPackage(name)) : [providerOf(from)];
  const installed = packages.map((provider) => {
    const { name, source } = provider;
    const { host, namespace, type } = parseAddress(source);
    const bundle = bundleOf(provider);
    const pathFor = (platform: string): string => join(folder, host, namespace, type, bundle.version, platform, bundle.fileName);
    const paths = platforms.map(pathFor);
    for (const path of paths) place(path, bundle.content);
    const problem = platforms.includes(hostPlatform()) ? executionProblem(pathFor(hostPlatform())) : undefined;
    return { name, source, version: bundle.version, paths, problem };
  });
  return report(folder, installed);
}

/** The provider that `repoform provider build` built in a package. */
function providerOf(from: string): ProviderPackage {
  const folder = [
    resolve(from),
    ...(nameOf(resolve('package.json')) === from ? [resolve('.')] : []),
    ...(createRequire(resolve('package.json')).resolve.paths(from) ?? []).map((path) => join(path, from)),
  ].find((path) => existsSync(join(path, 'package.json')));
  if (folder === undefined) throw new Failure(`"${from}" is neither a package folder nor an installed package; run "npm install ${from}"`);
  const file = join(folder, 'dist/provider.json');
  const remedy = `run "npx repoform provider build" in ${folder}, or install a package that has a provider`;
  if (!existsSync(file)) throw new Failure(`the package in ${folder} has no dist/provider.json; ${remedy}`);
  const { executable, ...about } = JSON.parse(readFileSync(file, 'utf8')) as Omit<ProviderPackage, 'remedy'>;
  return { ...about, executable: join(folder, 'dist', executable), remedy };
}

/** The name of the package with this file; none where there is no such file. */
const nameOf = (file: string): string | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: string }).name : undefined;

function place(path: string, content: Buffer): void {
  try {
    placeExecutable(path, content);
  } catch (thrown) {
    if (!systemError(thrown)) throw thrown;
    throw new Failure(`cannot write ${path}: ${lineOf(thrown)}; choose another folder with --dir`);
  }
}

interface Installed {
  readonly name: string;
  readonly source: string;
  readonly version: string;
  readonly paths: readonly string[];
  /** Why this machine cannot run it there. */
  readonly problem: string | undefined;
}

function report(folder: string, installed: readonly Installed[]): string {
  const unable = installed.find(({ problem }) => problem !== undefined)?.problem;
  const sources = `[${installed.map(({ source }) => quote(source)).join(', ')}]`;
  return `Installed:
${installed.flatMap(({ paths }) => paths.map((path) => `  ${path}`)).join('\n')}

1. Tell Terraform, in ~/.terraformrc (OpenTofu: ~/.tofurc), or in a file that TF_CLI_CONFIG_FILE names:

provider_installation {
  filesystem_mirror {
    path    = ${quote(folder)}
    include = ${sources}
  }
  direct {
    exclude = ${sources}
  }
}

2. Use it, and run "terraform init":

terraform {
  required_providers {
${installed.map(requirement).join('\n')}
  }
}
${unable ? `\nNote: ${unable}. Install into another folder, unless the files are for another machine.\n` : ''}`;
}

function requirement({ name, source, version }: Installed): string {
  return `    ${name} = {\n      source  = ${quote(source)}\n      version = ${quote(version)}\n    }`;
}

/** A text between quotes in HCL. */
function quote(text: string): string {
  return JSON.stringify(text).replace(/([$%])\{/g, '$1$1{');
}
