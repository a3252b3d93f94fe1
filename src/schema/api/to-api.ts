import { Decimal, isList, isRecord, type Value, type ValueRecord } from '../../common/value';
import { isJsonObject, type Json, type JsonObject } from '../define/json';
import { type CollectionShape, type Field, isServers, placeOf, type Shape } from '../define/shape';
import { isUnset } from './unset';
import { elementKeyOf, partnersIn } from './walk';

/**
 * The JSON to send for known values. Every API field that a user may set is sent, empty ones as the empty value of
 * their type, so that the server matches what the configuration omits. Not sent are values that only the server sets, values that it
 * decides when nothing is set, and secrets that were never set.
 *
 * @param prior the state before the change: a secret that was in it and is no longer set is sent empty
 */
export function toApi(fields: readonly Field[], values: ValueRecord, prior?: ValueRecord): JsonObject {
  const body: Record<string, Json | undefined> = {};
  const sent = fields.filter((field) => field.api && !isServers(field));
  const isSet = (field: Field): boolean => !isUnset(field, values[field.name] ?? null);
  const given = new Set(sent.flatMap((field) => (isSet(field) ? [placeOf(field)] : [])));
  for (const field of sent) {
    // A secret has two attributes for one field: unsetting one must not clear what the other one now sets.
    if (!isSet(field) && given.has(placeOf(field))) continue;
    const json = fieldToJson(field, isSet(field) ? (values[field.name] ?? null) : null, prior?.[field.name] ?? null);
    if (json !== undefined) put(body, field.api ?? [], json);
  }
  return body;
}

function fieldToJson(field: Field, value: Value, prior: Value): Json | undefined {
  if (value !== null) return toJson(field.shape, value, prior);
  const hidden = field.facts.notReturned || field.facts.writeOnly;
  if (hidden ? prior === null : field.computed) return undefined;
  return emptyOf(field.shape);
}

/** The API's "not set" value of a type. */
export function emptyOf(shape: Shape): Json {
  if (shape.kind === 'string') return '';
  if (shape.kind === 'list' || shape.kind === 'set') return [];
  if (shape.kind === 'map') return {};
  return null;
}

/** One known value as JSON. */
export function toJson(shape: Shape, value: Value, prior: Value = null): Json {
  if (value === null) return null;
  if (typeof value === 'bigint' || value instanceof Decimal) return value;
  if (shape.kind === 'object' && isRecord(value)) return toApi(shape.fields, value, isRecord(prior) ? prior : undefined);
  if ('element' in shape) return elementsToJson(shape, value, prior);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new Error('an unknown value reached the API');
}

function elementsToJson(shape: CollectionShape, value: Value, prior: Value): Json {
  const partner = partnersIn(shape, prior);
  if (isList(value)) return value.map((item, index) => toJson(shape.element, item, partner(index, elementKeyOf(shape, item)) ?? null));
  if (!isRecord(value)) throw new Error('an unknown value reached the API');
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, toJson(shape.element, item, partner(key, undefined) ?? null)]),
  );
}

/** Two fields may share an object, in either order. */
function put(body: Record<string, Json | undefined>, path: readonly string[], json: Json): void {
  const [head, ...rest] = path as [string, ...string[]];
  const before = Object.hasOwn(body, head) ? body[head] : undefined;
  const shared = isJsonObject(before) ? before : undefined;
  if (rest.length === 0) {
    body[head] = shared && (json === null || isJsonObject(json)) ? { ...shared, ...json } : json;
    return;
  }
  const inner: Record<string, Json | undefined> = { ...shared };
  body[head] = inner;
  put(inner, rest, json);
}
