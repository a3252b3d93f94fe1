import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RemoteFields } from './remote-fields';
import { providerFile } from './workspace';

/** One of those that are compared. */
export interface Contender {
  readonly name: string;
  /** Type of the resource that stands for a remote. */
  readonly resource: string;
  /** None for what Terraform has built in. */
  readonly provider?: { readonly type: string; readonly file: string; readonly config: (url: string) => object };
  /** The attributes of the resource. */
  readonly body: (fields: RemoteFields) => object;
}

const onWire = (fields: RemoteFields): object => ({ ...fields, package_type: 'generic' });

/** The least that any provider can cost: a resource that is part of Terraform itself, with no process and no API. */
export const limit: Contender = { name: 'limit', resource: 'terraform_data', body: (fields) => ({ input: onWire(fields) }) };

/** The provider of this repository. */
export function ours(file = providerFile): Contender {
  return {
    name: 'ours',
    resource: 'artifactapi_remote_generic',
    provider: { type: 'artifactapi', file, config: (endpoint) => ({ endpoint }) },
    body: (fields) => fields,
  };
}

/** Mastercard's `restapi` provider, set up to its own advantage: it takes over what a write answers and does not read it back. */
export function restapi(file: string): Contender {
  return {
    name: 'peer',
    resource: 'restapi_object',
    provider: { type: 'restapi', file, config: (uri) => ({ uri, id_attribute: 'name', write_returns_object: true }) },
    body: (fields) => ({ path: '/api/v2/remotes', ignore_server_additions: true, data: JSON.stringify(onWire(fields)) }),
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
