import type { Check } from '../schema/define/definition';
import { attributeName, type AttributePath, type Diagnostic, ELEMENT, error } from '../common/diagnostic';
import { Decimal, isKnown, isList, isRecord, UNKNOWN, type Value, type ValueRecord } from '../common/value';
import { type CollectionShape, type Field, hasRule, isHidden, isScalar, type Shape } from '../schema/define/shape';
import type { z } from 'zod';
import { issueText } from './issue-text';
import { snakeCase } from '../common/names';
import { isUnset, withoutUnset } from '../schema/api/unset';
import { elementKeyOf, hits, membersOf, search } from '../schema/api/walk';

/** Checks a configuration against its fields, letting unknown values pass. */
export function validateFields(fields: readonly Field[], config: ValueRecord, outer: Position = { path: [], hidden: false }): Diagnostic[] {
  const problems: Diagnostic[] = [];
  for (const field of fields) {
    const value = config[field.name] ?? null;
    if (value === UNKNOWN || isUnset(field, value) || !isRestricted(field)) continue;
    const at = { path: [...outer.path, field.name], hidden: outer.hidden || isHidden(field) };
    problems.push(...companions(field, { fields, config, path: at.path, variables: outer.variables }), ...validateValue(field, value, at));
  }
  return problems;
}

const restricted = new WeakMap<Field, boolean>();

/** Whether anything but its Terraform type, which is checked before, restricts an attribute; most of an estate's values are of others. */
function isRestricted(field: Field): boolean {
  const { shape, type, facts } = field;
  const known =
    restricted.get(field) ?? (!isScalar(shape) || hasRule(type) || facts.requires !== undefined || facts.conflicts !== undefined);
  restricted.set(field, known);
  return known;
}

interface Position {
  readonly path: AttributePath;
  /** Whether the value is sensitive. */
  readonly hidden: boolean;
  /** The environment variables that set attributes, by attribute. @default the configuration sets them all */
  readonly variables?: ReadonlyMap<string, string> | undefined;
}

/** Checks the rules across attributes that a definition declares. */
export function validateChecks(
  { definition, fields }: { readonly definition: { readonly checks?: readonly Check[] }; readonly fields: readonly Field[] },
  config: ValueRecord,
): Diagnostic[] {
  const values = withoutUnset(fields, config);
  return (definition.checks ?? []).flatMap((check) => check(values));
}

const writeOnly = search(({ facts }) => facts.writeOnly === true);

/** Refuses write-only attributes on a core that would store them and then report a provider bug. */
export function refuseWriteOnly(fields: readonly Field[], config: Value): Diagnostic[] {
  const given = hits(writeOnly(fields), config).filter(({ value }) => isKnown(value));
  return given.map(({ field, path }) => {
    const { rotation } = field.facts;
    const beside = rotation && attributeName([...path.slice(0, -1), snakeCase(rotation.plain)]);
    const plain = beside === undefined ? '' : `, or set "${beside}", which is stored in the state`;
    const detail = `"${attributeName(path)}": write-only attributes require Terraform 1.11 or OpenTofu 1.11, and this version is older. Upgrade it${plain}.`;
    return error('Terraform Too Old', detail, path);
  });
}

interface Typed {
  readonly shape: Shape;
  readonly type: z.ZodType;
}

function validateValue({ shape, type }: Typed, value: Value, place: Position): Diagnostic[] {
  if (value === null || value === UNKNOWN) return [];
  const members = validateMembers(shape, value, place);
  if (members.length > 0 || !isKnown(value)) return members;
  const parsed = type.safeParse(toInput(shape, value));
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => {
    const { path: inner, hidden } = pathOf(shape, issue.path);
    const at = [...place.path, ...inner];
    const subject = { name: attributeName(at), sensitive: place.hidden || hidden, value: valueAt(value, inner) };
    return error('Invalid Attribute Value', issueText(issue, subject), at);
  });
}

/** Members first, so that a problem is reported at its own path and known members are checked even beside unknown ones. */
function validateMembers(shape: Shape, value: Value, place: Position): Diagnostic[] {
  if (shape.kind === 'object') return isRecord(value) ? validateFields(shape.fields, value, place) : [];
  if (isScalar(shape)) return [];
  const element = { shape: shape.element, type: shape.elementType };
  const within = (step: AttributePath[number]): Position => ({ ...place, path: [...place.path, step] });
  if (isList(value))
    return [
      ...repeated(shape, value, place.path),
      ...value.flatMap((item, index) => validateValue(element, item, within(shape.kind === 'set' ? ELEMENT : index))),
    ];
  if (isRecord(value)) return Object.entries(value).flatMap(([key, item]) => validateValue(element, item, within({ key })));
  return [];
}

