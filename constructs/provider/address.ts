/** The host that Terraform assumes when an address names none. */
export const defaultHost = 'registry.terraform.io';

/** The parts of a provider's source address. */
export interface ProviderAddress {
  readonly host: string;
  readonly namespace: string;
  readonly type: string;
}

/** Parses an address: `host/namespace/type` or `namespace/type`. Throws when it is neither. */
export function parseAddress(source: string): ProviderAddress {
  const parts = source.split('/');
  const [host, namespace, type] = parts.length === 2 ? [defaultHost, ...parts] : parts;
  const valid = parts.length <= 3 && [namespace, type].every((part) => /^[0-9a-z](?:[0-9a-z_-]*[0-9a-z])?$/i.test(part ?? ''));
  if (!valid || !/^[0-9a-z][0-9a-z.:-]*$/i.test(host ?? ''))
    throw new Error(
      `"${source}" is not a provider source address; write host/namespace/type, e.g. "registry.terraform.io/repoform/artifactapi"`,
    );
  return { host: host as string, namespace: namespace as string, type: type as string };
}

/** The address in full. */
export function addressText({ host, namespace, type }: ProviderAddress): string {
  return `${host}/${namespace}/${type}`;
}
