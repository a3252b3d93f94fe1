import { type AttributePath, ELEMENT, type PathStep } from '../../common/diagnostic';
import { isList, isRecord, sameValue, UNKNOWN, type Value, type ValueRecord } from '../../common/value';
import { type CollectionShape, type Field, isServers, type Shape } from '../define/shape';
import { isUnset } from './unset';

/** A field that matches the search, or a path to matching fields inside it. */
export interface Branch {
  readonly field: Field;
  /** Whether the field itself matches. */
  readonly wanted: boolean;
  /** The branches of the objects inside its value. */
  readonly inner: readonly Branch[];
}

/** Finds fields at any depth. */
export type Search = (fields: readonly Field[]) => readonly Branch[];

/**
 * Prepares a search, which visits each definition once: if nothing matches, as in most definitions, walking over values costs
 * nothing.
 */
export function search(wanted: (field: Field) => boolean): Search {
  const known = new WeakMap<readonly Field[], readonly Branch[]>();
  const find: Search = (fields) => {
    const before = known.get(fields);
    if (before) return before;
    const branches = fields.map((field) => ({ field, wanted: wanted(field), inner: find(membersOf(field.shape)) }));
    const found = branches.filter((branch) => branch.wanted || branch.inner.length > 0);
    known.set(fields, found);
    return found;
  };
  return find;
}

const none: readonly Field[] = [];

/** The fields of the objects that a value of this shape is or holds. */
export function membersOf(shape: Shape): readonly Field[] {
  if (shape.kind === 'object') return shape.fields;
  return 'element' in shape ? membersOf(shape.element) : none;
}

/** A value of a matching field that is set. */
export interface Hit {
  readonly field: Field;
  readonly value: Value;
  readonly path: AttributePath;
}

/** The values of matching fields that are set, in objects that are set. */
export function hits(branches: readonly Branch[], values: Value): Hit[] {
  const found: Hit[] = [];
  collect(branches, values, { found, path: [] });
  return found;
}

interface Collecting {
  readonly found: Hit[];
  readonly path: AttributePath;
}

function collect(branches: readonly Branch[], values: Value, { found, path }: Collecting): void {
  if (!isRecord(values)) return;
  for (const { field, wanted, inner } of branches) {
    const value = values[field.name] ?? null;
    if (value === null) continue;
    const at = [...path, field.name];
    if (wanted) found.push({ field, value, path: at });
    if (inner.length > 0 && !isUnset(field, value)) collectWithin(field.shape, value, { inner, found, path: at });
  }
}

function collectWithin(shape: Shape, value: Value, { inner, found, path }: Collecting & { readonly inner: readonly Branch[] }): void {
  if (shape.kind === 'object') return collect(inner, value, { found, path });
  if (!('element' in shape)) return;
  for (const { item, step } of elementsOf(shape, value)) collectWithin(shape.element, item, { inner, found, path: [...path, step] });
}

function elementsOf(shape: CollectionShape, value: Value): { item: Value; step: PathStep }[] {
  if (isList(value)) return value.map((item, index) => ({ item, step: shape.kind === 'set' ? ELEMENT : index }));
  return isRecord(value) ? Object.entries(value).map(([key, item]) => ({ item, step: { key } })) : [];
}

/** The values with `change` applied to matching fields in objects that are set. */
export function rewrite(branches: readonly Branch[], values: ValueRecord, change: (value: Value, field: Field) => Value): ValueRecord {
  if (branches.length === 0) return values;
  const entries = branches.map(({ field, wanted, inner }): [string, Value] => {
    const value = values[field.name] ?? null;
    const within =
      inner.length === 0 || isUnset(field, value) ? value : rewriteWithin(field.shape, value, (one) => rewrite(inner, one, change));
    return [field.name, wanted ? change(within, field) : within];
  });
  return { ...values, ...Object.fromEntries(entries) };
}

function rewriteWithin(shape: Shape, value: Value, change: (values: ValueRecord) => Value): Value {
  if (shape.kind === 'object') return isRecord(value) ? change(value) : value;
  if (!('element' in shape)) return value;
  if (isList(value)) return value.map((item) => rewriteWithin(shape.element, item, change));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rewriteWithin(shape.element, item, change)]));
}

/** Finds the corresponding element in another value of the same collection. */
export type Partners = (at: number | string, key: Value | undefined) => Value | undefined;

/** Elements of maps correspond by key, those of lists by `elementKey` or position, those of sets not at all. */
export function partnersIn({ kind, elementKey }: CollectionShape, others: Value | undefined): Partners {
  if (kind === 'map') return (at) => (isRecord(others) && Object.hasOwn(others, at) ? others[at] : undefined);
  if (kind === 'set' || !isList(others)) return () => undefined;
  if (elementKey === undefined) return (at) => others[Number(at)];
  const byKey = new Map(others.flatMap((item) => (isRecord(item) ? [[item[elementKey] ?? null, item] as const] : [])));
  return (_, key) => (key === undefined || key === null || key === UNKNOWN ? undefined : byKey.get(key));
}

/** The value that identifies an element of a list, if the definition declares an `elementKey`. */
export const elementKeyOf = ({ elementKey }: CollectionShape, item: Value): Value | undefined =>
  elementKey !== undefined && isRecord(item) ? (item[elementKey] ?? null) : undefined;

/** Whether two values agree in everything that a user may set; unknown or missing values in `part` match anything. */
export function agrees(shape: Shape, value: Value | undefined, part: Value | undefined): boolean {
  if (part === undefined || part === UNKNOWN) return true;
  if (value === undefined) return false;
  if (shape.kind === 'object' && isRecord(value) && isRecord(part))
    return shape.fields.every((field) => isServers(field) || agrees(field.shape, value[field.name], part[field.name]));
  if (!('element' in shape)) return sameValue(value, part);
  const { kind, element } = shape;
  if (isList(value) && isList(part))
    return (
      value.length === part.length &&
      part.every((one, i) => (kind === 'set' ? value.some((other) => agrees(element, other, one)) : agrees(element, value[i], one)))
    );
  if (!isRecord(value) || !isRecord(part)) return sameValue(value, part);
  const keys = Object.keys(part);
  return keys.length === Object.keys(value).length && keys.every((key) => agrees(element, value[key], part[key]));
}
