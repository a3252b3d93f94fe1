import { isList, isRecord, UNKNOWN, type Decimal, type Value } from '../../common/value';
import type { TypeConstraint } from '../../schema/derive/terraform';

/** A value of dynamic type, which travels with the name of the type it has. */
export class TypedValue {
  readonly type: Buffer;

  constructor(readonly value: Value) {
    this.type = Buffer.from(JSON.stringify(typeOf(value)));
  }
}

/** A value in which every place of dynamic type carries its type. */
export type WireValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | Decimal
  | typeof UNKNOWN
  | TypedValue
  | readonly WireValue[]
  | { readonly [key: string]: WireValue };

/** Finds the places of dynamic type in a value. */
export function withTypes(value: Value, type: TypeConstraint): WireValue {
  if (value === null || value === UNKNOWN) return value as null;
  if (type === 'dynamic') return new TypedValue(value);
  if (typeof type === 'string') return value as WireValue;
  if (isList(value))
    return value.map((item, i) => withTypes(item, type[0] === 'tuple' ? (type[1][i] as TypeConstraint) : (type[1] as TypeConstraint)));
  if (!isRecord(value)) return value as WireValue;
  const member = (key: string): TypeConstraint => (type[0] === 'object' ? (type[1][key] as TypeConstraint) : (type[1] as TypeConstraint));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTypes(item, member(key))]));
}

function typeOf(value: Value): TypeConstraint {
  if (value === null || value === UNKNOWN) return 'dynamic';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (isList(value)) return ['tuple', value.map(typeOf)];
  if (isRecord(value)) return ['object', Object.fromEntries(Object.entries(value).map(([key, item]) => [key, typeOf(item)]))];
  return 'number';
}
