import { join } from 'node:path';
import { addressText, type ProviderAddress } from './address';
import type { Bundle } from './bundle';
import { executionProblem, placeExecutable, textOf, writeText } from './files';
import { mergeLock } from './lock-file';
import { noteOthers, type OtherProvider } from './lock-note';
import { hostPlatform } from './platforms';

/** What is installed, and where. */
export interface LocalInstallation {
  /** The folder in which `terraform init` runs. */
  readonly folder: string;
  readonly bundle: Bundle;
  readonly address: ProviderAddress;
  readonly platforms: readonly string[];
  /** The other providers of the stack. */
  readonly others: readonly OtherProvider[];
}

/** Puts a provider where `terraform init` finds it, and adds it to the lock file. Returns why this machine cannot run it there, if it cannot. */
export function installLocally({ folder, bundle, address, platforms, others }: LocalInstallation): string | undefined {
  const { host, namespace, type } = address;
  const versionFolder = join(folder, 'terraform.d/plugins', host, namespace, type, bundle.version);
  const pathFor = (platform: string): string => join(versionFolder, platform, bundle.fileName);
  const paths = platforms.map(pathFor);
  for (const path of paths) placeExecutable(path, bundle.content, path === paths[0] ? undefined : paths[0]);
  const lockPath = join(folder, '.terraform.lock.hcl');
  const entry = { source: addressText(address), version: bundle.version, hash: bundle.hash };
  writeText(lockPath, noteOthers(mergeLock(textOf(lockPath), entry), others));
  return platforms.includes(hostPlatform()) ? executionProblem(pathFor(hostPlatform())) : undefined;
}
