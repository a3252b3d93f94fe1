import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { parseAddress } from '../../constructs/provider/address';
import { type Bundle, bundleOf } from '../../constructs/provider/bundle';
import { configFiles, providerInstallation, surroundings } from '../../constructs/provider/cli-config';
import { installationProblem } from '../../constructs/provider/installation';
import { hashesOf, lockBlocks, versionOf } from '../../constructs/provider/lock-file';
import type { ProviderPackage } from '../../constructs/provider/provider-package';
import type { Check, Finding } from './finding';

/** Where an app or a configuration lies, and the providers that it may use. */
export interface Workspace {
  readonly folder: string;
  readonly providers: readonly ProviderPackage[];
}

/** The CDK, and the packages that must fit each other. */
export const packages = ({ folder }: Workspace): Check => ({
  name: 'packages',
  run() {
    if (!existsSync(join(folder, 'cdktf.json')))
      return [{ check: 'packages', status: 'skipped', message: 'this folder has no cdktf.json, so no app is checked' }];
    const installed = ['cdktf', 'cdktn', 'constructs', 'repoform'].flatMap((name) => {
      const version = versionInstalled(folder, name);
      return version === undefined ? [] : [{ name, version }];
    });
    const has = (name: string): boolean => installed.some((one) => one.name === name);
    const missing = [...(has('cdktf') || has('cdktn') ? [] : ['cdktf']), ...['constructs', 'repoform'].filter((name) => !has(name))];
    if (missing.length > 0)
      return [
        {
          check: 'packages',
          status: 'error',
          message: `the app cannot load ${missing.join(', ')}`,
          fix: `Run "npm install", or "npm install ${missing.join(' ')}" if package.json does not name ${missing.length > 1 ? 'them' : 'it'}.`,
        },
      ];
    return [{ check: 'packages', status: 'ok', message: installed.map(({ name, version }) => `${name} ${version}`).join(', ') }];
  },
});

interface Package {
  readonly name?: string;
  readonly version?: string;
}

function versionInstalled(folder: string, name: string): string | undefined {
  const folders = createRequire(join(folder, 'package.json')).resolve.paths(name) ?? [];
  // A package can load itself by its name.
  const places = folders.flatMap((modules) => [join(modules, name, 'package.json'), join(modules, '../package.json')]);
  const packages = places.filter((file) => existsSync(file)).map((file) => JSON.parse(readFileSync(file, 'utf8')) as Package);
  return packages.find((one) => one.name === name)?.version;
}

/** Whether `terraform init` finds the providers: lock files, mirrors, overrides. */
export const installation = ({ folder, providers }: Workspace): Check => ({
  name: 'provider',
  run() {
    const used = workingFolders(folder).flatMap((place) =>
      providers.flatMap((provider) => (mentions(place, provider) ? [{ place, provider }] : [])),
    );
    if (used.length === 0)
      return [
        { check: 'provider', status: 'skipped', message: 'no stack here uses the provider; run "cdktf synth" to have its files checked' },
      ];
    return used.flatMap(({ place, provider }) => installed(place, provider));
  },
});

/** The folders in which Terraform would run. */
function workingFolders(folder: string): readonly string[] {
  const stacks = join(folder, 'cdktf.out/stacks');
  const synthesized = existsSync(stacks) ? readdirSync(stacks).map((name) => join(stacks, name)) : [];
  return [...synthesized, folder].filter((place) =>
    readdirSync(place).some((name) => /\.tf(\.json)?$|^\.terraform\.lock\.hcl$/.test(name)),
  );
}

function mentions(place: string, { source }: ProviderPackage): boolean {
  const short = source.replace(/^registry\.terraform\.io\//, '');
  const texts = readdirSync(place).filter((name) => /\.tf(\.json)?$|^\.terraform\.lock\.hcl$/.test(name));
  return texts.some((name) => readFileSync(join(place, name), 'utf8').includes(`${short}"`));
}

function installed(place: string, provider: ProviderPackage): readonly Finding[] {
  const bundle = bundleOf(provider);
  const where = basename(place);
  const around = surroundings();
  const config = providerInstallation(around);
  const problem =
    config &&
    installationProblem(config, {
      address: parseAddress(provider.source),
      version: bundle.version,
      workingDirectory: place,
      ...(provider.npmPackage !== undefined && { npmPackage: provider.npmPackage }),
    });
  if (problem !== undefined) return [{ check: 'provider', status: 'error', message: `${where}: ${problem}` }];
  const findings = locked(place, provider, bundle);
  if (findings.length > 0) return findings;
  const from = config
    ? `by ${config.file}`
    : configFiles(around).length > 0
      ? `beside ${configFiles(around).join(', ')}`
      : 'with the stack';
  return [{ check: 'provider', status: 'ok', message: `${where}: ${provider.name} ${bundle.version} is installed ${from}` }];
}

/** What is wrong with the lock file's entry of a provider. */
function locked(place: string, { name, source }: ProviderPackage, { version, hash }: Bundle): readonly Finding[] {
  const file = join(place, '.terraform.lock.hcl');
  const where = basename(place);
  const block = existsSync(file) ? lockBlocks(readFileSync(file, 'utf8')).find((one) => one.source === source) : undefined;
  if (!block) return [];
  const fix = 'Run "cdktf synth", which writes the entry, or "terraform init -upgrade" for plain HCL.';
  const locks = versionOf(block.text);
  if (locks !== version)
    return [
      { check: 'lock-file', status: 'error', message: `${where}: ${file} locks ${name} ${locks ?? '?'}, but ${version} is installed`, fix },
    ];
  if (!hashesOf(block.text).includes(hash))
    return [
      {
        check: 'lock-file',
        status: 'error',
        message: `${where}: ${file} has no hash of the installed ${name} ${version}, so init refuses it`,
        fix,
      },
    ];
  return [];
}

/** Locks that a run may have left behind. */
export const stateLocks = ({ folder }: Workspace): Check => ({
  name: 'state-lock',
  run() {
    const places = new Set([folder, ...workingFolders(folder)]);
    const locks = [...places].flatMap((place) =>
      readdirSync(place)
        .filter((name) => /^\..*\.tfstate\.lock\.info$/.test(name))
        .map((name) => lockFinding(join(place, name))),
    );
    return locks.length > 0 ? locks : [{ check: 'state-lock', status: 'ok', message: 'no local state is locked' }];
  },
});

function lockFinding(file: string): Finding {
  const { ID: id, Who: who, Created: since, Operation: operation } = lockInfo(file);
  return {
    check: 'state-lock',
    status: 'warning',
    message: `${file}: the state is locked${who ? ` by ${who}` : ''}${since ? ` since ${since}` : ''}${operation ? ` (${operation})` : ''}`,
    fix: `If nothing runs there, release it: terraform force-unlock ${id ?? 'LOCK_ID'}`,
  };
}

function lockInfo(file: string): Readonly<Record<string, string | undefined>> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
  } catch {
    return {};
  }
}
