import { isScalar, type Field, type Shape } from '../../define/shape';
import { propertyDoc } from './docs';
import { attributeText, settable } from './spec-text';

/** Shapes with equal signatures are set with the same TypeScript type. */
export function inputSignature(shape: Shape): unknown {
  if (isScalar(shape)) return [shape.kind, shape.oneOf];
  if (shape.kind !== 'object') return [shape.kind, inputSignature(shape.element)];
  return settable(shape.fields).map((field) => [field.key, field.required, propertyDoc(field), inputSignature(field.shape)]);
}

/** Shapes with equal signatures are read through the same class. */
export function outputSignature(shape: Shape): unknown {
  if (isScalar(shape)) return shape.kind;
  if (shape.kind !== 'object') return [shape.kind, outputSignature(shape.element)];
  return readable(shape.fields).map((field) => [field.key, field.name, field.description, outputSignature(field.shape)]);
}

/** Attributes with equal signatures generate the same members. */
export function fieldSignature(field: Field): string {
  const { key, required, optional, description, facts, shape } = field;
  const facets = [key, required, optional, facts.writeOnly, description, propertyDoc(field), attributeText(field)];
  return JSON.stringify([facets, inputSignature(shape), outputSignature(shape)]);
}

/** The attributes with a value that can be read. */
export function readable(fields: readonly Field[]): Field[] {
  return fields.filter(({ facts }) => !facts.writeOnly);
}
