import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Estate } from './estate';
import { providerFile } from './workspace';

/** One of those that are compared. */
export interface Contender {
  readonly name: string;
  /** Type of the resource that stands for an object. */
  readonly resource: string;
  /** None for what Terraform has built in. */
  readonly provider?: { readonly type: string; readonly file: string; readonly config: (url: string) => object };
  /** The attributes of the resource with this number. */
  readonly body: (index: number, changed: boolean) => object;
}

/** The least that any provider can cost: a resource that is part of Terraform itself, with no process and no API. */
export function limit({ body, onWire }: Estate): Contender {
  return { name: 'limit', resource: 'terraform_data', body: (index, changed) => ({ input: (onWire?.of ?? body)(index, changed) }) };
}

/** A provider of this repository. */
export function ours({ provider: type, resource, body }: Estate, file = providerFile(type)): Contender {
  return { name: 'ours', resource, provider: { type, file, config: (endpoint) => ({ endpoint }) }, body };
}

/** Mastercard's `restapi` provider, set up to its own advantage: it takes over what a write answers and does not read it back. */
export function restapi({ onWire }: Estate, file: string): Contender {
  if (!onWire) throw new Error('--peer works with --provider artifactapi only');
  return {
    name: 'peer',
    resource: 'restapi_object',
    provider: { type: 'restapi', file, config: (uri) => ({ uri, id_attribute: 'name', write_returns_object: true }) },
    body: (index, changed) => ({ path: onWire.path, ignore_server_additions: true, data: JSON.stringify(onWire.of(index, changed)) }),
  };
}

/** The version under which every contender is installed. */
export const version = '1.0.0';

/** The source address under which a contender is installed. */
export const sourceOf = (type: string): string => `bench.example.com/bench/${type}`;

/** Puts a contender's provider where `terraform init` finds it in that folder. */
export function install(folder: string, { provider }: Contender): void {
  if (!provider) return;
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const target = join(folder, 'terraform.d/plugins', sourceOf(provider.type), version, `linux_${architecture}`);
  const file = join(target, `terraform-provider-${provider.type}_v${version}`);
  mkdirSync(target, { recursive: true });
  copyFileSync(provider.file, file);
  chmodSync(file, 0o755);
}
