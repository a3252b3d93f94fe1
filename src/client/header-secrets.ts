import type { ApiClient } from '../schema/define/client';

/** Headers that say what is sent and wanted, never who asks. */
const plain = /^(accept|content|user-agent$|cache-control$|x-requested-with$)/;

/** Shorter strings are not treated as secrets, because redacting them would make messages unreadable. */
const shortest = 4;

/**
 * The texts of headers that must not show: their values, and of what begins with a scheme (`Bearer ...`) what follows it. What the
 * provider block says in the open is none, e.g. a tenant.
 */
export function secretsIn(headers: Readonly<Record<string, string>>, settings: ApiClient['settings']): string[] {
  const open = new Set(Object.values(settings));
  return Object.entries(headers).flatMap(([name, value]) => {
    if (plain.test(name.toLowerCase()) || open.has(value)) return [];
    const [, credential] = /^[A-Za-z][\w-]* (.+)$/.exec(value) ?? [];
    return [value, ...(credential !== undefined ? [credential] : [])].filter((text) => text.length >= shortest);
  });
}
