import type { AttributePath, Diagnostic } from '../../common/diagnostic';
import { snakeCase } from '../../common/names';
import { Decimal, isKnown, isList, isRecord, numberOf, UNKNOWN, Unknown, type Value, type ValueRecord } from '../../common/value';
import type { Attributes, ValueOf } from './attribute';
import { type Field, isScalar, type Shape } from './shape';

/** A value of a configuration or plan, of which parts may be known only after apply. */
export type MaybeUnknown<T> =
  | Unknown
  | (T extends readonly (infer E)[]
      ? readonly MaybeUnknown<E>[]
      : T extends object
        ? { readonly [K in keyof T]: MaybeUnknown<T[K] | undefined> }
        : T);

/** The values of a configuration or plan, by camelCase name; `undefined` for what is not set. */
export type Config<A extends Attributes> = { readonly [K in keyof A]: MaybeUnknown<ValueOf<A[K]> | undefined> };

/** The known part of a type. */
export type Known<V> = V extends Unknown
  ? never
  : V extends readonly (infer E)[]
    ? readonly Known<E>[]
    : V extends object
      ? { readonly [K in keyof V]: Known<V[K]> }
      : V;

/** The value if it is fully known; otherwise `undefined`, as if it were not set. */
export function known<V>(value: V): Known<V> | undefined {
  return isWhole(value) ? (value as Known<V>) : undefined;
}

/** The value if it is set and not itself unknown; parts of it may be unknown. */
export function present<V>(value: V): Exclude<V, Unknown> | undefined {
  return value instanceof Unknown ? undefined : (value as Exclude<V, Unknown>);
}

/** The items of a list that are known, with their indexes; none when the list is unknown or not set. */
export function knownItems<E>(list: readonly E[] | Unknown | undefined): (readonly [index: number, item: Known<E>])[] {
  return Array.isArray(list)
    ? (list as readonly E[]).flatMap((item, index) => (isWhole(item) ? [[index, item as Known<E>] as const] : []))
    : [];
}

function isWhole(value: unknown): boolean {
  if (value === UNKNOWN) return false;
  return typeof value !== 'object' || value === null || Object.values(value).every(isWhole);
}

/** A Terraform value as hooks see it: unset values are `undefined`, names are camelCase, numbers are JavaScript numbers. */
export function hookValue(shape: Shape, value: Value): unknown {
  if (value === null) return undefined;
  if (value === UNKNOWN || isScalar(shape)) return plainNumber(value);
  if (shape.kind === 'object') return isRecord(value) ? hookValues(shape.fields, value) : undefined;
  // A list of its own: a hook may sort it in place.
  if (isList(value)) return value.map((item) => hookValue(shape.element, item));
  if (!isRecord(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hookValue(shape.element, item)]));
}

function plainNumber(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Decimal ? Number(value.text) : value;
}

/** The values of attributes as hooks see them. */
export function hookValues(fields: readonly Field[], values: ValueRecord): Record<string, unknown> {
  const seen: Record<string, unknown> = {};
  for (const { key, name, shape } of fields) seen[key] = hookValue(shape, values[name] ?? null);
  return seen;
}

/** The same, each looked up when it is read: who watches what a function looks at sees only that. */
export function hookView(fields: readonly Field[], values: ValueRecord, look: (value: Value) => Value = same): Record<string, unknown> {
  const byKey = keysOf(fields);
  const read = (key: string | symbol): unknown => {
    const field = byKey.get(key);
    return field && hookValue(field.shape, look(values[field.name] ?? null));
  };
  // Hooks are called for each object of an estate, and most read few attributes, so a getter for each attribute costs too much.
  return new Proxy<Record<string, unknown>>(
    {},
    {
      get: (_, key) => read(key),
      has: (_, key) => byKey.has(key),
      ownKeys: () => fields.map(({ key }) => key),
      getOwnPropertyDescriptor: (_, key) => (byKey.has(key) ? { value: read(key), enumerable: true, configurable: true } : undefined),
      set: () => false,
      defineProperty: () => false,
      deleteProperty: () => false,
    },
  );
}

const same = (value: Value): Value => value;

const keyed = new WeakMap<readonly Field[], ReadonlyMap<string | symbol, Field>>();

function keysOf(fields: readonly Field[]): ReadonlyMap<string | symbol, Field> {
  const made = keyed.get(fields) ?? new Map(fields.map((field) => [field.key, field]));
  keyed.set(fields, made);
  return made;
}

/** What a function needs is not known yet. */
export class NotKnownYet extends Error {
  constructor() {
    super('a value is known only after apply');
  }
}

/** The value, when all of it is known; throws a `NotKnownYet` otherwise. */
export function mustBeKnown(value: Value): Value {
  if (!isKnown(value)) throw new NotKnownYet();
  return value;
}

/** What a hook answers for an attribute, as Terraform has it. Throws for what no attribute can hold. */
export function terraformValue(shape: Shape, value: unknown): Value {
  if (value === undefined || value === null) return null;
  if (value instanceof Unknown) return UNKNOWN;
  if (value instanceof Set) return terraformValue(shape, [...(value as Set<unknown>)]);
  if (shape.kind === 'number') return exactNumber(value) ?? misfit(shape, value);
  if (Array.isArray(value)) return 'element' in shape ? value.map((item) => terraformValue(shape.element, item)) : misfit(shape, value);
  if (typeof value !== 'object') return isScalar(shape) && typeof value === kinds[shape.kind] ? (value as Value) : misfit(shape, value);
  if (shape.kind === 'object') {
    const members = value as Readonly<Record<string, unknown>>;
    return Object.fromEntries(shape.fields.map(({ key, name, shape: inner }) => [name, terraformValue(inner, members[key])]));
  }
  if (!('element' in shape)) return misfit(shape, value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, terraformValue(shape.element, item)]));
}

/** A number as Terraform has it; APIs tell hooks those that a float64 does not hold as a `bigint` or `Decimal`. */
function exactNumber(value: unknown): Value | undefined {
  if (value instanceof Decimal) return numberOf(value.text);
  return typeof value === 'bigint' || Number.isFinite(value) ? (value as Value) : undefined;
}

const kinds = { string: 'string', number: 'number', bool: 'boolean' } as const;

function misfit({ kind }: Shape, value: unknown): never {
  const what = Array.isArray(value) ? 'a list' : typeof value === 'number' && kind === 'number' ? String(value) : `a ${typeof value}`;
  throw new TypeError(`it should be a ${kind} but is ${what}`);
}

/** A diagnostic of a hook, whose path has camelCase names, as Terraform knows it. */
export function terraformDiagnostic(diagnostic: Diagnostic): Diagnostic {
  return diagnostic?.path ? { ...diagnostic, path: terraformPath(diagnostic.path) } : diagnostic;
}

const terraformPath = (path: AttributePath): AttributePath => path.map((step) => (typeof step === 'string' ? snakeCase(step) : step));
