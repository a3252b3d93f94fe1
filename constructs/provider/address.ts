/** The host that Terraform means when an address names none. */
export const defaultHost = 'registry.terraform.io';

/** A provider's source address, taken apart. */
export interface ProviderAddress {
  readonly host: string;
  readonly namespace: string;
  readonly type: string;
}

/** Takes an address apart: `host/namespace/type` or `namespace/type`. Throws when it is neither. */
export function parseAddress(source: string): ProviderAddress {
  const parts = source.split('/');
  const [host, namespace, type] = parts.length === 2 ? [defaultHost, ...parts] : parts;
  const valid = parts.length <= 3 && [namespace, type].every((part) => /^[0-9a-z](?:[0-9a-z_-]*[0-9a-z])?$/i.test(part ?? ''));
  if (!valid || !/^[0-9a-z][0-9a-z.:-]*$/i.test(host ?? ''))
    throw new Error(`"${source}" is no provider source; write host/namespace/type, e.g. "registry.terraform.io/repoform/artifactapi"`);
  return { host: host as string, namespace: namespace as string, type: type as string };
}

/** The address in full. */
export function addressText({ host, namespace, type }: ProviderAddress): string {
  return `${host}/${namespace}/${type}`;
}
