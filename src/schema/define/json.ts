import { Decimal } from '../../common/value';

/** A JSON value as it comes from or goes to an API. */
export type Json = null | boolean | number | bigint | Decimal | string | readonly Json[] | JsonObject;

/** A JSON object as it comes from or goes to an API. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Tells a JSON object from every other value. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Decimal);
}

/** The value at a path in an object. */
export function dig(object: JsonObject, path: readonly string[]): Json | undefined {
  let at: Json | undefined = object;
  for (const step of path) {
    if (!isJsonObject(at) || !Object.hasOwn(at, step)) return undefined;
    at = at[step];
  }
  return at;
}

/** A string, or nothing for any other value. */
export function textOf(json: Json | undefined): string | undefined {
  return typeof json === 'string' ? json : undefined;
}

/** The objects in a list; none if the value is not a list. */
export function listOf(json: Json | undefined): readonly JsonObject[] {
  return Array.isArray(json) ? (json as readonly Json[]).filter(isJsonObject) : [];
}

/** A number, or nothing for any other value. */
export function numberOf(json: Json | undefined): number | undefined {
  return typeof json === 'number' ? json : undefined;
}

/** The strings in a list; none if the value is not a list. */
export function textsOf(json: Json | undefined): readonly string[] {
  return Array.isArray(json) ? (json as readonly Json[]).filter((one) => typeof one === 'string') : [];
}
