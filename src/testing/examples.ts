import type { Value, ValueRecord } from '../common/value';
import { isRecord } from '../common/value';
import type { ResourceDefinition } from '../schema/define/definition';
import { type Field, fieldsOf, type Shape } from '../schema/define/shape';

/** A definition of a resource, data source or ephemeral resource. */
export type Described = Pick<ResourceDefinition, 'attributes' | 'apiCase'>;

/** The fields of a definition. */
export const fieldsOfResource = (definition: Described): readonly Field[] => fieldsOf(definition.attributes, definition.apiCase);

/** An example, written in camelCase with references, as a configuration. */
export function exampleConfig(
  definition: Described,
  example: Readonly<Record<string, unknown>>,
  resolve: (ref: string) => Value = (ref) => ref,
): ValueRecord {
  return toConfig(fieldsOfResource(definition), example, resolve);
}

function toConfig(fields: readonly Field[], example: Readonly<Record<string, unknown>>, resolve: (ref: string) => Value): ValueRecord {
  const entries = Object.entries(example).map(([key, item]) => {
    const field = fields.find((candidate) => candidate.key === key);
    if (!field) throw new Error(`the example sets "${key}", which is no attribute`);
    return [field.name, toValue(field.shape, item, resolve)] as const;
  });
  return Object.fromEntries(entries);
}

/** What is written in TypeScript for an attribute, as a value of a configuration. */
export function toValue(shape: Shape, item: unknown, resolve: (ref: string) => Value): Value {
  if (isReference(item)) return resolve(item.ref);
  if (Array.isArray(item) && 'element' in shape) return item.map((element) => toValue(shape.element, element, resolve));
  if (shape.kind === 'object') return toConfig(shape.fields, item as Readonly<Record<string, unknown>>, resolve);
  if (shape.kind === 'map')
    return Object.fromEntries(Object.entries(item as object).map(([key, element]) => [key, toValue(shape.element, element, resolve)]));
  return item as Value;
}

const isReference = (item: unknown): item is { readonly ref: string } =>
  isRecord(item as Value) && typeof (item as { ref?: unknown }).ref === 'string';

/** The types and attributes that an example refers to, e.g. `artifactapi_remote_helm.example.name`, with the attribute that holds each. */
export function referencesOf(example: Readonly<Record<string, unknown>>): { key: string; ref: string }[] {
  return Object.entries(example).flatMap(([key, item]) => references(item).map((ref) => ({ key, ref })));
}

function references(item: unknown): string[] {
  if (isReference(item)) return [item.ref];
  return typeof item === 'object' && item !== null ? Object.values(item).flatMap(references) : [];
}
