import { pathSegment } from '../../common/urls';
import { ApiError } from './errors';
import type { ApiClient, Binding, ObjectKey } from './binding';
import { isJsonObject, type JsonObject } from './json';
import { fetchAll } from './paged';
import { unwrapObject } from './unwrap';

/** A collection of a plain REST API. */
export interface RestCollection {
  /** Where the collection is, e.g. `/api/v2/remotes`. */
  readonly path: string;
  /** The field that names an object. @default 'name' */
  readonly keyField?: string;
  /** Fields that every object of this kind has, sent with each write. */
  readonly constants?: Readonly<Record<string, string>>;
  /** Names under which a server may wrap its list. */
  readonly listNames: readonly string[];
}

/** Binds a definition to a REST collection: POST to it, GET, PUT and DELETE below it, GET of it for all. */
export function rest(collection: RestCollection): Binding {
  const { path, constants = {}, keyField = 'name', listNames } = collection;
  const item = (key: ObjectKey): string => `${path}/${key.map(pathSegment).join('/')}`;
  const read = async (client: ApiClient, key: ObjectKey): Promise<JsonObject | undefined> => {
    const answer = await notFoundIsNothing(client.send({ method: 'GET', path: item(key) }));
    return answer && unwrapObject(answer.json, item(key));
  };
  return {
    constants,
    uidFields: ['id', 'created_at'],
    fullUpdate: true,
    read,
    async create(client, { body }) {
      const answer = await client.send({ method: 'POST', path, body: { ...body, ...constants } });
      return returned(answer.json, keyField);
    },
    async update(client, { key, body }) {
      const answer = await client.send({ method: 'PUT', path: item(key), body: { ...body, ...constants } });
      return returned(answer.json, keyField);
    },
    async remove(client, key) {
      await notFoundIsNothing(client.send({ method: 'DELETE', path: item(key) }));
    },
    list: {
      scope: () => path,
      fetch: (client) => fetchAll(client, { path, listNames, keyField }),
      keyOf: (entry) => (typeof entry[keyField] === 'string' ? [entry[keyField]] : undefined),
    },
  };
}

/** A 404 as nothing; every other failure stays one. */
export async function notFoundIsNothing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (cause) {
    if (cause instanceof ApiError && cause.code === 'not-found') return undefined;
    throw cause;
  }
}

/** What a write answered, when it is the object; an acknowledgement or nothing is no object. */
function returned(json: unknown, keyField: string): JsonObject | undefined {
  const object = isJsonObject(json) && isJsonObject(json['data']) ? json['data'] : json;
  return isJsonObject(object) && typeof object[keyField] === 'string' ? object : undefined;
}
