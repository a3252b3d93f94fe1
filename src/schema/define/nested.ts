import * as z from 'zod';
import type { Attribute, Attributes, Values } from './attribute';

const attributesOf = new WeakMap<object, Attributes>();

/** The type of an object with attributes of its own. */
export type NestedType<A extends Attributes> = z.ZodType<Values<A>> & { readonly attributes?: A };

/**
 * An object with attributes of its own, for use as a type in `attr()`: alone, or in `z.array()` (list), `z.set()` (set) or
 * `z.record(z.string(), ...)` (map).
 */
export function nested<const A extends Attributes>(attributes: A): NestedType<A> {
  // Values that the server sets are not validated.
  const typeOf = ({ type, facts }: Attribute): z.ZodType => (facts.computed ? type.optional() : type);
  const object = z.strictObject(Object.fromEntries(Object.entries(attributes).map(([key, attribute]) => [key, typeOf(attribute)])));
  attributesOf.set(object, attributes);
  return object as unknown as NestedType<A>;
}

/** The attributes that `nested()` was given, or nothing for an object made otherwise. */
export function nestedAttributes(type: z.ZodType): Attributes | undefined {
  return attributesOf.get(type);
}
