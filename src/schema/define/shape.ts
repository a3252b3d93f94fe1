import type { z } from 'zod';
import { snakeCase } from '../../common/names';
import type { Value } from '../../common/value';
import { type Attribute, type Attributes, type Facts, factsOf } from './attribute';
import { nestedAttributes } from './nested';
import { hookValue } from './values';

/** The closed set of attribute types; every converter handles all of them. */
export type Shape = ScalarShape | CollectionShape | ObjectShape;

/** A string, number or boolean. */
export interface ScalarShape {
  readonly kind: 'string' | 'number' | 'bool';
  /** The only strings allowed. */
  readonly oneOf?: readonly string[];
}

/** Any number of one type. */
export interface CollectionShape {
  readonly kind: 'list' | 'set' | 'map';
  readonly element: Shape;
  /** The member (snake_case) that identifies an element of a list. @default its position */
  readonly elementKey?: string;
  /** Checks one known element. */
  readonly elementType: z.ZodType;
}

/** Attributes of its own. */
export interface ObjectShape {
  readonly kind: 'object';
  readonly fields: readonly Field[];
}

/** Whether a shape is a string, number or boolean. */
export function isScalar(shape: Shape): shape is ScalarShape {
  return shape.kind === 'string' || shape.kind === 'number' || shape.kind === 'bool';
}

/** An attribute with everything derived from its type and facts. */
export interface Field {
  /** The camelCase name, as in TypeScript. */
  readonly key: string;
  /** The snake_case name, as in Terraform. */
  readonly name: string;
  /** The path of the value in the API's JSON; none if the API does not have it. */
  readonly api: readonly string[] | undefined;
  readonly shape: Shape;
  readonly description: string;
  readonly facts: Facts;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  /** Planned if the user sets nothing. */
  readonly default: Value | undefined;
  /** Validates a known value of this attribute. */
  readonly type: z.ZodType;
}

/** The path of a field in the API's JSON, as one comparable string. */
export const placeOf = ({ api = [] }: Pick<Field, 'api'>): string => api.join('\u0000');

/** Whether only the server sets the value, so that it is never sent. */
export const isServers = ({ required, optional }: Field): boolean => !required && !optional;

/** Whether values of the attribute are sensitive. */
export const isHidden = ({ facts }: Field): boolean => facts.sensitive === true || facts.writeOnly === true;

/** How an API writes the names of its fields. */
export type ApiCase = 'snake' | 'camel';

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly defaultValue?: unknown;
  readonly entries?: Readonly<Record<string, string>>;
  readonly checks?: readonly unknown[];
  readonly format?: string;
}
const definitionOf = (type: z.ZodType): Definition => type._zod.def as unknown as Definition;

/** Whether a type refuses values that its Terraform type accepts. */
export function hasRule(type: z.ZodType): boolean {
  const { type: kind, checks = [], format, innerType, element, valueType } = definitionOf(type);
  if (kind === 'enum' || checks.length > 0 || format !== undefined) return true;
  const inner = [innerType, element, valueType, ...Object.values(nestedAttributes(type) ?? {}).map((attribute) => attribute.type)];
  return inner.some((one) => one !== undefined && hasRule(one));
}

/** The fields of a definition's attributes. Throws, with the attribute's name, for a type without a Terraform equivalent. */
export function fieldsOf(attributes: Attributes, apiCase: ApiCase = 'snake', path = ''): readonly Field[] {
  const made = spelledOut[apiCase].get(attributes);
  if (made) return made;
  const fields = Object.entries(attributes).map(([key, attribute]) => fieldOf(key, attribute, { apiCase, path: path + key }));
  spelledOut[apiCase].set(attributes, fields);
  return fields;
}

/** Hooks and handler use the fields of the same attributes. */
const spelledOut: Readonly<Record<ApiCase, WeakMap<Attributes, readonly Field[]>>> = { snake: new WeakMap(), camel: new WeakMap() };

interface FieldContext {
  readonly apiCase: ApiCase;
  readonly path: string;
}

function fieldOf(key: string, attribute: Attribute, place: FieldContext): Field {
  const { description } = attribute;
  const facts = factsOf(attribute);
  if (!/^[a-z][a-zA-Z0-9]*$/.test(key)) throw new Error(`attribute "${place.path}": names consist of letters and digits, in camelCase`);
  const { inner, optional, fallback } = unwrap(attribute.type);
  const computed = facts.computed === true || facts.derive !== undefined || fallback !== undefined;
  const settable = optional || fallback !== undefined;
  const alone = computed && !settable;
  if (facts.writeOnly && computed)
    throw new Error(`attribute "${place.path}": a write-only attribute cannot be computed or have a default`);
  const name = snakeCase(key);
  const shape = keyed(shapeOf(inner, place), facts);
  return {
    key,
    name,
    api: apiPath(facts, key, place.apiCase),
    shape,
    description,
    facts: withEquality(facts, shape),
    required: !settable && !alone,
    optional: settable,
    computed,
    default: fallback === undefined ? undefined : valueOf(shape, fallback),
    type: inner,
  };
}

