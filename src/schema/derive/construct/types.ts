import { isScalar, type CollectionShape, type ObjectShape, type Shape } from '../../define/shape';

/** The TypeScript type that an attribute is set with; `named` is the type of the object, or of the texts allowed, that it is or holds. */
export function inputType(shape: Shape, named: string): string {
  if (isScalar(shape)) {
    if (shape.kind === 'string') return shape.oneOf ? named : 'string';
    return shape.kind === 'number' ? 'number' : 'boolean | IResolvable';
  }
  if (shape.kind === 'object') return `${named} | IResolvable`;
  return collectionType(shape, named);
}

function collectionType({ kind, element }: CollectionShape, named: string): string {
  const inner = inputType(element, named);
  const resolvable = element.kind === 'string' || element.kind === 'number' ? '' : ' | IResolvable';
  if (kind === 'map') return `{ [key: string]: ${inner} }${resolvable}`;
  return `${/[ |]/.test(inner) ? `(${inner})` : inner}[]${resolvable}`;
}

/** What reading an attribute gives: its TypeScript type, and the expression. */
export interface Reading {
  readonly type: string;
  readonly expression: string;
}

/** Reads an attribute as a token, or as a reference to a nested object. */
export function reading(shape: Shape, name: string, struct: string): Reading {
  const of = (method: string): string => `this.get${method}Attribute('${name}')`;
  if (isScalar(shape)) {
    if (shape.kind === 'string') return { type: 'string', expression: of('String') };
    return shape.kind === 'number' ? { type: 'number', expression: of('Number') } : { type: 'IResolvable', expression: of('Boolean') };
  }
  if (shape.kind === 'object')
    return { type: `${struct}OutputReference`, expression: `new ${struct}OutputReference(this, '${name}', false)` };
  return collectionReading(shape, name, struct);
}

function collectionReading(shape: CollectionShape, name: string, struct: string): Reading {
  const of = (method: string): string => `this.get${method}Attribute('${name}')`;
  const { kind, element } = shape;
  if (element.kind === 'object') {
    if (kind === 'map') return { type: `${struct}Map`, expression: `new ${struct}Map(this, '${name}')` };
    return { type: `${struct}List`, expression: `new ${struct}List(this, '${name}', ${kind === 'set'})` };
  }
  if (kind === 'map') {
    if (element.kind === 'string') return { type: '{ [key: string]: string }', expression: of('StringMap') };
    if (element.kind === 'number') return { type: '{ [key: string]: number }', expression: of('NumberMap') };
    if (element.kind === 'bool') return { type: '{ [key: string]: boolean }', expression: of('BooleanMap') };
  }
  // Terraform cannot index a set, so it is read as a list.
  const asList = (expression: string): string => (kind === 'set' ? `Fn.tolist(${expression})` : expression);
  if (element.kind === 'string') return { type: 'string[]', expression: asList(of('List')) };
  if (element.kind === 'number') {
    const list = of('NumberList');
    return { type: 'number[]', expression: kind === 'set' ? `Token.asNumberList(${asList(list)})` : list };
  }
  return { type: 'IResolvable', expression: `this.interpolationForAttribute('${name}') as IResolvable` };
}

/** The fields of the object that a shape is or holds directly, if there is one. */
export function structOf(shape: Shape): ObjectShape | undefined {
  if (shape.kind === 'object') return shape;
  return 'element' in shape ? structOf(shape.element) : undefined;
}
