import * as z from 'zod';
import type { Attributes } from './attribute';

const attributesOf = new WeakMap<object, Attributes>();

/**
 * An object with attributes of its own, for use as a type in `attr()`: alone, or in `z.array()` (list), `z.set()` (set) or
 * `z.record(z.string(), ...)` (map).
 */
export function nested(attributes: Attributes): z.ZodObject {
  const object = z.strictObject(Object.fromEntries(Object.entries(attributes).map(([key, attribute]) => [key, attribute.type])));
  attributesOf.set(object, attributes);
  return object;
}

/** The attributes that `nested()` was given, or nothing for an object made otherwise. */
export function nestedAttributes(type: z.ZodType): Attributes | undefined {
  return attributesOf.get(type);
}
