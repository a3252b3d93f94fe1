import { pathSegment } from '../../common/urls';
import type { ApiClient } from './binding';
import { ApiError, AttributeError } from './errors';
import { dig, isJsonObject, type JsonObject } from './json';
import { fetchPages } from './paged';
import { dataOf, unwrapObject } from './unwrap';

/** A collection of a plain REST API. */
export interface RestCollection {
  /** The path of the collection, e.g. `/teams`, or `/teams/{team}/members` with key attributes in braces; the remaining key part names an object below it. */
  readonly path: string;
  /** The field that names an object in what the API answers. @default the field of the last attribute of the key */
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
  readonly keyPaths?: readonly (readonly string[])[];
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
  readonly list: { scope(call: Pick<KeyCall, 'key'>): string; fetch(call: KeyCall): AsyncIterable<readonly JsonObject[]> };
  readonly constants: Readonly<Record<string, string>>;
  readonly uidFields: readonly string[];
  readonly fullUpdate: boolean;
  readonly pathKeys: readonly string[];
}

/** The hooks of a REST collection: POST to it, GET, PUT and DELETE below it, GET of it for the list. Spread them into a definition. */
export function rest(collection: RestCollection): RestHooks {
  if (!collection.path.startsWith('/'))
    throw new Error(`rest({ path: "${collection.path}" }): the path is appended to the endpoint; begin it with "/"`);
  const { constants = {}, updateMethod = 'PUT', uidFields = ['id', 'created_at'] } = collection;
  const keyField = ({ keyPaths }: KeyCall): readonly string[] => keyFieldOf(collection, keyPaths);
  const { base, item } = pathsOf(collection.path);
  return {
    async read(call) {
      const path = item(call.key);
      const answer = await notFoundIsNothing(call.client.send({ method: 'GET', path }));
      return answer && unwrapObject(answer.json, path, keyField(call));
    },
    async create(call) {
      // What could not be read afterwards must not be made.
      item(call.key);
      const answer = await call.client.send({ method: 'POST', path: base(call.key), body: { ...call.body, ...constants } });
      return returned(answer.json, keyField(call));
    },
    async update(call) {
      const answer = await call.client.send({ method: updateMethod, path: item(call.key), body: { ...call.body, ...constants } });
      return returned(answer.json, keyField(call));
    },
    remove: async ({ client, key }) => notFoundIsNothing(client.send({ method: 'DELETE', path: item(key) })),
    list: listOf(collection),
    constants,
    uidFields,
    fullUpdate: updateMethod === 'PUT',
    pathKeys: keysIn(collection.path),
  };
}

const keyFieldOf = ({ keyField }: RestCollection, keyPaths: KeyCall['keyPaths']): readonly string[] =>
  keyField === undefined ? (keyPaths?.at(-1) ?? ['name']) : [keyField];

const lists = new Map<string, RestHooks['list']>();

/** How a collection is listed: the same for all types in it, so that they share its lists. */
function listOf(collection: RestCollection): RestHooks['list'] {
  const { path, keyField, listNames = ['items', 'data', path.split('/').at(-1) ?? ''] } = collection;
  const name = JSON.stringify([path, keyField, listNames]);
  const { base } = pathsOf(path);
  const list = lists.get(name) ?? {
    scope: ({ key }) => base(key),
    fetch: ({ client, key, keyPaths }) => fetchPages(client, { path: base(key), listNames, keyField: keyFieldOf(collection, keyPaths) }),
  };
  lists.set(name, list);
  return list;
}

/** The names in braces in a path. */
const keysIn = (template: string): string[] => [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);

/** The paths of a collection and of an object in it. */
function pathsOf(template: string): { base(key: Key): string; item(key: Key): string } {
  const inPath = keysIn(template);
  const base = (key: Key): string => template.replace(/\{(\w+)\}/g, (_, name: string) => segment(name, key[name], template));
  const item = (key: Key): string => {
    const rest = Object.entries(key).filter(([name, value]) => !inPath.includes(name) && value !== undefined);
    return [base(key), ...rest.map(([name, value]) => segment(name, value, template))].join('/');
  };
  return { base, item };
}

/** A part of a key as a path segment. Servers and proxies resolve some texts to other objects. */
function segment(name: string, value: unknown, template: string): string {
  if (typeof value !== 'string')
    throw new Error(`the path "${template}" needs "${name}", which is not in the key; only key attributes can be in braces`);
  if (value === '' || value === '.' || value === '..')
    throw new AttributeError(`${JSON.stringify(value)} cannot be a segment of a URL path; choose another name`, name);
  return pathSegment(value);
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
function returned(json: unknown, key: readonly string[]): JsonObject | undefined {
  const object = dataOf(json, key);
  return isJsonObject(object) && typeof dig(object, key) === 'string' ? object : undefined;
}
