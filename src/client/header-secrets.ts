import type { ApiClient } from '../schema/define/client';
import { shortestSecret } from './redact';

/** Headers that never contain credentials. */
const plain = /^(accept|content|user-agent$|cache-control$|x-requested-with$)/;

/**
 * The secrets in headers: their values, and for values with a scheme (`Bearer ...`) the part after it. What the
 * provider block sets as not sensitive, e.g. a tenant, is not a secret.
 */
export function secretsIn(headers: Readonly<Record<string, string>>, settings: ApiClient['settings']): string[] {
  const open = new Set(Object.values(settings));
  return Object.entries(headers).flatMap(([name, value]) => {
    if (plain.test(name.toLowerCase()) || open.has(value)) return [];
    const [, credential] = /^[A-Za-z][\w-]* (.+)$/.exec(value) ?? [];
    return [value, ...(credential !== undefined ? [credential] : [])].filter((text) => text.length >= shortestSecret);
  });
}
