import type { JsonObject } from '../../../schema/define/json';

/** Entries in the order of their names: a server's order may change from call to call. */
export function byName(entries: readonly JsonObject[]): JsonObject[] {
  return [...entries].sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1));
}
