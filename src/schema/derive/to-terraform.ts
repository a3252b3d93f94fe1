import type { Field, Shape } from '../define/shape';
import type { TerraformAttribute, TerraformBlock, TerraformObject, TypeConstraint } from './terraform';

/** The block of a definition in Terraform's schema. */
export function toTerraform(
  fields: readonly Field[],
  about: { readonly description: string; readonly deprecated?: string },
): TerraformBlock {
  return {
    attributes: fields.map(attributeOf),
    description: about.description,
    ...(about.deprecated && { deprecationMessage: about.deprecated }),
  };
}

/** Terraform's type constraint of a shape. */
export function typeConstraint(shape: Shape): TypeConstraint {
  if (shape.kind === 'object')
    return ['object', Object.fromEntries(shape.fields.map((field) => [field.name, typeConstraint(field.shape)]))];
  if ('element' in shape) return [shape.kind, typeConstraint(shape.element)];
  return shape.kind;
}

function attributeOf(field: Field): TerraformAttribute {
  const { facts } = field;
  const nestedType = nestedOf(field.shape);
  return {
    name: field.name,
    ...(nestedType ? { nestedType } : { type: typeConstraint(field.shape) }),
    description: field.description,
    required: field.required,
    optional: field.optional,
    computed: field.computed,
    sensitive: facts.sensitive === true,
    writeOnly: facts.writeOnly === true,
    ...(facts.deprecated && { deprecationMessage: facts.deprecated }),
  };
}

/** Objects, and collections whose elements are objects, are nested attributes; deeper ones are plain types. */
function nestedOf(shape: Shape): TerraformObject | undefined {
  if (shape.kind === 'object') return { nesting: 'single', attributes: shape.fields.map(attributeOf) };
  if ('element' in shape && shape.element.kind === 'object') {
    return { nesting: shape.kind, attributes: shape.element.fields.map(attributeOf) };
  }
  return undefined;
}
