import type { Binding } from '../schema/define/binding';
import type { Json, JsonObject } from '../schema/define/json';

/** The fields that distinguish an object from a later one with the same key; see `Binding.uidFields`. */
export function marksOf({ uidFields: marks = [] }: Binding, object: JsonObject): JsonObject {
  return Object.fromEntries(
    marks.flatMap((name) => (typeof object[name] === 'string' || typeof object[name] === 'number' ? [[name, object[name]]] : [])),
  );
}

/** Describes how an object's kind differs from the definition's. */
export function kindsApart({ constants = {} }: Binding, object: JsonObject): string[] {
  const wrong = Object.entries(constants).filter(([field, value]) => (object[field] ?? value) !== value);
  return wrong.map(([field, value]) => apart(field, object[field], value));
}

/** Describes how an object differs from the one that was read. */
export function marksApart(marks: JsonObject, object: JsonObject): string[] {
  const wrong = Object.entries(marks).filter(([field, value]) => (object[field] ?? null) !== null && !same(object[field], value));
  return wrong.map(([field, value]) => apart(field, object[field], value));
}

const apart = (field: string, now: Json | undefined, before: Json | undefined): string =>
  `${field} "${String(now)}" instead of "${String(before)}"`;

const time = /^\d{4}-\d\d-\d\dT/;

/** Servers may format the same time differently. */
function same(a: Json | undefined, b: Json | undefined): boolean {
  const [one, other] = [String(a), String(b)];
  return one === other || (time.test(one) && time.test(other) && Math.abs(Date.parse(one) - Date.parse(other)) < 1000);
}
