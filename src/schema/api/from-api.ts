import { Decimal, isList, isRecord, isText, numberOf, sameValue, type Value, type ValueRecord } from '../../common/value';
import { dig, isJsonObject, type Json, type JsonObject } from '../define/json';
import { type CollectionShape, isScalar, type Field, type Shape } from '../define/shape';
import { emptyOf } from './to-api';
import { agrees, partnersIn } from './walk';

/** The values of an API object, or the fields of the wrong type. */
export type FromApi = { readonly values: Record<string, Value>; readonly problems?: undefined } | { readonly problems: readonly string[] };

/**
 * Converts an API object to values. Where the server returns the same value in another form (`null` for an empty list, its
 * spelling of a URL), or returns none, the prior value is kept, so that only real differences show.
 *
 * @param prior the state or plan; omit for an import
 */
export function fromApi(fields: readonly Field[], object: JsonObject, prior: ValueRecord = {}): FromApi {
  const values: Record<string, Value> = {};
  const problems: string[] = [];
  for (const field of fields) {
    const before = prior[field.name];
    values[field.name] =
      field.api && !hidden(field)
        ? fieldFromJson(field, { json: dig(object, field.api), before, problems })
        : (before ?? field.default ?? null);
  }
  return problems.length > 0 ? { problems } : { values };
}

const hidden = (field: Field): boolean => field.facts.notReturned === true || field.facts.writeOnly === true;

interface FieldReading {
  readonly json: Json | undefined;
  readonly before: Value | undefined;
  readonly problems: string[];
}

function fieldFromJson(field: Field, { json, before, problems }: FieldReading): Value {
  const kept = before ?? field.default ?? null;
  // A volatile value that is no longer returned no longer exists.
  if (json === undefined && field.facts.volatile) return null;
  if (json === undefined) return before === undefined && field.default === undefined ? omitted(field) : kept;
  if (isEmpty(field.shape, json)) return emptyFromJson(field, { json, before, problems });
  const value = fromJson(field.shape, json, { path: (field.api ?? []).join('.'), before: kept, problems });
  if (before === undefined || before === null) return value;
  const same = field.facts.semanticEquals?.(before, value) ?? sameElements(field.shape, before, value);
  return same ? before : value;
}

/** Many servers omit zero values; where the server decides, a missing field is the zero of its type. */
function omitted({ optional, computed, shape }: Field): Value {
  if (!optional || !computed) return null;
  return shape.kind === 'number' ? 0 : shape.kind === 'bool' ? false : null;
}

/** `null`, `""`, `[]`, `{}` all mean "not set"; the form used in the configuration is kept. */
function emptyFromJson(field: Field, { json, before, problems }: FieldReading & { readonly json: Json }): Value {
  const path = (field.api ?? []).join('.');
  const told = (): Value => fromJson(field.shape, json, { path, before: null, problems });
  if (before !== undefined && before !== null && isEmpty(field.shape, before as Json)) return before;
  if (before === null && field.default === undefined) return null;
  if (field.default !== undefined) return json === null ? defaultWhenEmpty(field) : told();
  if (field.optional && !field.computed) return null;
  return json === null && (field.required || field.computed) && 'element' in field.shape ? (emptyOf(field.shape) as Value) : told();
}

/** A missing value on the server is the empty value, which differs from a non-empty default; one of a fixed set is never empty. */
function defaultWhenEmpty({ shape, default: fallback = null }: Field): Value {
  const empty = emptyOf(shape);
  return empty === null || isOutside(shape, empty) ? fallback : (empty as Value);
}

const isOutside = (shape: Shape, value: Json): boolean =>
  'oneOf' in shape && shape.oneOf !== undefined && !shape.oneOf.some((one) => one === value);

function isEmpty(shape: Shape, json: Json): boolean {
  if (shape.kind === 'object') return isNothing(json);
  if (json === null || json === '') return true;
  if (Array.isArray(json)) return json.length === 0;
  return shape.kind === 'map' && isJsonObject(json) && Object.keys(json).length === 0;
}

