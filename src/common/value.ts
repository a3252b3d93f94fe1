/**
 * The values that Terraform configurations, plans and states are made of, as the whole product passes them around.
 *
 * An attribute is `null` when it is not set and `UNKNOWN` when it is known only after apply. Objects and maps are plain
 * records that carry every attribute; lists and sets are arrays.
 */
export type Value = null | boolean | string | number | bigint | Decimal | Unknown | readonly Value[] | ValueRecord;

/** An object or a map of values. */
export interface ValueRecord {
  readonly [key: string]: Value;
}

/** A value that is known only after apply. There is one instance, `UNKNOWN`. */
export class Unknown {
  /** Keeps the class nominal and prints well in test output. */
  readonly unknown = true;
}

/** The one unknown value. */
export const UNKNOWN = new Unknown();

/** A number that neither a float64 nor an int64 holds exactly, in Terraform's decimal notation. */
export class Decimal {
  constructor(readonly text: string) {}
}

/** Whether a text is one that UTF-8 can write: no half of a surrogate pair, which JSON lets through. */
export function isText(text: string): boolean {
  return text.isWellFormed();
}

/** Tells an object or map from every other value. */
export function isRecord(value: Value | undefined): value is ValueRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unknown) && !(value instanceof Decimal);
}

/** Tells a list or set from every other value. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether nothing in the value, at any depth, is unknown. */
export function isKnown(value: Value): boolean {
  if (value === UNKNOWN) return false;
  if (isList(value)) return value.every(isKnown);
  if (isRecord(value)) return Object.values(value).every(isKnown);
  return true;
}

/** A record without its unknown parts, at any depth: entries are left out, elements of lists are null. */
export function knownParts(values: ValueRecord): ValueRecord {
  return Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value === UNKNOWN ? [] : [[key, knownPart(value)]])));
}

function knownPart(value: Value): Value {
  if (isKnown(value)) return value;
  if (isList(value)) return value.map(knownPart);
  return isRecord(value) ? knownParts(value) : null;
}

/** Deep equality as Terraform has it: same type, same elements in the same order, unknown equals only unknown. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a instanceof Decimal && b instanceof Decimal) return a.text === b.text;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i] as Value));
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key] as Value, b[key] as Value));
}

/** The number that a decimal text stands for, exactly, as a number where one holds it; nothing for all other texts. */
export function numberOf(text: string): number | bigint | Decimal | undefined {
  if (text.length > mostDigits || !/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,4})?$/.test(text)) return undefined;
  const number = Number(text);
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(number) ? number : BigInt(text);
  return Number.isSafeInteger(number) && text.replace(/\D/g, '').length <= 15 ? number : new Decimal(text);
}

/** Longer texts are never meant as numbers, and would take long to parse. */
const mostDigits = 1000;
