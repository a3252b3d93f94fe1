import { patternFault } from '../../src/common/re2';
import { nameProblem } from '../../src/common/repository-name';
import { urlProblem } from '../../src/common/urls';
import type { AttributeSpec, AttributeType, Rule } from './attribute';
import { nearest } from './nearest';
import { isPlainObject, isToken } from './token';

const rules: Readonly<Record<Rule, (text: string) => string | undefined>> = {
  name: nameProblem,
  url: urlProblem,
  pattern: patternFault,
};

/** The properties that every configuration takes besides the attributes. */
export const metaArguments = ['dependsOn', 'count', 'provider', 'lifecycle', 'forEach', 'provisioners', 'connection'] as const;

/** Says what a message is about; asked only when there is one, for paths cost time in large stacks. */
export type Where = () => string;

/** What a configuration is checked against. */
export interface Allowed {
  readonly attributes: readonly AttributeSpec[];
  /** Properties that are no attributes. */
  readonly others: readonly string[];
}

/** Throws where a configuration lacks a required attribute, has one that does not exist, or a literal that cannot be right. */
export function checkConfig(where: Where, config: Readonly<Record<string, unknown>>, allowed: Allowed): void {
  const { attributes, others } = allowed;
  for (const key of Object.keys(config)) {
    if (attributes.some((spec) => spec.key === key) || others.includes(key)) continue;
    const names = attributes.map((spec) => spec.key);
    const meant = nearest(key, [...names, ...others]);
    throw new Error(`${where()}: there is no attribute "${key}"; ${meant ? `did you mean "${meant}"?` : `there are ${names.join(', ')}`}`);
  }
  for (const spec of attributes) {
    const value = config[spec.key];
    if (value !== undefined && value !== null) checkValue(() => `${where()}: ${spec.key}`, value, spec);
    else if (spec.required) throw new Error(`${where()}: the attribute "${spec.key}" is required`);
  }
}

/** Throws when a value cannot be right for its attribute; tokens pass. */
export function checkValue(where: Where, value: unknown, spec: AttributeSpec): void {
  checkType({ where, spec }, value, spec.type);
}

interface Place {
  readonly where: Where;
  readonly spec: AttributeSpec;
}

function checkType(place: Place, value: unknown, type: AttributeType): void {
  if (value === undefined || value === null || isToken(value)) return;
  if (typeof type === 'string') return checkScalar(place, value, type);
  if ('object' in type) {
    if (!isPlainObject(value)) throw new Error(`${place.where()} is ${show(value, place)}; it must be an object`);
    return checkConfig(place.where, value, { attributes: type.object, others: [] });
  }
  if ('map' in type) {
    if (!isPlainObject(value)) throw new Error(`${place.where()} is ${show(value, place)}; it must be a map`);
    for (const [key, item] of Object.entries(value)) checkType({ ...place, where: () => `${place.where()}["${key}"]` }, item, type.map);
    return;
  }
  if (!Array.isArray(value)) throw new Error(`${place.where()} is ${show(value, place)}; it must be a list`);
  const element = 'list' in type ? type.list : type.set;
  value.forEach((item: unknown, index) => checkType({ ...place, where: () => `${place.where()}[${index}]` }, item, element));
}

const typeofNames = { string: 'string', number: 'number', bool: 'boolean' } as const;

function checkScalar(place: Place, value: unknown, type: 'string' | 'number' | 'bool'): void {
  const { where, spec } = place;
  if (typeof value !== typeofNames[type]) throw new Error(`${where()} is ${show(value, place)}; it must be a ${typeofNames[type]}`);
  if (typeof value === 'number') return checkNumber(where, value, spec);
  if (typeof value !== 'string') return;
  if (spec.oneOf && !spec.oneOf.includes(value)) {
    const meant = nearest(value, spec.oneOf);
    throw new Error(`${where()} is "${value}"; allowed are ${spec.oneOf.join(', ')}${meant ? `; did you mean "${meant}"?` : ''}`);
  }
  const problem = spec.rule && rules[spec.rule](value);
  if (problem !== undefined) throw new Error(`${where()}: ${problem}`);
}

function checkNumber(where: Where, value: number, spec: AttributeSpec): void {
  if (spec.integer && !Number.isInteger(value)) throw new Error(`${where()} is ${value}; it must be a whole number`);
  if (spec.minimum !== undefined && value < spec.minimum) throw new Error(`${where()} is ${value}; allowed is ${spec.minimum} or more`);
}

/** A value for a message; never one of a secret. */
function show(value: unknown, place: Place): string {
  if (place.spec.secret || typeof value === 'object') return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  return typeof value === 'string' ? `"${value}"` : String(value);
}