/** Elements that are identified by a member must have different values of it. */
function repeated(shape: CollectionShape, list: readonly Value[], path: AttributePath): Diagnostic[] {
  const { elementKey } = shape;
  if (elementKey === undefined) return [];
  const keys = list.map((item) => elementKeyOf(shape, item) ?? null);
  return keys.flatMap((key, index) => {
    if (key === null || key === UNKNOWN || keys.indexOf(key) === index) return [];
    const at = [...path, index, elementKey];
    const detail = `"${attributeName(at)}": ${JSON.stringify(key)} is repeated; "${elementKey}" identifies each element and must be unique.`;
    return [error('Invalid Attribute Value', detail, at)];
  });
}

const none: Diagnostic[] = [];

interface Siblings {
  readonly fields: readonly Field[];
  readonly config: ValueRecord;
  readonly path: AttributePath;
  readonly variables: Position['variables'];
}

function companions(field: Field, { fields, config, path, variables }: Siblings): Diagnostic[] {
  if (!field.facts.requires && !field.facts.conflicts) return none;
  const named = (name: string): string => attributeName([...path.slice(0, -1), name]);
  const given = (name: string): string => {
    const variable = variables?.get(name);
    return `"${named(name)}"${variable === undefined ? '' : ` (from ${variable})`}`;
  };
  const without = (name: string): string => {
    const variable = variables?.get(name);
    return variable === undefined ? `leave out "${named(name)}"` : `unset ${variable}`;
  };
  const isSet = (name: string): boolean => {
    const other = fields.find((candidate) => candidate.name === name);
    return !(other ? isUnset(other, config[name] ?? null) : (config[name] ?? null) === null);
  };
  const missing = (field.facts.requires ?? []).map(snakeCase).filter((name) => !isSet(name));
  const clashing = (field.facts.conflicts ?? []).map(snakeCase).filter(isSet);
  return [
    ...missing.map((name) =>
      error(
        'Missing Attribute',
        `${given(field.name)} is set, so "${named(name)}" must be set too. Set "${named(name)}", or ${without(field.name)}.`,
        path,
      ),
    ),
    ...clashing.map((name) =>
      error(
        'Conflicting Attributes',
        `${given(field.name)} and ${given(name)} are both set; only one of them is allowed. Leave out one.`,
        path,
      ),
    ),
  ];
}

/** A known value as the zod type of its attribute expects it. */
export function toInput(shape: Shape, value: Value): unknown {
  if (value === null) return undefined;
  if (shape.kind === 'object' && isRecord(value))
    return Object.fromEntries(shape.fields.map((field) => [field.key, inputOf(field, value[field.name] ?? null)]));
  if ('element' in shape && isList(value)) {
    const items = value.map((item) => toInput(shape.element, item));
    return shape.kind === 'set' ? new Set(items) : items;
  }
  if ('element' in shape && isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toInput(shape.element, item)]));
  if (value instanceof Decimal) return Math.min(Math.max(Number(value.text), -Number.MAX_VALUE), Number.MAX_VALUE);
  return typeof value === 'bigint' ? Number(value) : value;
}

const inputOf = (field: Field, value: Value): unknown => (isUnset(field, value) ? undefined : toInput(field.shape, value));

/** The path for zod's keys, and whether the value there is sensitive. */
function pathOf(shape: Shape, keys: readonly PropertyKey[]): Position {
  const [head, ...rest] = keys;
  if (head === undefined || isScalar(shape)) return { path: [], hidden: holdsHidden(shape) };
  if (shape.kind === 'set') return { path: [], hidden: holdsHidden(shape) };
  if (shape.kind === 'object') {
    const field = shape.fields.find((candidate) => candidate.key === head);
    if (!field) return { path: [], hidden: holdsHidden(shape) };
    const inner = pathOf(field.shape, rest);
    return { path: [field.name, ...inner.path], hidden: isHidden(field) || inner.hidden };
  }
  const inner = pathOf(shape.element, rest);
  return { path: [shape.kind === 'map' ? { key: String(head) } : Number(head), ...inner.path], hidden: inner.hidden };
}

const holdsHidden = (shape: Shape): boolean => hidden(membersOf(shape)).length > 0;
const hidden = search(isHidden);

function valueAt(value: Value, path: AttributePath): Value {
  return path.reduce<Value>((at, step) => {
    if (isList(at) && typeof step === 'number') return at[step] ?? null;
    if (!isRecord(at)) return null;
    return at[typeof step === 'object' && 'key' in step ? step.key : String(step)] ?? null;
  }, value);
}
