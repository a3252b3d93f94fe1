import { patternFault } from '../../src/common/re2';
import { nameProblem } from '../../src/common/repository-name';
import { urlProblem } from '../../src/common/urls';
import type { AttributeSpec, AttributeType, Rule } from './attribute';
import { nearest } from '../../src/common/nearest';
import { isPlainObject, isToken } from './token';

const rules: Readonly<Record<Rule, (text: string) => string | undefined>> = {
  name: nameProblem,
  url: urlProblem,
  pattern: patternFault,
};

/** The properties that every configuration takes besides the attributes. */
export const metaArguments = ['dependsOn', 'count', 'provider', 'lifecycle', 'forEach', 'provisioners', 'connection'] as const;

/** What the properties of a configuration are checked against. */
export interface Allowed {
  readonly attributes: readonly AttributeSpec[];
  /** Properties that are not attributes. */
  readonly others: readonly string[];
}

/** The problem with a property that does not exist; nothing when it exists. */
export function unknownProblem(key: string, { attributes, others }: Allowed): string | undefined {
  if (attributes.some((spec) => spec.key === key) || others.includes(key)) return undefined;
  const names = attributes.map((spec) => spec.key);
  const meant = nearest(key, [...names, ...others]);
  return `there is no attribute "${key}"; ${meant ? `did you mean "${meant}"?` : `the attributes are ${names.join(', ')}`}`;
}

/** What is wrong with the value of an attribute, as far as synthesis can tell; tokens pass. */
export function valueProblems(value: unknown, spec: AttributeSpec): readonly string[] {
  if (value === undefined || value === null) return spec.required ? [`the attribute "${spec.key}" is required`] : none;
  if (isToken(value)) return none;
  const problems: string[] = [];
  checkType({ spec, where: () => spec.key, report: (problem) => problems.push(problem) }, value, spec.type);
  return problems;
}

const none: readonly string[] = [];

interface CheckContext {
  readonly spec: AttributeSpec;
  /** The path of the value; built only when there is a problem, because it costs time in large stacks. */
  readonly where: () => string;
  readonly report: (problem: string) => void;
}

function checkType(context: CheckContext, value: unknown, type: AttributeType): void {
  if (value === undefined || value === null || isToken(value)) return;
  if (typeof type === 'string') return checkScalar(context, value, type);
  if ('object' in type) {
    if (!isPlainObject(value)) return context.report(`${context.where()} is ${show(value, context)}; it must be an object`);
    return checkObject(context, value, type.object);
  }
  if ('map' in type) {
    if (!isPlainObject(value)) return context.report(`${context.where()} is ${show(value, context)}; it must be a map`);
    for (const [key, item] of Object.entries(value)) checkType({ ...context, where: () => `${context.where()}["${key}"]` }, item, type.map);
    return;
  }
  if (!Array.isArray(value)) return context.report(`${context.where()} is ${show(value, context)}; it must be a list`);
  const element = 'list' in type ? type.list : type.set;
  value.forEach((item: unknown, index) => checkType({ ...context, where: () => `${context.where()}[${index}]` }, item, element));
}

function checkObject(context: CheckContext, value: Readonly<Record<string, unknown>>, attributes: readonly AttributeSpec[]): void {
  for (const key of Object.keys(value)) {
    const problem = unknownProblem(key, { attributes, others: [] });
    if (problem !== undefined) context.report(`${context.where()}: ${problem}`);
  }
  for (const spec of attributes) {
    const item = value[spec.key];
    if (item !== undefined && item !== null)
      checkType({ ...context, spec, where: () => `${context.where()}.${spec.key}` }, item, spec.type);
    else if (spec.required) context.report(`${context.where()}: the attribute "${spec.key}" is required`);
  }
}

const typeofNames = { string: 'string', number: 'number', bool: 'boolean' } as const;

function checkScalar(context: CheckContext, value: unknown, type: 'string' | 'number' | 'bool'): void {
  const { where, spec, report } = context;
  if (typeof value !== typeofNames[type]) return report(`${where()} is ${show(value, context)}; it must be a ${typeofNames[type]}`);
  if (typeof value === 'number') return checkNumber(context, value);
  if (typeof value !== 'string') return;
  if (spec.oneOf && !spec.oneOf.includes(value)) {
    const meant = nearest(value, spec.oneOf);
    return report(`${where()} is "${value}"; allowed are ${spec.oneOf.join(', ')}${meant ? `; did you mean "${meant}"?` : ''}`);
  }
  const problem = spec.rule && rules[spec.rule](value);
  if (problem !== undefined) report(`${where()}: ${problem}`);
}

function checkNumber({ where, spec, report }: CheckContext, value: number): void {
  if (spec.integer && !Number.isInteger(value)) report(`${where()} is ${value}; it must be a whole number`);
  else if (spec.minimum !== undefined && value < spec.minimum) report(`${where()} is ${value}; allowed is ${spec.minimum} or more`);
}

/** A value as shown in a message; a secret is never shown. */
function show(value: unknown, context: CheckContext): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (context.spec.secret) return `a ${typeof value}`;
  return typeof value === 'string' ? `"${value}"` : String(value);
}
