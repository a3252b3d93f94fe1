import { GoError, type Json, JsonNumber } from './json-parse';

/** The type of a value: what Go unmarshals JSON into. */
export type Shape = 'string' | 'int' | 'bool' | 'any' | { readonly map: Shape } | { readonly list: Shape } | Struct;

/** A struct, with its name in its package. */
export interface Struct {
  readonly struct: string;
  readonly fields: Readonly<Record<string, Shape>>;
}

/** Where a value stands: the struct it is in, and its path from the top. */
interface Place {
  readonly struct: string;
  readonly path: readonly string[];
}

/** Reads a value as Go does: keys match whatever their case, unknown ones are passed over, null is as if absent, a wrong type is an error. */
export function decodeJson<T>(json: Json, shape: Shape): T {
  return decode(json, shape) as T;
}

/** Any value, with its numbers read. */
export function plainJson(json: Json): unknown {
  if (json instanceof JsonNumber) return Number(json.text);
  if (Array.isArray(json)) return json.map(plainJson);
  return json instanceof Map ? Object.fromEntries([...json].map(([key, value]) => [key, plainJson(value)])) : json;
}

function decode(json: Json, shape: Shape, place?: Place): unknown {
  if (shape === 'any') return plainJson(json);
  if (json === null) return isStruct(shape) ? {} : undefined;
  if (shape === 'string' && typeof json === 'string') return json;
  if (shape === 'bool' && typeof json === 'boolean') return json;
  if (shape === 'int' && json instanceof JsonNumber && isInt(json.text)) return Number(json.text);
  if (typeof shape === 'string') return mismatch(json, shape, place);
  if ('list' in shape) return Array.isArray(json) ? json.map((item) => decode(item, shape.list, place)) : mismatch(json, shape, place);
  if (!(json instanceof Map)) return mismatch(json, shape, place);
  if ('map' in shape) return Object.fromEntries([...json].map(([key, value]) => [key, decode(value, shape.map, place) ?? '']));
  return decodeStruct(json, shape, place);
}

function decodeStruct(json: ReadonlyMap<string, Json>, { struct, fields }: Struct, place?: Place): unknown {
  const made: Record<string, unknown> = {};
  const names = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
  for (const [key, value] of json) {
    const name = Object.hasOwn(fields, key) ? key : names.get(key.toLowerCase());
    const shape = name === undefined ? undefined : fields[name];
    if (name === undefined || shape === undefined) continue;
    const decoded = decode(value, shape, { struct: struct.split('.').at(-1) ?? '', path: [...(place?.path ?? []), name] });
    if (decoded !== undefined) made[name] = decoded;
  }
  return made;
}

function isStruct(shape: Shape): shape is Struct {
  return typeof shape === 'object' && 'struct' in shape;
}

function isInt(text: string): boolean {
  return /^-?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

function mismatch(json: Json, shape: Shape, place: Place | undefined): never {
  const target = place ? `struct field ${place.struct}.${place.path.join('.')} of type` : 'value of type';
  throw new GoError(`json: cannot unmarshal ${kindOf(json, shape)} into Go ${target} ${typeName(shape)}`);
}

function kindOf(json: Json, wanted: Shape): string {
  // Go shows a number that does not fit the type, but not one where no number was wanted.
  if (json instanceof JsonNumber) return wanted === 'int' ? `number ${json.text}` : 'number';
  if (Array.isArray(json)) return 'array';
  return json instanceof Map ? 'object' : typeof json === 'boolean' ? 'bool' : 'string';
}

function typeName(shape: Shape): string {
  if (typeof shape === 'string') return shape === 'any' ? 'interface {}' : shape;
  if ('struct' in shape) return shape.struct;
  return 'map' in shape ? `map[string]${typeName(shape.map)}` : `[]${typeName(shape.list)}`;
}
