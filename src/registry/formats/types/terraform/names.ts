import { compare, parse } from 'semver';
import { type UploadCheck } from '../../format';
import { type RepositoryFile } from '../../repository';

/** A provider for one platform, as the path of its file says. */
export interface ProviderPackage {
  readonly namespace: string;
  readonly type: string;
  readonly version: string;
  readonly os: string;
  readonly arch: string;
  readonly fileName: string;
}

/** A version of a module, as the path of its file says. */
export interface ModulePackage {
  readonly name: string;
  readonly system: string;
  readonly version: string;
}

/** Something with its file. */
export type Stored<T> = T & { readonly file: RepositoryFile };

const PROVIDER = /^([^/]+)\/([^/]+)\/(terraform-provider-([^/_]+)_([^/_]+)_([^/_]+)_([^/_]+)\.zip)$/;
const MODULE = /^modules\/([^/]+)\/([^/]+)\/([^/]+?)\.(?:tar\.gz|tgz|zip)$/;
const PROVIDER_FORM = '{namespace}/{type}/terraform-provider-{type}_{version}_{os}_{arch}.zip';
const MODULE_FORM = 'modules/{name}/{system}/{version}.tar.gz (or .zip)';

/** The provider of a path; undefined if it is none. */
export function readProvider(path: string): ProviderPackage | undefined {
  const [, namespace = '', type, fileName = '', named, version = '', os = '', arch = ''] = PROVIDER.exec(path) ?? [];
  return type !== undefined && type === named ? { namespace, type, version, os, arch, fileName } : undefined;
}

/** The module of a path; undefined if it is none. */
export function readModule(path: string): ModulePackage | undefined {
  const [, name, system = '', version = ''] = MODULE.exec(path) ?? [];
  return name === undefined ? undefined : { name, system, version };
}

/** Checks the name of an upload: what has it is found by clients. Modules are beyond what a real server is known to take. */
export function checkUpload(path: string, strict: boolean): UploadCheck {
  const provider = readProvider(path);
  if (provider) return refused([providerProblem(provider), path]) ?? { path, contentType: 'application/zip' };
  const module = strict ? undefined : readModule(path);
  if (module) {
    const contentType = path.endsWith('.zip') ? 'application/zip' : 'application/gzip';
    return refused([moduleProblem(module), path]) ?? { path, contentType };
  }
  const forms = strict ? PROVIDER_FORM : `${PROVIDER_FORM} for a provider, or ${MODULE_FORM} for a module`;
  return { reason: `expected ${forms}, got ${path}` };
}

/** The newest first. */
export function byVersion({ version: one }: { readonly version: string }, { version: other }: { readonly version: string }): number {
  return compare(other, one);
}

/** Whether a text is a version as Terraform compares them. */
export function isVersion(text: string): boolean {
  return parse(text)?.version === text;
}

function refused([problem, path]: readonly [string | undefined, string]): UploadCheck | undefined {
  return problem === undefined ? undefined : { reason: `${problem}, got ${path}` };
}

function providerProblem({ namespace, type, version, os, arch }: ProviderPackage): string | undefined {
  // Clients write addresses in lower case, whatever their users write.
  if (namespace !== namespace.toLowerCase()) return 'the namespace of a provider is in lower case';
  if (!/^[0-9a-z](?:[0-9a-z-]*[0-9a-z])?$/.test(type)) return 'the type of a provider has lower-case letters, digits and dashes';
  if (![os, arch].every((part) => /^[0-9a-z]+$/.test(part))) return 'a platform is {os}_{arch} in lower case, such as linux_amd64';
  return versionProblem(version);
}

function moduleProblem({ name, system, version }: ModulePackage): string | undefined {
  if (!/^[0-9A-Za-z](?:[\w-]{0,62}[0-9A-Za-z])?$/.test(name))
    return 'the name of a module has letters, digits, "-" and "_", 64 at the most';
  if (!/^[0-9a-z]{1,64}$/.test(system)) return 'the system of a module has lower-case letters and digits, such as aws';
  return versionProblem(version);
}

function versionProblem(version: string): string | undefined {
  if (isVersion(version)) return undefined;
  return `the version ${JSON.stringify(version)} is not one by the rules of semver.org: three numbers without "v" before or "+" after them, such as 1.2.3 or 1.2.3-rc.1`;
}
