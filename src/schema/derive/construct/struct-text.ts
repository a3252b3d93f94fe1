import type { Field } from '../../define/shape';
import { docComment, describe, propertyDoc } from './docs';
import { capital } from './names';
import { settable } from './spec-text';
import { inputType, reading, structOf, type StructName } from './types';

/** The properties of a configuration or of a nested object, each with its doc comment. */
export function properties(fields: readonly Field[], owner: string): string {
  return settable(fields)
    .map((field) => {
      const type = inputType(field.shape, owner + capital(field.key));
      return `${docComment(propertyDoc(field), '  ')}\n  readonly ${field.key}${field.required ? '' : '?'}: ${type};`;
    })
    .join('\n');
}

/**
 * The declarations for the nested objects of some attributes: what they are set with and, where there is something to read,
 * the classes that they are read through.
 */
export function structs(fields: readonly Field[], owner: string, readable: boolean): string[] {
  return fields.flatMap((field) => {
    const struct = structOf(field.shape);
    if (!struct) return [];
    const name = owner + capital(field.key);
    return [
      ...structs(struct.fields, name, readable),
      `${docComment([describe(field.description)])}\nexport interface ${name} {\n${properties(struct.fields, name)}\n}`,
      ...(readable ? outputs(field, struct.fields, name) : []),
    ];
  });
}

function outputs(field: Field, members: readonly Field[], name: StructName): string[] {
  const getters = members.filter((member) => !member.facts.writeOnly).map((member) => getter(member, name));
  const reference = `/** What \`${field.key}\` has after apply. */\nexport class ${name}OutputReference extends ComplexObject {\n${getters.join('\n')}\n}`;
  const { shape } = field;
  if (!('element' in shape) || shape.element.kind !== 'object') return [reference];
  if (shape.kind === 'map') {
    return [
      reference,
      `/** The elements of \`${field.key}\` after apply. */\nexport class ${name}Map extends ComplexMap {\n  /** The element under a key. */\n  get(key: string): ${name}OutputReference { return new ${name}OutputReference(this.terraformResource, this.terraformAttribute, false, JSON.stringify(key)); }\n}`,
    ];
  }
  return [
    reference,
    `/** The elements of \`${field.key}\` after apply. */\nexport class ${name}List extends ComplexList {\n  /** The element at an index. */\n  get(index: number): ${name}OutputReference { return new ${name}OutputReference(this.terraformResource, this.terraformAttribute, this.wrapsSet, index); }\n}`,
  ];
}

function getter(field: Field, owner: string): string {
  const { type, expression } = reading(field.shape, field.name, owner + capital(field.key));
  return `${docComment([describe(field.description)], '  ')}\n  get ${field.key}(): ${type} { return ${expression}; }`;
}
