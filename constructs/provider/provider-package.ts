import type { TerraformProviderGeneratorMetadata } from 'cdktf';
import { join } from 'node:path';
import { packageRoot, packageVersion } from '../base/package';

/** A provider that comes in an npm package with its constructs. */
export interface ProviderPackage {
  /** Terraform's name for it, e.g. `acme`. */
  readonly name: string;
  readonly version: string;
  /** Its source address with host, e.g. `registry.terraform.io/acme/acme`. */
  readonly source: string;
  /** The path of its executable. */
  readonly executable: string;
  /** The npm package. @default this one */
  readonly npmPackage?: string;
  /** What to do when the executable is missing. */
  readonly remedy: string;
}

/** A provider of this package. Its version is looked up when it is asked for. */
export function ownPackage(name: string, root: () => string = packageRoot): ProviderPackage {
  return {
    name,
    source: `registry.terraform.io/repoform/${name}`,
    remedy: 'in the source tree of repoform run "npm run build", else install the package again',
    get version() {
      return packageVersion();
    },
    get executable() {
      return join(root(), 'dist/provider', `terraform-provider-${name}`);
    },
  };
}

/** What cdktf records about the origin of a class. */
export function generatorMetadata({ name, version }: ProviderPackage): TerraformProviderGeneratorMetadata {
  return { providerName: name, providerVersion: version, providerVersionConstraint: version };
}
