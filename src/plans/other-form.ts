import { Decimal } from '../common/value';
import { isJsonObject, type Json, type JsonObject } from '../schema/define/json';
import { type Field, isHidden } from '../schema/define/shape';
import { hasExpression } from './expression';
import type { KnownForm } from './known';

/** Which of these forms a block of another provider, or its values in a plan, has; nothing if none. A plan marks what is known only after apply. */
export function formOf(block: unknown, forms: readonly KnownForm[], unknown?: unknown): KnownForm | undefined {
  return forms.find(({ form, known }) => {
    const isSet = ({ key }: Field): boolean => {
      const path = form.paths[key] ?? [];
      return partAt(block, path) !== undefined || markAt(unknown, path) === true;
    };
    const required = known.fields.filter(({ key, optional, computed }) => form.paths[key] && !optional && !computed);
    return form.where.every(({ path, value }) => partAt(block, path) === value) && required.every(isSet);
  });
}

/** A block of the other provider as one of ours: with the names of our attributes. */
export function asOwn(block: unknown, { form, known }: KnownForm): JsonObject {
  const { paths, fixed = {} } = form;
  return Object.fromEntries(
    known.fields.flatMap((field): [string, Json][] => {
      const found = partAt(block, paths[field.key] ?? []);
      // Nobody knows whether an expression has a secret in it.
      const isHere = !isHidden(field) || (found !== undefined && partAt(block, paths[field.key]?.slice(0, -1) ?? []) !== found);
      const value = Object.hasOwn(fixed, field.key) ? fixed[field.key] : isHere ? converted(found, field) : undefined;
      return value === undefined ? [] : [[field.name, value]];
    }),
  );
}

/** What a plan marks of such a block: `true` for all of it, or the marks of our attributes. */
export function marksAsOwn(marks: unknown, { form, known }: KnownForm): unknown {
  if (marks === true) return true;
  return Object.fromEntries(known.fields.map(({ key, name }) => [name, markAt(marks, form.paths[key] ?? []) === true]));
}

/** The attributes of ours that an attribute of the other provider contains. */
export function ownNames(attribute: string, { form, known }: KnownForm): readonly string[] {
  return known.fields.filter(({ key }) => form.paths[key]?.[0] === attribute).map(({ name }) => name);
}

function partAt(value: unknown, [name, ...rest]: readonly string[], whole = value): Json | undefined {
  if (name === undefined) return value === whole ? undefined : (value as Json);
  // What lies in an expression is as unknown as all of it.
  if (typeof value === 'string' && hasExpression(value)) return value;
  return isJsonObject(value) && Object.hasOwn(value, name) ? partAt(value[name], rest, whole) : undefined;
}

const markAt = (marks: unknown, [name, ...rest]: readonly string[]): unknown =>
  name === undefined || marks === true ? marks : isJsonObject(marks) && Object.hasOwn(marks, name) ? markAt(marks[name], rest) : false;

const converted = (value: Json | undefined, { shape }: Field): Json | undefined => {
  if (shape.kind !== 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value instanceof Decimal ? value.text : value;
};
