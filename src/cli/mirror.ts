import { join, resolve } from 'node:path';
import { parseAddress } from '../../constructs/provider/address';
import { bundleOf } from '../../constructs/provider/bundle';
import { executionProblem, placeExecutable } from '../../constructs/provider/files';
import { defaultPlatforms, hostPlatform, platformProblem } from '../../constructs/provider/platforms';
import { ownPackage } from '../../constructs/provider/provider-package';
import { providers } from '../resources';
import { Failure, lineOf, systemError } from './failure';
import { defaultSource } from './provider-source';

/** Lays every provider of this package into a filesystem mirror; answers what to tell the user. */
export function installProviders(dir: string, platforms: readonly string[] = defaultPlatforms()): string {
  const problem = platforms.map(platformProblem).find((one) => one !== undefined);
  if (problem !== undefined) throw new Error(problem);
  const folder = resolve(dir);
  const installed = providers.map(({ name }) => {
    const source = defaultSource(name);
    const { host, namespace, type } = parseAddress(source);
    const bundle = bundleOf(ownPackage(name));
    const pathFor = (platform: string): string => join(folder, host, namespace, type, bundle.version, platform, bundle.fileName);
    const paths = platforms.map(pathFor);
    for (const path of paths) place(path, bundle.content);
    const problem = platforms.includes(hostPlatform()) ? executionProblem(pathFor(hostPlatform())) : undefined;
    return { name, source, version: bundle.version, paths, problem };
  });
  return report(folder, installed);
}

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