/** Definitions compare values in the form that hooks see. */
function withEquality(facts: Facts, shape: Shape): Facts {
  if (!facts.semanticEquals) return facts;
  const semanticEquals = (a: unknown, b: unknown): boolean =>
    a !== null && b !== null && facts.semanticEquals?.(hookValue(shape, a as Value), hookValue(shape, b as Value)) === true;
  return { ...facts, semanticEquals };
}

function apiPath(facts: Facts, key: string, apiCase: ApiCase): readonly string[] | undefined {
  if (facts.api === false || (facts.derive && facts.api === undefined)) return undefined;
  // Both attributes of a secret map to one field.
  const named = facts.rotation?.plain ?? key;
  const path = facts.api ?? (apiCase === 'snake' ? snakeCase(named) : named);
  return typeof path === 'string' ? path.split('.') : path;
}

const keyed = (shape: Shape, { elementKey }: Facts): Shape =>
  elementKey !== undefined && shape.kind === 'list' ? { ...shape, elementKey: snakeCase(elementKey) } : shape;

function unwrap(type: z.ZodType): { inner: z.ZodType; optional: boolean; fallback: unknown } {
  const definition = definitionOf(type);
  if (definition.type === 'optional') return { ...unwrap(definition.innerType as z.ZodType), optional: true };
  if (definition.type === 'default') return { ...unwrap(definition.innerType as z.ZodType), fallback: definition.defaultValue };
  return { inner: type, optional: false, fallback: undefined };
}

/** A default in Terraform's form: sets are lists, and objects have all their members. */
function valueOf(shape: Shape, given: unknown): Value {
  if (given === undefined || given === null) return null;
  if ('element' in shape) {
    if (given instanceof Set || Array.isArray(given)) return [...(given as Iterable<unknown>)].map((item) => valueOf(shape.element, item));
    return Object.fromEntries(Object.entries(given).map(([key, item]) => [key, valueOf(shape.element, item)]));
  }
  if (shape.kind !== 'object') return given as Value;
  const members = given as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    shape.fields.map((field) => [
      field.name,
      Object.hasOwn(members, field.key) ? valueOf(field.shape, members[field.key]) : (field.default ?? null),
    ]),
  );
}

const scalars: Readonly<Record<string, 'string' | 'number' | 'bool'>> = {
  string: 'string',
  number: 'number',
  int: 'number',
  boolean: 'bool',
};
const collections: Readonly<Record<string, 'list' | 'set' | 'map'>> = { array: 'list', set: 'set', record: 'map' };

function shapeOf(type: z.ZodType, place: FieldContext): Shape {
  const definition = definitionOf(type);
  const scalar = scalars[definition.type];
  if (scalar) return { kind: scalar };
  if (definition.type === 'enum') return { kind: 'string', oneOf: Object.values(definition.entries ?? {}) };
  const collection = collections[definition.type];
  if (collection) {
    const elementType = (definition.element ?? definition.valueType) as z.ZodType;
    return { kind: collection, element: shapeOf(elementType, place), elementType };
  }
  const attributes = definition.type === 'object' ? nestedAttributes(type) : undefined;
  if (!attributes) {
    const hint =
      definition.type === 'object'
        ? 'write nested({...}) so that each member has a description'
        : 'use string, number, boolean, enum, array, set, record or nested()';
    throw new Error(`attribute "${place.path}": the type "${definition.type}" has no Terraform equivalent; ${hint}`);
  }
  return { kind: 'object', fields: fieldsOf(attributes, place.apiCase, `${place.path}.`) };
}

/** A member of a nested object, under its API name. */
export interface NestedField {
  /** Its own members, when it is an object or a collection of objects. */
  readonly members?: ReadonlyMap<string, NestedField> | undefined;
}

/** The members of a nested object by their API names, for hooks that decode API objects. */
export function nestedFields(type: z.ZodType, apiCase: ApiCase = 'snake'): ReadonlyMap<string, NestedField> {
  return membersOf({ kind: 'object', fields: fieldsOf(nestedAttributes(type) ?? {}, apiCase) }) ?? new Map();
}

const memberMaps = new WeakMap<readonly Field[], ReadonlyMap<string, NestedField>>();

function membersOf(shape: Shape): ReadonlyMap<string, NestedField> | undefined {
  if ('element' in shape) return membersOf(shape.element);
  if (shape.kind !== 'object') return undefined;
  const made = memberMaps.get(shape.fields);
  if (made) return made;
  const members = new Map(shape.fields.map((field) => [field.api?.[0] ?? field.key, { members: membersOf(field.shape) }]));
  memberMaps.set(shape.fields, members);
  return members;
}
