import { UnexpectedAnswer } from './errors';
import type { ApiClient } from './binding';
import { dig, isJsonObject, type JsonObject } from './json';
import { unwrapList } from './unwrap';

/** A list that a server may return whole or in pages. */
export interface PagedList {
  readonly path: string;
  /** Names under which a server may wrap its list. */
  readonly listNames: readonly string[];
  /** The field that identifies an entry; for a nested one the segments of its path. */
  readonly keyField: string | readonly string[];
}

const mostPages = 1000;

/** All entries of a list. If `total` in the response is larger, further pages are requested until one adds nothing new. */
export async function fetchAll(client: ApiClient, { path, listNames, keyField }: PagedList): Promise<readonly JsonObject[]> {
  const { json } = await client.send({ method: 'GET', path });
  const named = (told: unknown, at: string): readonly JsonObject[] => withKeys(unwrapList(told, at, listNames), at, keyField);
  const first = named(json, path);
  const total = isJsonObject(json) && typeof json['total'] === 'number' ? json['total'] : first.length;
  const found = new Map(first.map((entry) => [dig(entry, pathOf(keyField)), entry]));
  for (let page = 2; found.size < total && page <= mostPages && first.length > 0; page += 1) {
    const next = `${path}?page=${page}&per_page=${first.length}`;
    const entries = named((await client.send({ method: 'GET', path: next })).json, next);
    const before = found.size;
    for (const entry of entries) found.set(dig(entry, pathOf(keyField)), entry);
    if (found.size === before) break;
  }
  return [...found.values()];
}

/** Entries without the key mean that this is not the requested list. */
function withKeys(entries: readonly JsonObject[], path: string, keyField: PagedList['keyField']): readonly JsonObject[] {
  if (entries.every((entry) => typeof dig(entry, pathOf(keyField)) === 'string')) return entries;
  throw new UnexpectedAnswer(
    `the answer to GET ${path} should be a list of objects with ${pathOf(keyField).join('.')}, but some objects lack it`,
  );
}

const pathOf = (field: PagedList['keyField']): readonly string[] => (typeof field === 'string' ? [field] : field);
