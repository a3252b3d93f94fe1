import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { addressText, defaultHost, type ProviderAddress } from './address';
import type { ProviderInstallation } from './cli-config';
import type { HclBody, HclValue } from './hcl-blocks';
import { hostPlatform } from './platforms';

/** The provider that is to be installed, and where from. */
export interface InstallTarget {
  readonly address: ProviderAddress;
  readonly version: string;
  /** Where `terraform init` runs; relative paths start there. */
  readonly workingDirectory: string;
  /** The npm package that has it. @default this one */
  readonly npmPackage?: string | undefined;
}

/** Why `terraform init` would not install the provider from the stack's folder under this configuration, or nothing when it would. */
export function installationProblem({ file, body }: ProviderInstallation, target: InstallTarget): string | undefined {
  const overrides = body.blocks.filter((block) => block.type === 'dev_overrides');
  if (overrides.some((block) => Object.keys(block.body.attributes).some((source) => matches(source, target.address)))) return undefined;
  const mirrors = body.blocks.filter((block) => block.type === 'filesystem_mirror').map((block) => block.body);
  const serving = mirrors.filter((mirror) => serves(mirror, target.address));
  if (serving.some((mirror) => holds(pathOf(mirror, target), target))) return undefined;
  const first = serving.map((mirror) => pathOf(mirror, target))[0];
  const install = first === undefined ? 'a folder, and name that in a filesystem_mirror block there' : `the mirror it names`;
  const from = target.npmPackage === undefined ? '' : ` --package ${target.npmPackage}`;
  return `${file} has a provider_installation block, so Terraform ignores the folder into which synthesis installs the provider ${addressText(target.address)} ${target.version}. Either put the provider into ${install}, with "npx repoform provider install${from} --dir ${first ?? 'FOLDER'}", or let a registry serve it and set installLocally: false on the provider`;
}

function serves(mirror: HclBody, address: ProviderAddress): boolean {
  const include = texts(mirror.attributes['include']);
  const excluded = texts(mirror.attributes['exclude']).some((pattern) => matches(pattern, address));
  return !excluded && (include.length === 0 || include.some((pattern) => matches(pattern, address)));
}

const texts = (value: HclValue | undefined): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);

/** Whether `host/namespace/type`, with stars for any, is this address. */
function matches(pattern: string, { host, namespace, type }: ProviderAddress): boolean {
  const parts = pattern.toLowerCase().split('/');
  const [h, n, t] = parts.length === 2 ? [defaultHost, ...parts] : parts;
  return h === host && (n === '*' || n === namespace) && (t === '*' || t === type);
}

function pathOf(mirror: HclBody, { workingDirectory }: InstallTarget): string {
  const path = mirror.attributes['path'];
  return resolve(workingDirectory, typeof path === 'string' ? path : '.');
}

function holds(mirror: string, { address, version }: InstallTarget): boolean {
  const folder = join(mirror, address.host, address.namespace, address.type);
  const platform = hostPlatform();
  return (
    existsSync(join(folder, version, platform)) || existsSync(join(folder, `terraform-provider-${address.type}_${version}_${platform}.zip`))
  );
}
