import * as z from 'zod';
import type { Field, Shape } from '../../define/shape';
import { baseUrl, pattern, repositoryName } from '../../define/types';

/** The literal that tells the base class of the attributes that can be set. */
export function specText(type: string, fields: readonly Field[], serving?: object): string {
  const attributes = settable(fields).map((field) => `    ${attributeText(field)},`);
  return `{\n  type: '${type}',\n  attributes: [\n${attributes.join('\n')}\n  ],\n${serving ? `  serving: ${literal(serving)},\n` : ''}}`;
}

/** The attributes that a user may set. */
export function settable(fields: readonly Field[]): Field[] {
  return fields.filter((field) => field.required || field.optional);
}

function attributeText(field: Field): string {
  const { facts } = field;
  const wo = `${field.key}Wo`;
  const facets = {
    key: field.key,
    name: field.name,
    type: undefined,
    ...(field.required && { required: true }),
    ...((facts.sensitive || facts.writeOnly) && { secret: true }),
    ...(facts.conflicts?.includes(wo) && { writeOnlyForm: wo }),
    ...scalarRules(field),
  };
  const parts = Object.entries(facets).map(([key, value]) => `${key}: ${key === 'type' ? typeText(field.shape) : literal(value)}`);
  return `{ ${parts.join(', ')} }`;
}

function typeText(shape: Shape): string {
  if (shape.kind === 'object') return `{ object: [${settable(shape.fields).map(attributeText).join(', ')}] }`;
  return 'element' in shape ? `{ ${shape.kind}: ${typeText(shape.element)} }` : `'${shape.kind}'`;
}

function literal(value: unknown): string {
  if (typeof value === 'string') return `'${value.replace(/[\\']/g, '\\$&')}'`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${key}: ${literal(item)}`)
      .join(', ')} }`;
  return String(value);
}

/** The types whose rule the constructs know as well, by its name there. */
const rules: ReadonlyMap<z.ZodType, string> = new Map([
  [repositoryName, 'name'],
  [baseUrl, 'url'],
  [pattern, 'pattern'],
]);

/** What can be checked of literals without the definition: it holds for the value, or for each element of a collection. */
function scalarRules(field: Field): Record<string, unknown> {
  const type = elementType(field.type, field.shape);
  const shape = elementShape(field.shape);
  if (shape.kind === 'string') {
    const rule = rules.get(type);
    return { ...(shape.oneOf && { oneOf: shape.oneOf }), ...(rule && { rule }) };
  }
  if (shape.kind !== 'number') return {};
  const json = z.toJSONSchema(type) as { type?: string; minimum?: number };
  const bounded = json.minimum !== undefined && json.minimum > Number.MIN_SAFE_INTEGER;
  return { ...(bounded && { minimum: json.minimum }), ...(json.type === 'integer' && { integer: true }) };
}

function elementType(type: z.ZodType, shape: Shape): z.ZodType {
  return 'element' in shape ? elementType(shape.elementType, shape.element) : type;
}

function elementShape(shape: Shape): Shape {
  return 'element' in shape ? elementShape(shape.element) : shape;
}
