import { isList, isRecord, type Value, type ValueRecord } from '../../common/value';
import { type Field, isScalar, type Shape } from '../define/shape';

/**
 * Whether a value of an attribute says "not set": null, or an object whose values are all null, as modules pass it on. An object
 * that is required is always set, and so is one whose members have defaults that say something: `{}` asks for these.
 */
export function isUnset({ shape, optional }: Field, value: Value): boolean {
  return value === null || (optional && shape.kind === 'object' && holdsNothing(shape.fields, value));
}

const holdsNothing = (fields: readonly Field[], value: Value): boolean =>
  isRecord(value) &&
  fields.every(({ name, shape, default: fallback }) => {
    const member = value[name] ?? null;
    return member === null ? saysNothing(fallback) : shape.kind === 'object' && holdsNothing(shape.fields, member);
  });

/** Whether a default is what an attribute has that is not set. */
function saysNothing(fallback: Value | undefined): boolean {
  if (fallback === undefined || fallback === null || fallback === '') return true;
  return isList(fallback) ? fallback.length === 0 : isRecord(fallback) && Object.keys(fallback).length === 0;
}

/** The values with null for every object that is not set, at any depth. */
export function withoutUnset(fields: readonly Field[], values: ValueRecord): ValueRecord {
  const changed: Record<string, Value> = {};
  for (const field of fields) {
    const value = values[field.name];
    // Most attributes neither are nor hold objects.
    if (value === undefined || value === null || isScalar(field.shape)) continue;
    changed[field.name] = isUnset(field, value) ? null : inner(field.shape, value);
  }
  return { ...values, ...changed };
}

function inner(shape: Shape, value: Value): Value {
  if (shape.kind === 'object') return isRecord(value) ? withoutUnset(shape.fields, value) : value;
  if (!('element' in shape) || !('fields' in shape.element || 'element' in shape.element)) return value;
  if (isList(value)) return value.map((item) => inner(shape.element, item));
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(shape.element, item)])) : value;
}
