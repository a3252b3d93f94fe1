import { attributeName, type AttributePath, type Diagnostic, ELEMENT, error, type PathStep } from '../../common/diagnostic';
import { Decimal, isList, isRecord, isText, numberOf, UNKNOWN, type Value, type ValueRecord } from '../../common/value';
import { type Field, isScalar, type Shape } from '../define/shape';
import { isUnset } from './unset';

/** What a value may contain in a given context. */
export interface Terms {
  /** Unknown values. */
  readonly unknown: boolean;
  /** Attributes that only the provider sets. */
  readonly computed: boolean;
  /** Write-only attributes that are set. */
  readonly writeOnly: boolean;
  /** Required attributes that are not set. */
  readonly incomplete: boolean;
}

/** A value in the form of the schema: numbers received as strings are numbers. Use it only if there are no problems. */
export interface Conformed {
  readonly values: ValueRecord;
  readonly problems: readonly Diagnostic[];
}

/** Checks an object against the schema: every attribute is present, known and of its type; omitted attributes are null. */
export function conform(fields: readonly Field[], value: Value, terms: Terms): Conformed {
  const problems: Diagnostic[] = [];
  if (!isRecord(value))
    return { values: {}, problems: [error('Invalid Value', `${told(value, false)} was given, but an object is required.`)] };
  return { values: conformFields(fields, value, { terms, problems }), problems };
}

interface Position {
  readonly terms: Terms;
  readonly problems: Diagnostic[];
  readonly outer?: Position;
  readonly step?: PathStep;
  readonly sensitive?: boolean;
}

const within = (outer: Position, step: PathStep, sensitive = outer.sensitive === true): Position => ({
  terms: outer.terms,
  problems: outer.problems,
  outer,
  step,
  sensitive,
});

const pathOf = ({ outer, step }: Position): AttributePath => (outer && step !== undefined ? [...pathOf(outer), step] : []);

function refuse(place: Position, summary: string, what: string): null {
  const path = pathOf(place);
  place.problems.push(error(summary, `"${attributeName(path)}" ${what}.`, path));
  return null;
}

function conformFields(fields: readonly Field[], given: ValueRecord, place: Position): ValueRecord {
  const values: Record<string, Value> = {};
  for (const field of fields) {
    const value = Object.hasOwn(given, field.name) ? (given[field.name] ?? null) : null;
    const plain = plainly(field, value, place.terms);
    if (plain !== undefined) {
      values[field.name] = plain;
      continue;
    }
    // An object of nulls means "not set", so nothing is missing in it.
    const outer = isUnset(field, value) ? { ...place, terms: { ...place.terms, incomplete: true } } : place;
    const at = within(outer, field.name, place.sensitive || field.facts.sensitive === true);
    values[field.name] =
      value === null ? missing(field, within(place, field.name)) : (forbidden(field, at) ?? conformValue(field.shape, value, at));
  }
  for (const name of Object.keys(given))
    if (!Object.hasOwn(values, name))
      refuse(
        within(place, name),
        'Unsupported Attribute',
        'is not a known attribute; leave it out, or use a version of the provider that has it',
      );
  return values;
}

/** A fast path for values without problems, as nearly all are; tracking paths costs time in large stacks. */
function plainly({ shape, facts, required, optional }: Field, value: Value, terms: Terms): Value | undefined {
  if (value === null) return required && !terms.incomplete ? undefined : null;
  if (!isScalar(shape) || facts.writeOnly || !(required || optional || terms.computed)) return undefined;
  return conformScalar(shape.kind, value);
}

function missing(field: Field, at: Position): null {
  return field.required && !at.terms.incomplete ? refuse(at, 'Missing Attribute', 'is required but is not set; set it') : null;
}

function forbidden({ required, optional, facts }: Field, at: Position): null | undefined {
  if (!required && !optional && !at.terms.computed)
    return refuse(at, 'Read-Only Attribute', 'can be set only by the provider; leave it out');
  if (facts.writeOnly && !at.terms.writeOnly)
    return refuse(at, 'Invalid Attribute Value', 'is write-only and must not appear in plan or state');
  return undefined;
}

function conformValue(shape: Shape, value: Value, at: Position): Value {
  if (value === null) return null;
  if (value === UNKNOWN) return at.terms.unknown ? value : refuse(at, 'Unknown Value', 'is not known yet, but must be known here');
  if (isScalar(shape)) return conformScalar(shape.kind, value) ?? misfit(shape, value, at);
  if (shape.kind === 'object') return isRecord(value) ? conformFields(shape.fields, value, at) : misfit(shape, value, at);
  if (shape.kind !== 'map')
    return isList(value)
      ? value.map((item, index) => conformValue(shape.element, item, within(at, shape.kind === 'set' ? ELEMENT : index)))
      : misfit(shape, value, at);
  if (!isRecord(value)) return misfit(shape, value, at);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, conformValue(shape.element, item, within(at, { key }))]));
}

/** Terraform encodes a number as a string if a float64 cannot represent it. */
function conformScalar(kind: 'string' | 'number' | 'bool', value: Value): Value | undefined {
  if (kind === 'bool') return typeof value === 'boolean' ? value : undefined;
  if (kind === 'string') return typeof value === 'string' && isText(value) ? value : undefined;
  if (typeof value === 'string') return numberOf(value);
  if (value instanceof Decimal) return numberOf(value.text);
  return typeof value === 'bigint' || Number.isFinite(value) ? value : undefined;
}

const misfit = (shape: Shape, value: Value, at: Position): null =>
  refuse(at, 'Invalid Attribute Value', `should be a ${shape.kind}, but ${told(value, at.sensitive === true)} was given`);

function told(value: Value, sensitive: boolean): string {
  if (typeof value === 'string' && !isText(value)) return 'a string with an unpaired surrogate';
  if (typeof value === 'string') return sensitive ? 'a string' : `the string ${JSON.stringify(value.slice(0, 100))}`;
  if (isList(value)) return 'a list';
  if (isRecord(value)) return 'an object';
  if (value === null || typeof value === 'boolean') return String(value);
  const number = value instanceof Decimal ? value.text : String(value);
  return value === UNKNOWN ? 'an unknown value' : sensitive ? 'a number' : `the number ${number.slice(0, 100)}`;
}
