import * as z from 'zod';
import type { Field, Shape } from '../../define/shape';
import type { Family } from './families';
import type { ClassSource } from './source';
import { baseUrl, pattern, repositoryName } from '../../define/types';

/** The literal that describes the attributes to the base class; those of `family` are taken from its list. */
export function specText(source: Pick<ClassSource, 'type' | 'fields' | 'serving'>, family?: Family): string {
  const { type, fields, serving } = source;
  const attributes = family ? withFamily(settable(fields), family) : settable(fields).map(attributeText);
  const lines = attributes.map((attribute) => `    ${attribute},`).join('\n');
  return `{\n  type: '${type}',\n  attributes: [\n${lines}\n  ],\n${serving ? `  serving: ${literal(serving)},\n` : ''}}`;
}

/** The name of the attributes that a family has. */
export const attributesOf = ({ className }: Family): string => `${className.charAt(0).toLowerCase()}${className.slice(1)}Attributes`;

/** The attributes in their order, those of the family as parts of its list. */
function withFamily(fields: readonly Field[], family: Family): string[] {
  const list = settable(family.fields).map(({ key }) => key);
  const own = new Set(ownFields(fields, family));
  const runs: { begin: number; end: number; text?: string }[] = [];
  for (const field of fields) {
    const index = list.indexOf(field.key);
    const last = runs.at(-1);
    if (own.has(field)) runs.push({ begin: -1, end: -1, text: attributeText(field) });
    else if (last?.end === index) last.end += 1;
    else runs.push({ begin: index, end: index + 1 });
  }
  const part = (begin: number, end: number): string =>
    begin === 0 && end === list.length ? '' : `.slice(${end === list.length ? begin : `${begin}, ${end}`})`;
  return runs.map(({ begin, end, text }) => text ?? `...${attributesOf(family)}${part(begin, end)}`);
}

/** The attributes that a class does not have from its family. */
export function ownFields(fields: readonly Field[], family: Family | undefined): Field[] {
  const shared = new Set(family?.fields.map(({ key }) => key));
  return fields.filter(({ key }) => !shared.has(key));
}

/** The attributes that a user may set. */
export function settable(fields: readonly Field[]): Field[] {
  return fields.filter((field) => field.required || field.optional);
}

/** The literal of one attribute. */
export function attributeText(field: Field): string {
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

/** The types whose rules the constructs implement too, by their names there. */
const rules: ReadonlyMap<z.ZodType, string> = new Map([
  [repositoryName, 'name'],
  [baseUrl, 'url'],
  [pattern, 'pattern'],
]);

/** The rules that literals can be checked against without the definition: for the value, or for each element of a collection. */
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
