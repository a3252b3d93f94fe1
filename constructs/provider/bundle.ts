import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot, packageVersion } from '../base/package';

/** The provider executable that comes with this package. */
export interface Bundle {
  readonly path: string;
  readonly content: Buffer;
  readonly version: string;
  /** The name that Terraform looks for. */
  readonly fileName: string;
  /** Its hash in a lock file, the same for every platform. */
  readonly hash: string;
}

const read = new Map<string, { readonly modified: number; readonly bundle: Bundle }>();

/** The executable of a provider. Throws, saying what to do, when it is not there. */
export function bundleOf(type: string, root: string = packageRoot()): Bundle {
  const path = join(root, 'dist/provider', `terraform-provider-${type}`);
  if (!existsSync(path)) {
    throw new Error(
      `the provider executable ${path} is missing; in the source tree of repoform run "npm run build", else install the package again`,
    );
  }
  const modified = statSync(path).mtimeMs;
  const known = read.get(path);
  if (known?.modified === modified) return known.bundle;
  const version = packageVersion();
  const content = readFileSync(path);
  const fileName = `terraform-provider-${type}_v${version}`;
  const bundle = { path, content, version, fileName, hash: packageHash(fileName, content) };
  read.set(path, { modified, bundle });
  return bundle;
}

/** Terraform's `h1:` hash of a package with one file. */
export function packageHash(fileName: string, content: Buffer): string {
  const line = `${createHash('sha256').update(content).digest('hex')}  ${fileName}\n`;
  return `h1:${createHash('sha256').update(line).digest('base64')}`;
}
