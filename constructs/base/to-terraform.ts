import type { AttributeSpec, AttributeType } from './attribute';
import { isPlainObject } from './token';

/** The attributes by their Terraform names, for JSON, without those that are not set. */
export function attributesToTerraform(specs: readonly AttributeSpec[], values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const spec of specs) {
    const value = toTerraform(spec.type, values[spec.key]);
    if (value !== undefined) result[spec.name] = value;
  }
  return result;
}

/** A value with Terraform's names for nested attributes; tokens are kept. */
export function toTerraform(type: AttributeType, value: unknown): unknown {
  if (typeof type === 'string' || value === undefined || value === null) return value;
  if ('object' in type) return isPlainObject(value) ? attributesToTerraform(type.object, value) : value;
  if ('map' in type) return isPlainObject(value) ? mapValues(value, (item) => toTerraform(type.map, item)) : value;
  const element = 'list' in type ? type.list : type.set;
  return Array.isArray(value) ? value.map((item: unknown) => toTerraform(element, item)) : value;
}

/** A record with each value replaced. */
export function mapValues(record: Readonly<Record<string, unknown>>, change: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
