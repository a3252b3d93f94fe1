import { isDeepStrictEqual } from 'node:util';
import { writeJson } from '../../common/exact-json';
import {
  type ApiClient,
  type ApiRequest,
  isJsonObject,
  type Json,
  type JsonObject,
  notFoundIsNothing,
  textOf,
  UnexpectedAnswer,
} from '../../schema/define';

/** Path segments, each encoded, e.g. `/repository/api/repo/info/payments/maven`. */
export const path = (base: string, ...segments: readonly string[]): string => [base, ...segments.map(encodeURIComponent)].join('/');

/** A path in a repository, as part of a URL: its slashes stay. */
export const encodedPath = (node: string): string => node.split('/').map(encodeURIComponent).join('/');

/** A query, without what is undefined. */
export function query(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, `${value}`] as [string, string]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

/** What the envelope of an answer holds. Throws `UnexpectedAnswer` for what is no envelope. */
export async function call(client: ApiClient, request: ApiRequest): Promise<Json | undefined> {
  const { json } = await client.send(request);
  if (isJsonObject(json) && json.code === 0) return json.data;
  throw new UnexpectedAnswer(
    `the answer to ${request.method} ${request.path} should be the JSON envelope of BK-Repo but is not; is the endpoint BK-Repo itself?`,
  );
}

/** The object at a path; nothing when the server says that there is none. */
export async function getObject(client: ApiClient, at: string): Promise<JsonObject | undefined> {
  const data = await notFoundIsNothing(call(client, { method: 'GET', path: at }));
  if (data === undefined || data === null) return undefined;
  if (isJsonObject(data)) return data;
  throw new UnexpectedAnswer(`the data of GET ${at} should be an object`);
}

/** The list at a path; nothing where there is no such parent. */
export async function getList(client: ApiClient, at: string): Promise<readonly JsonObject[]> {
  return objects((await notFoundIsNothing(call(client, { method: 'GET', path: at }))) ?? [], at);
}

type PageRequest = (number: number, size: number) => ApiRequest;

/** All entries of a list in pages, at most `limit`. Nothing where there is no such parent. */
export async function getPages(client: ApiClient, page: PageRequest, limit: number): Promise<JsonObject[] | undefined> {
  const found: JsonObject[] = [];
  let isThere = false;
  for await (const records of pagesOf(client, page, limit)) {
    isThere = true;
    found.push(...records);
  }
  return isThere ? found : undefined;
}

/** The same, page by page; a short page is the last one, whatever the totals say. No page where there is no such parent. */
export async function* pagesOf(client: ApiClient, page: PageRequest, limit: number): AsyncGenerator<readonly JsonObject[], void> {
  const size = Math.min(limit, 1000);
  let first: JsonObject | undefined;
  for (let [number, before] = [1, 0]; before < limit; number += 1) {
    const request = page(number, size);
    const asked = call(client, request).then((value) => value ?? []);
    const data = await (number === 1 ? notFoundIsNothing(asked) : asked);
    if (data === undefined) return;
    const records = objects(isJsonObject(data) ? (data.records ?? []) : data, request.path);
    // A server that knows no pages gives the same, or all, each time.
    if (number > 1 && isDeepStrictEqual(records[0], first)) return;
    first = records[0];
    yield records.slice(0, limit - before);
    before += records.length;
    if (records.length !== size) return;
  }
}

/** A list of objects. Throws `UnexpectedAnswer` for what is none. */
export function objects(data: Json, at: string): readonly JsonObject[] {
  if (Array.isArray(data) && data.every(isJsonObject)) return data;
  throw new UnexpectedAnswer(`the data of ${at} should be a list of objects`);
}

/** What a map of any JSON values says in texts: texts as they are, all else as JSON. */
export const jsonTexts = (map: JsonObject): Record<string, string> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, textOf(value) ?? writeJson(value ?? null)]));

/** Entries in the order of a field, whatever the order in which the server has them. */
export const sortedBy = (field: string, entries: readonly JsonObject[]): JsonObject[] =>
  [...entries].sort((a, b) => ((textOf(a[field]) ?? '') < (textOf(b[field]) ?? '') ? -1 : 1));

/** The user in whose name the provider asks; nothing where only the server knows, as of a bearer token. */
export const callerOf = ({ settings }: Pick<ApiClient, 'settings'>): string | undefined =>
  [settings.uid, settings.username].find((name) => typeof name === 'string');
