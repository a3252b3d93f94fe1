import fc from 'fast-check';
import { snakeCase } from '../common/names';
import { sameValue, type Value, type ValueRecord } from '../common/value';
import { toInput } from '../handler/validate';
import type { Field, Shape } from '../schema/define/shape';
import type { z } from 'zod';

/** Texts of the forms that definitions ask for; what a type does not take is left out. */
const texts = [
  'alpha',
  'beta-2',
  'gamma.3',
  'https://one.example.com',
  'https://two.example.com/with/path',
  '^a/.*$',
  '\\.tgz$',
  '(?i)snapshot',
  'text with "quotes", ünï and \\',
  '3',
  '"quoted"',
  '/a/path',
  '10MB',
  '2030-01-31T12:00:00Z',
  '2031-01-31T12:00:00Z',
  '30s',
  '1h30m',
  'aGVsbG8=',
  'd29ybGQ=',
  '',
];

const accepts = (type: z.ZodType, shape: Shape, value: Value): boolean => type.safeParse(toInput(shape, value)).success;

/** Any value that an attribute of this shape takes. */
export function valuesOfShape(shape: Shape, type: z.ZodType): fc.Arbitrary<Value> {
  return rawValues(shape, type).filter((value) => accepts(type, shape, value));
}

function rawValues(shape: Shape, type: z.ZodType): fc.Arbitrary<Value> {
  if (shape.kind === 'bool') return fc.boolean();
  if (shape.kind === 'number')
    return accepts(type, shape, 1.5)
      ? fc.oneof(
          fc.integer(),
          fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
        )
      : fc.integer({ min: -3, max: 1_000_000 });
  if (shape.kind === 'string') return stringsOf(shape.oneOf, type);
  if (shape.kind === 'object') return configsOf(shape.fields);
  if (!('element' in shape)) throw new Error(`no values for ${shape.kind}`);
  const element = valuesOfShape(shape.element, shape.elementType);
  if (shape.kind === 'list') return fc.array(element, { maxLength: 4 });
  if (shape.kind === 'set') return fc.uniqueArray(element, { maxLength: 4, comparator: sameValue });
  return fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_.-]{0,6}$/), element, { maxKeys: 3, noNullPrototype: true });
}

function stringsOf(oneOf: readonly string[] | undefined, type: z.ZodType): fc.Arbitrary<Value> {
  if (oneOf) return fc.constantFrom(...oneOf);
  const pool = texts.filter((text) => type.safeParse(text).success);
  const free = pool.length === texts.length || (pool.length === texts.length - 1 && !pool.includes(''));
  return free
    ? fc.oneof(
        fc.constantFrom(...pool),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map((text) => text.normalize('NFC')),
      )
    : fc.constantFrom(...pool);
}

/** Whether a user may set the attribute. */
export const settable = (field: Field): boolean => field.required || field.optional;

/** Any valid configuration; `fixed` gives arbitraries for attributes that depend on what the server has. */
export function configsOf(fields: readonly Field[], fixed: Readonly<Record<string, fc.Arbitrary<Value>>> = {}): fc.Arbitrary<ValueRecord> {
  const settables = fields.filter(settable);
  const members = settables.map((field) => {
    const value = fixed[field.name] ?? valuesOfShape(field.shape, field.type);
    return [field.name, field.required ? value : fc.option(value, { nil: null, freq: 2 })] as const;
  });
  return fc.record(Object.fromEntries(members), { noNullPrototype: true }).map((config) => agreeing(fields, config));
}

/** The configuration without what conflicts in it or lacks what it requires. */
export function agreeing(fields: readonly Field[], config: ValueRecord): ValueRecord {
  const kept: Record<string, Value> = { ...config };
  const isSet = (key: string): boolean => (kept[snakeCase(key)] ?? null) !== null;
  for (const { name, facts } of fields) if ((facts.conflicts ?? []).some(isSet)) kept[name] = null;
  for (let changed = true; changed;) {
    changed = false;
    for (const { name, facts } of fields) {
      if ((kept[name] ?? null) === null || (facts.requires ?? []).every(isSet)) continue;
      kept[name] = null;
      changed = true;
    }
  }
  return kept;
}

/** Two different values that an attribute takes. */
export function twoValues(field: Field): readonly [Value, Value] {
  const samples = fc.sample(valuesOfShape(field.shape, field.type), { numRuns: 200, seed: 7 });
  const one = samples.find((value) => !isEmpty(value) && !sameValue(value, field.default ?? null));
  const differs = (value: Value): boolean => one !== undefined && field.facts.semanticEquals?.(one, value) !== true && !sameSet(value, one);
  const other = samples.find((value) => !isEmpty(value) && differs(value));
  if (one === undefined || other === undefined) throw new Error(`there are no two values for "${field.name}"`);
  return [one, other];
}

const isEmpty = (value: Value): boolean => value === '' || value === 0 || (Array.isArray(value) && value.length === 0);
const sameSet = (a: Value, b: Value): boolean =>
  Array.isArray(a) && Array.isArray(b)
    ? JSON.stringify([...(a as unknown[])].sort()) === JSON.stringify([...(b as unknown[])].sort())
    : sameValue(a, b);
