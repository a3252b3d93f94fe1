import { snakeCase } from '../../common/names';
import { pathSegment } from '../../common/urls';
import type { ApiClient } from './binding';
import { ApiError } from './errors';
import { isJsonObject, type JsonObject } from './json';
import { fetchAll } from './paged';
import { unwrapObject } from './unwrap';

/** A collection of a plain REST API. */
export interface RestCollection {
  /** The path of the collection, e.g. `/teams`, or `/teams/{team}/members` with key attributes in braces; the remaining key part names an object below it. */
  readonly path: string;
  /** The field that names an object in a list. @default the last attribute of the key in snake_case */
  readonly keyField?: string;
  /** Fields that every object of this kind has, sent with each write. @default none */
  readonly constants?: Readonly<Record<string, string>>;
  /** Names under which a server may wrap its list. @default `items`, `data` and the last segment of the path */
  readonly listNames?: readonly string[];
  /** How an object is updated. @default 'PUT' */
  readonly updateMethod?: 'PUT' | 'PATCH';
  /** Fields that distinguish an object from a later one with the same key, if the server returns them. @default `id` and `created_at` */
  readonly uidFields?: readonly string[];
}

type Key = Readonly<Record<string, unknown>>;
interface KeyCall {
  readonly client: ApiClient;
  readonly key: Key;
}
interface BodyCall extends KeyCall {
  readonly body: JsonObject;
}

/** The hooks of a plain REST collection, for any definition. */
export interface RestHooks {
  read(call: KeyCall): Promise<JsonObject | undefined>;
  create(call: BodyCall): Promise<JsonObject | undefined>;
  update(call: BodyCall): Promise<JsonObject | undefined>;
  remove(call: KeyCall): Promise<unknown>;
  readonly list: { scope(call: Pick<KeyCall, 'key'>): string; fetch(call: KeyCall): Promise<readonly JsonObject[]> };
  readonly constants: Readonly<Record<string, string>>;
  readonly uidFields: readonly string[];
  readonly fullUpdate: boolean;
}

/** The hooks of a REST collection: POST to it, GET, PUT and DELETE below it, GET of it for the list. Spread them into a definition. */
export function rest(collection: RestCollection): RestHooks {
  const { constants = {}, updateMethod = 'PUT', uidFields = ['id', 'created_at'] } = collection;
  const keyField = (key: Key): string => keyFieldOf(collection, key);
  const { base, item } = pathsOf(collection.path);
  return {
    async read({ client, key }) {
      const answer = await notFoundIsNothing(client.send({ method: 'GET', path: item(key) }));
      return answer && unwrapObject(answer.json, item(key));
    },
    async create({ client, key, body }) {
      const answer = await client.send({ method: 'POST', path: base(key), body: { ...body, ...constants } });
      return returned(answer.json, keyField(key));
    },
    async update({ client, key, body }) {
      const answer = await client.send({ method: updateMethod, path: item(key), body: { ...body, ...constants } });
      return returned(answer.json, keyField(key));
    },
    remove: ({ client, key }) => notFoundIsNothing(client.send({ method: 'DELETE', path: item(key) })),
    list: listOf(collection),
    constants,
    uidFields,
    fullUpdate: updateMethod === 'PUT',
  };
}

const keyFieldOf = (collection: RestCollection, key: Key): string => collection.keyField ?? snakeCase(Object.keys(key).at(-1) ?? 'name');

const lists = new Map<string, RestHooks['list']>();

/** How a collection is listed: the same for all types in it, so that they share its lists. */
function listOf(collection: RestCollection): RestHooks['list'] {
  const { path, keyField, listNames = ['items', 'data', path.split('/').at(-1) ?? ''] } = collection;
  const name = JSON.stringify([path, keyField, listNames]);
  const { base } = pathsOf(path);
  const list = lists.get(name) ?? {
    scope: ({ key }) => base(key),
    fetch: ({ client, key }) => fetchAll(client, { path: base(key), listNames, keyField: keyFieldOf(collection, key) }),
  };
  lists.set(name, list);
  return list;
}

/** The paths of a collection and of an object in it. */
function pathsOf(template: string): { base(key: Key): string; item(key: Key): string } {
  const inPath = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  const segment = (value: unknown): string => pathSegment(typeof value === 'string' ? value : '');
  const base = (key: Key): string => template.replace(/\{(\w+)\}/g, (_, name: string) => segment(key[name]));
  const item = (key: Key): string => {
    const rest = Object.entries(key).filter(([name, value]) => !inPath.includes(name) && value !== undefined);
    return [base(key), ...rest.map(([, value]) => segment(value))].join('/');
  };
  return { base, item };
}

/** Converts "not found" to nothing; all other failures are passed on. */
export async function notFoundIsNothing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (cause) {
    if (cause instanceof ApiError && cause.code === 'not-found') return undefined;
    throw cause;
  }
}

/** The response to a write, if it is the object; an acknowledgement is not. */
function returned(json: unknown, keyField: string): JsonObject | undefined {
  const object = isJsonObject(json) && isJsonObject(json['data']) ? json['data'] : json;
  return isJsonObject(object) && typeof object[keyField] === 'string' ? object : undefined;
}
