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
export const fetchAll = (client: ApiClient, list: PagedList): Promise<readonly JsonObject[]> => collected(fetchPages(client, list));

/** The same, page by page: a page is requested when it is asked for, so that whoever needs only the first objects requests no more. */
export async function* fetchPages(
  client: ApiClient,
  { path, listNames, keyField }: PagedList,
): AsyncGenerator<readonly JsonObject[], void, undefined> {
  const { json } = await client.send({ method: 'GET', path });
  const named = (told: unknown, at: string): readonly JsonObject[] => withKeys(unwrapList(told, at, listNames), at, keyField);
  const first = named(json, path);
  const total = isJsonObject(json) && typeof json['total'] === 'number' ? json['total'] : first.length;
  const found = new Set<unknown>();
  const added = (entries: readonly JsonObject[]): readonly JsonObject[] =>
    entries.filter((entry) => {
      const [key, before] = [dig(entry, pathOf(keyField)), found.size];
      return found.add(key).size > before;
    });
  yield added(first);
  for (let page = 2; found.size < total && page <= mostPages && first.length > 0; page += 1) {
    const next = `${path}?page=${page}&per_page=${first.length}`;
    const entries = added(named((await client.send({ method: 'GET', path: next })).json, next));
    if (entries.length === 0) break;
    yield entries;
  }
}

/** The entries of a list that comes whole or in pages. */
export async function collected(
  list: Promise<readonly JsonObject[]> | AsyncIterable<readonly JsonObject[]>,
): Promise<readonly JsonObject[]> {
  if (!isPaged(list)) return list;
  const all: JsonObject[] = [];
  for await (const page of list) for (const entry of page) all.push(entry);
  return all;
}

/** Whether a list comes in pages. */
export const isPaged = (list: object): list is AsyncIterable<readonly JsonObject[]> => Symbol.asyncIterator in list;

/** Entries without the key mean that this is not the requested list. */
function withKeys(entries: readonly JsonObject[], path: string, keyField: PagedList['keyField']): readonly JsonObject[] {
  if (entries.every((entry) => typeof dig(entry, pathOf(keyField)) === 'string')) return entries;
  throw new UnexpectedAnswer(
    `the answer to GET ${path} should be a list of objects with ${pathOf(keyField).join('.')}, but some objects lack it`,
  );
}

const pathOf = (field: PagedList['keyField']): readonly string[] => (typeof field === 'string' ? [field] : field);
