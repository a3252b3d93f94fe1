import type { Check } from '../schema/define/definition';
import { attributeName, type AttributePath, type Diagnostic, ELEMENT, error } from '../common/diagnostic';
import { Decimal, isKnown, isList, isRecord, UNKNOWN, type Value, type ValueRecord } from '../common/value';
import { type Field, isScalar, type Shape } from '../schema/define/shape';
import type { z } from 'zod';
import { issueText } from './issue-text';
import { snakeCase } from '../common/names';
import { isUnset, withoutUnset } from '../schema/api/unset';

/** Checks a configuration against its fields, letting unknown values pass. */
export function validateFields(fields: readonly Field[], config: ValueRecord, path: AttributePath = []): Diagnostic[] {
  return fields.flatMap((field) => {
    const value = config[field.name] ?? null;
    if (value === UNKNOWN || isUnset(field, value)) return [];
    const at = [...path, field.name];
    return [
      ...companions(field, { fields, config, path: at }),
      ...validateValue({ shape: field.shape, type: field.type, field }, value, at),
    ];
  });
}

/** Checks the rules across attributes that a definition declares. */
export function validateChecks(
  { definition, fields }: { readonly definition: { readonly checks?: readonly Check[] }; readonly fields: readonly Field[] },
  config: ValueRecord,
): Diagnostic[] {
  const values = withoutUnset(fields, config);
  return (definition.checks ?? []).flatMap((check) => check(values));
}

/** Refuses write-only attributes for a core that would keep them, and then say that the provider is wrong. */
export function refuseWriteOnly(fields: readonly Field[], config: Value): Diagnostic[] {
  const given = fields.filter(({ name, facts }) => facts.writeOnly && isRecord(config) && isKnown(config[name] ?? null));
  return given
    .filter(({ name }) => ((config as ValueRecord)[name] ?? null) !== null)
    .map(({ name, facts }) => {
      const plain = facts.rotation ? `, or set "${snakeCase(facts.rotation.plain)}", which is kept in the state` : '';
      const detail = `"${name}": write-only attributes need Terraform 1.11 or OpenTofu 1.11, which this is not. Upgrade it${plain}.`;
      return error('Terraform Too Old', detail, [name]);
    });
}

interface Typed {
  readonly shape: Shape;
  readonly type: z.ZodType;
  readonly field: Field;
}

function validateValue({ shape, type, field }: Typed, value: Value, path: AttributePath): Diagnostic[] {
  if (value === null || value === UNKNOWN) return [];
  const members = validateMembers({ shape, type, field }, value, path);
  if (members.length > 0 || !isKnown(value)) return members;
  const parsed = type.safeParse(toInput(shape, value));
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => {
    const inner = pathOf(shape, issue.path);
    const at = [...path, ...inner];
    const subject = { name: attributeName(at), sensitive: field.facts.sensitive === true, value: valueAt(value, inner) };
    return error('Invalid Attribute Value', issueText(issue, subject), at);
  });
}

/** Members first, so that a fault is told at its own path and known members are checked beside unknown ones. */
function validateMembers({ shape, field }: Typed, value: Value, path: AttributePath): Diagnostic[] {
  if (shape.kind === 'object') return isRecord(value) ? validateFields(shape.fields, value, path) : [];
  if (isScalar(shape)) return [];
  const element = { shape: shape.element, type: shape.elementType, field };
  if (isList(value)) return value.flatMap((item, index) => validateValue(element, item, [...path, shape.kind === 'set' ? ELEMENT : index]));
  if (isRecord(value)) return Object.entries(value).flatMap(([key, item]) => validateValue(element, item, [...path, { key }]));
  return [];
}

interface Siblings {
  readonly fields: readonly Field[];
  readonly config: ValueRecord;
  readonly path: AttributePath;
}

function companions(field: Field, { fields, config, path }: Siblings): Diagnostic[] {
  const named = (name: string): string => attributeName([...path.slice(0, -1), name]);
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
        `"${named(field.name)}" is set, so "${named(name)}" must be set too. Set "${named(name)}", or leave out "${named(field.name)}".`,
        path,
      ),
    ),
    ...clashing.map((name) =>
      error(
        'Conflicting Attributes',
        `"${named(field.name)}" and "${named(name)}" are both set; only one of them is allowed. Leave out one.`,
        path,
      ),
    ),
  ];
}

/** A known value as the zod type of its attribute wants it. */
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

function pathOf(shape: Shape, keys: readonly PropertyKey[]): AttributePath {
  const [head, ...rest] = keys;
  if (head === undefined || shape.kind === 'set') return [];
  if (shape.kind === 'object') {
    const field = shape.fields.find((candidate) => candidate.key === head);
    return field ? [field.name, ...pathOf(field.shape, rest)] : [];
  }
  if (!('element' in shape)) return [];
  return [shape.kind === 'map' ? { key: String(head) } : Number(head), ...pathOf(shape.element, rest)];
}

function valueAt(value: Value, path: AttributePath): Value {
  return path.reduce<Value>((at, step) => {
    if (isList(at) && typeof step === 'number') return at[step] ?? null;
    if (!isRecord(at)) return null;
    return at[typeof step === 'object' && 'key' in step ? step.key : String(step)] ?? null;
  }, value);
}
