import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { ProviderPackage } from './provider-package';

/** The provider executable that comes with a package. */
export interface Bundle {
  readonly path: string;
  readonly content: Buffer;
  readonly version: string;
  /** The file name that Terraform looks for. */
  readonly fileName: string;
  /** Its hash in a lock file, the same for every platform. */
  readonly hash: string;
}

const read = new Map<string, { readonly modified: number; readonly bundle: Bundle }>();

/** The executable of a provider. Throws, with what to do, when it is missing. */
export function bundleOf({ name, version, executable: path, remedy }: ProviderPackage): Bundle {
  if (!existsSync(path)) throw new Error(`the provider executable ${path} is missing; ${remedy}`);
  const modified = statSync(path).mtimeMs;
  const known = read.get(path);
  if (known?.modified === modified) return known.bundle;
  const content = readFileSync(path);
  const fileName = `terraform-provider-${name}_v${version}`;
  const bundle = { path, content, version, fileName, hash: packageHash(fileName, content) };
  read.set(path, { modified, bundle });
  return bundle;
}

/** Terraform's `h1:` hash of a package with one file. */
export function packageHash(fileName: string, content: Buffer): string {
  const line = `${createHash('sha256').update(content).digest('hex')}  ${fileName}\n`;
  return `h1:${createHash('sha256').update(line).digest('base64')}`;
}