/** An object whose members all mean "not set". */
function isNothing(json: Json | undefined): boolean {
  if (json === null || json === undefined || json === '') return true;
  if (Array.isArray(json)) return json.length === 0;
  return isJsonObject(json) && Object.values(json).every(isNothing);
}

function sameElements(shape: Shape, a: Value, b: Value): boolean {
  if (shape.kind !== 'set' || !isList(a) || !isList(b)) return sameValue(a, b);
  return a.length === b.length && a.every((item) => b.some((other) => sameValue(item, other)));
}

interface JsonPosition {
  readonly path: string;
  readonly before: Value;
  readonly problems: string[];
}

function fromJson(shape: Shape, json: Json, place: JsonPosition): Value {
  if (json === null) return null;
  const { path, problems } = place;
  const wrong = (): null => {
    problems.push(`${path} should be a ${shape.kind} but is ${toldOf(json, shape)}`);
    return null;
  };
  if (isScalar(shape)) return scalarFromJson(shape.kind, json) ?? wrong();
  if (shape.kind === 'object') return isJsonObject(json) ? objectFromJson(shape.fields, json, place) : wrong();
  if (shape.kind === 'map' ? !isJsonObject(json) : !Array.isArray(json)) return wrong();
  return elementsFromJson(shape, json, place);
}

function elementsFromJson(shape: CollectionShape, json: Json, { path, before, problems }: JsonPosition): Value {
  const partner = partnersIn(shape, before);
  const one = (item: Json, at: string, prior: Value | undefined): Value =>
    fromJson(shape.element, item, { path: `${path}${at}`, before: prior ?? null, problems });
  if (isJsonObject(json))
    return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, one(item ?? null, `.${key}`, partner(key, undefined))]));
  const items = json as readonly Json[];
  if (shape.kind === 'set' && shape.element.kind === 'object')
    return items.map((item, i) => memberFromJson(shape, item, { path: `${path}[${i}]`, before, problems }));
  return items.map((item, i) => one(item, `[${i}]`, partner(i, keyInJson(shape, item))));
}

/** An element of a set keeps the form and the unreturned members of the prior element that it matches. */
function memberFromJson({ element }: CollectionShape, item: Json, { path, before, problems }: JsonPosition): Value {
  for (const prior of isList(before) ? before : []) {
    const value = fromJson(element, item, { path, before: prior, problems: [] });
    if (agrees(element, value, prior)) return value;
  }
  return fromJson(element, item, { path, before: null, problems });
}

function keyInJson({ element, elementKey }: CollectionShape, item: Json): Value | undefined {
  const field = element.kind === 'object' ? element.fields.find(({ name }) => name === elementKey) : undefined;
  const key = field?.api && isJsonObject(item) ? dig(item, field.api) : undefined;
  return typeof key === 'string' || typeof key === 'number' ? key : undefined;
}

function scalarFromJson(kind: 'string' | 'number' | 'bool', json: Json): Value | undefined {
  if (typeof json === 'string') return kind === 'string' && isText(json) ? json : undefined;
  if (typeof json === 'boolean') return kind === 'bool' ? json : undefined;
  if (kind !== 'number') return undefined;
  return json instanceof Decimal
    ? numberOf(json.text)
    : typeof json === 'bigint' || (typeof json === 'number' && Number.isFinite(json))
      ? json
      : undefined;
}

function objectFromJson(fields: readonly Field[], json: JsonObject, place: JsonPosition): Value {
  const read = fromApi(fields, json, isRecord(place.before) ? place.before : {});
  if (!read.problems) return read.values;
  place.problems.push(...read.problems.map((problem) => `${place.path}.${problem}`));
  return null;
}

function toldOf(json: Json, shape: Shape): string {
  if (json instanceof Decimal) return 'a number out of range';
  if (typeof json === 'string' && shape.kind === 'string') return 'an unpaired surrogate, which no string can hold';
  // No JSON has them, but a hook that computes may.
  if (typeof json === 'number' && !Number.isFinite(json)) return String(json);
  return Array.isArray(json) ? 'a list' : typeof json;
}
