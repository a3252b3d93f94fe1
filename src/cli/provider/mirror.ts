import { join, resolve } from 'node:path';
import { parseAddress } from '../../../constructs/provider/address';
import { bundleOf } from '../../../constructs/provider/bundle';
import { executionProblem, placeExecutable } from '../../../constructs/provider/files';
import { defaultPlatforms, hostPlatform } from '../../../constructs/provider/platforms';
import { Failure, lineOf, systemError } from '../failure';
import { checkPlatforms, packagesFrom, quote, requirements } from './packages';

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
  checkPlatforms(platforms);
  const folder = resolve(dir);
  const installed = packagesFrom(from).map((provider) => {
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

${requirements(installed)}${unable ? `\nNote: ${unable}. Install into another folder, unless the files are for another machine.\n` : ''}`;
}
