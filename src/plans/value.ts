import { Decimal, UNKNOWN, Unknown } from '../common/value';

/** A value of a plan or a stack: as everywhere, `null` is not set and `UNKNOWN` is known only after apply; what is sensitive is a `Secret`. */
export type PlanValue = null | boolean | string | number | bigint | Decimal | Unknown | Secret | readonly PlanValue[] | PlanRecord;

/** An object or a map of values. */
export interface PlanRecord {
  readonly [name: string]: PlanValue;
}

/** A sensitive value. It can be compared with another one, and never be shown. */
export class Secret {
  readonly #text: string;

  /** @param value the value in JSON, with secrets of its own or without */
  constructor(value: unknown) {
    this.#text = textOf(value);
  }

  /** Whether it is an empty text, list or object, which servers take for none. */
  get isEmpty(): boolean {
    return ['""', '[]', '{}'].includes(this.#text);
  }

  equals(other: Secret): boolean {
    return this.#text === other.#text;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }
}

/** What stands for a secret in every output. */
export const HIDDEN = '(sensitive value)';

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item instanceof Decimal ? item.text : item)) ??
  'null';

/** Tells an object or map from every other value. */
export function isRecord(value: PlanValue | undefined): value is PlanRecord {
  return typeof value === 'object' && value !== null && !isList(value) && !isLeaf(value);
}

/** Tells a list or set from every other value. */
export function isList(value: PlanValue | undefined): value is readonly PlanValue[] {
  return Array.isArray(value);
}

const isLeaf = (value: object): boolean => value instanceof Unknown || value instanceof Decimal || value instanceof Secret;

/** Whether nothing in the value, at any depth, is unknown. */
export function isKnown(value: PlanValue): boolean {
  if (value === UNKNOWN) return false;
  if (isList(value)) return value.every(isKnown);
  return !isRecord(value) || Object.values(value).every(isKnown);
}

/** Deep equality; an unknown value equals only another one. */
export function sameValue(a: PlanValue, b: PlanValue): boolean {
  if (a === b) return true;
  if (a instanceof Secret) return b instanceof Secret && a.equals(b);
  if (a instanceof Decimal) return b instanceof Decimal && a.text === b.text;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index] as PlanValue));
  if (!isRecord(a) || !isRecord(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && sameValue(a[name] ?? null, b[name] ?? null))
  );
}

/** The value of an attribute; `null` if it is not set. */
export const valueAt = (values: PlanRecord | undefined, name: string): PlanValue =>
  values !== undefined && Object.hasOwn(values, name) ? (values[name] ?? null) : null;
