import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { platformProblem } from '../../../constructs/provider/platforms';
import { ownPackage, type ProviderPackage } from '../../../constructs/provider/provider-package';
import { providers } from '../../resources';
import { Failure } from '../failure';

/** The providers of an npm package, by its name or folder. @default those of this one */
export function packagesFrom(from: string | undefined): readonly ProviderPackage[] {
  return from === undefined ? providers.map(({ name }) => ownPackage(name)) : [providerOf(from)];
}

/** Throws if providers cannot run on one of these platforms. */
export function checkPlatforms(platforms: readonly string[]): void {
  const problem = platforms.map(platformProblem).find((one) => one !== undefined);
  if (problem !== undefined) throw new Error(problem);
}

/** What a configuration needs to use a provider. */
export interface Requirement {
  readonly name: string;
  readonly source: string;
  readonly version: string;
}

/** The block that makes a configuration use providers. */
export function requirements(needed: readonly Requirement[]): string {
  const each = needed.map(
    ({ name, source, version }) => `    ${name} = {\n      source  = ${quote(source)}\n      version = ${quote(version)}\n    }`,
  );
  return `terraform {\n  required_providers {\n${each.join('\n')}\n  }\n}\n`;
}

/** A text between quotes in HCL. */
export function quote(text: string): string {
  return JSON.stringify(text).replace(/([$%])\{/g, '$1$1{');
}

/** The folder of an npm package: this one, or that of an installed package of this name; nothing if there is none. */
export function packageFolder(from: string): string | undefined {
  return [
    resolve(from),
    ...(nameOf(resolve('package.json')) === from ? [resolve('.')] : []),
    ...(createRequire(resolve('package.json')).resolve.paths(from) ?? []).map((path) => join(path, from)),
  ].find((path) => existsSync(join(path, 'package.json')));
}

/** The provider that `repoform provider build` built in a package. */
function providerOf(from: string): ProviderPackage {
  const folder = packageFolder(from);
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
