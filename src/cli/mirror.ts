import { join, resolve } from 'node:path';
import { parseAddress } from '../../constructs/provider/address';
import { bundleOf } from '../../constructs/provider/bundle';
import { placeExecutable } from '../../constructs/provider/files';
import { defaultPlatforms, platformProblem } from '../../constructs/provider/platforms';
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
    const bundle = bundleOf(name);
    const paths = platforms.map((platform) => join(folder, host, namespace, type, bundle.version, platform, bundle.fileName));
    for (const path of paths) place(path, bundle.content);
    return { name, source, version: bundle.version, paths };
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
}

function report(folder: string, installed: readonly Installed[]): string {
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
`;
}

function requirement({ name, source, version }: Installed): string {
  return `    ${name} = {\n      source  = ${quote(source)}\n      version = ${quote(version)}\n    }`;
}

/** A text between quotes in HCL. */
function quote(text: string): string {
  return JSON.stringify(text).replace(/([$%])\{/g, '$1$1{');
}
