import type { Field } from '../../define/shape';
import { docComment, describe, propertyDoc } from './docs';
import { capital } from './names';
import { textsOf, type SharedType, type TypeNames } from './sharing';
import { readable } from './signature';
import { settable } from './spec-text';
import { inputType, reading, structOf } from './types';

/** Whose attributes are written, and the names of the types that they use. */
export interface Owner {
  /** The class, and the path of a nested object in it. */
  readonly name: string;
  readonly names: TypeNames;
}

/** The properties of a configuration or of a nested object, each with its doc comment. */
export function properties(fields: readonly Field[], { name, names }: Owner): string {
  return settable(fields)
    .map((field) => {
      const type = inputType(field.shape, names.input(name + capital(field.key)));
      return `${docComment(propertyDoc(field), '  ')}\n  readonly ${field.key}${field.required ? '' : '?'}: ${type};`;
    })
    .join('\n');
}

/** The declaration of a type: a union, what a nested object is set with, or the classes that it is read through. */
export function typeText({ kind, name, uses: [{ source, path, field }] }: SharedType, names: TypeNames): string {
  const struct = structOf(field.shape);
  if (!struct) return unionText(name, field);
  const owner = { name: source.className + path, names };
  if (kind === 'input')
    return `${docComment([describe(field.description)])}\nexport interface ${name} {\n${properties(struct.fields, owner)}\n}`;
  const getters = readable(struct.fields).map((member) => getter(member, owner));
  return [
    `/** The values of \`${field.key}\` after apply. */\nexport class ${name}OutputReference extends ComplexObject {\n${getters.join('\n')}\n}`,
    ...collectionText(name, field),
  ].join('\n\n');
}

function unionText(name: string, { key, shape }: Field): string {
  const texts = (textsOf(shape) ?? []).map((text) => `'${text}'`);
  return `/** Allowed values of \`${key}\`; any other string must be a token. */\nexport type ${name} = ${texts.join(' | ')} | (string & {});`;
}

/** The class of a collection of nested objects. */
function collectionText(name: string, { key, shape }: Field): string[] {
  if (!('element' in shape) || shape.element.kind !== 'object') return [];
  const doc = `/** The elements of \`${key}\` after apply. */`;
  const element = `${name}OutputReference`;
  const at = 'this.terraformResource, this.terraformAttribute';
  if (shape.kind === 'map')
    return [
      `${doc}\nexport class ${name}Map extends ComplexMap {\n  /** The element under a key. */\n  get(key: string): ${element} { return new ${element}(${at}, false, JSON.stringify(key)); }\n}`,
    ];
  return [
    `${doc}\nexport class ${name}List extends ComplexList {\n  /** The element at an index. */\n  get(index: number): ${element} { return new ${element}(${at}, this.wrapsSet, index); }\n}`,
  ];
}

function getter(field: Field, { name, names }: Owner): string {
  const { type, expression } = reading(field.shape, field.name, names.output(name + capital(field.key)));
  return `${docComment([describe(field.description)], '  ')}\n  get ${field.key}(): ${type} { return ${expression}; }`;
}
