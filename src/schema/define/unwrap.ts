import { UnexpectedAnswer } from './errors';
import { dig, isJsonObject, type JsonObject } from './json';

/** The content of `data` if that wraps the object; an object that has its key may have a field of that name itself. */
export function dataOf(json: unknown, key: readonly string[] | undefined): unknown {
  const isBare = isJsonObject(json) && key !== undefined && dig(json, key) !== undefined;
  return !isBare && isJsonObject(json) && isJsonObject(json['data']) ? json['data'] : json;
}

/**
 * An object, bare or in `data`. Throws `UnexpectedAnswer` for anything else.
 *
 * @param key the path of a field that every object has, so that a field of its own named `data` is not taken for a wrapping
 */
export function unwrapObject(json: unknown, path: string, key?: readonly string[]): JsonObject {
  const object = dataOf(json, key);
  if (isJsonObject(object) && Object.keys(object).length > 0) return object;
  throw new UnexpectedAnswer(`the answer to GET ${path} should be a JSON object but is ${describe(json)}`);
}

/** A bare JSON object. Throws `UnexpectedAnswer` for anything else. */
export function bareObject(json: unknown, path: string): JsonObject {
  if (isJsonObject(json)) return json;
  throw new UnexpectedAnswer(`the answer to GET ${path} should be a JSON object but is ${describe(json)}`);
}

/** A list of objects, bare or under one of `names`; `null` is an empty list. Throws `UnexpectedAnswer` for anything else. */
export function unwrapList(json: unknown, path: string, names: readonly string[] = []): readonly JsonObject[] {
  if (json === null) return [];
  const name = isJsonObject(json) ? names.find((candidate) => Object.hasOwn(json, candidate)) : undefined;
  const list = name !== undefined && isJsonObject(json) ? (json[name] ?? []) : json;
  if (Array.isArray(list) && list.every(isJsonObject)) return list;
  throw new UnexpectedAnswer(`the answer to GET ${path} should be a JSON list of objects but is ${describe(json)}`);
}

function describe(json: unknown): string {
  if (json === undefined) return 'not JSON';
  if (json === null) return 'null';
  if (Array.isArray(json)) return 'a list';
  if (isJsonObject(json)) return `an object with ${Object.keys(json).slice(0, 5).join(', ') || 'no fields'}`;
  return `a ${typeof json}`;
}
