import * as z from 'zod';
import { attr, type Facts } from '../../src/schema/define/attribute';
import { nested } from '../../src/schema/define/nested';
import { fieldsOf } from '../../src/schema/define/shape';
import { secret } from '../../src/schema/define/types';
import { toTerraform, typeConstraint } from '../../src/schema/derive/to-terraform';
import type { TerraformAttribute } from '../../src/schema/derive/terraform';

const member = nested({ hostName: attr(z.string(), 'Host.'), port: attr(z.int().default(80), 'Port.') });
const attributesOf = (type: z.ZodType, facts = {}): TerraformAttribute => {
  const [attribute] = toTerraform(fieldsOf({ someName: attr(type, 'Some.', facts) }), { description: 'A thing.' }).attributes;
  return attribute as TerraformAttribute;
};

describe('the Terraform type of a zod type', () => {
  it.each<[string, z.ZodType, unknown]>([
    ['string', z.string(), 'string'],
    ['number', z.number(), 'number'],
    ['int', z.int(), 'number'],
    ['boolean', z.boolean(), 'bool'],
    ['enum', z.enum(['a', 'b']), 'string'],
    ['list', z.array(z.string()), ['list', 'string']],
    ['set', z.set(z.int()), ['set', 'number']],
    ['map', z.record(z.string(), z.boolean()), ['map', 'bool']],
    ['list of lists', z.array(z.array(z.string())), ['list', ['list', 'string']]],
    ['map of sets', z.record(z.string(), z.set(z.string())), ['map', ['set', 'string']]],
    ['refined string', z.string().min(3).regex(/a/), 'string'],
  ])('of a %s', (_, type, expected) => expect(attributesOf(type).type).toEqual(expected));

  it.each<[string, z.ZodType, string]>([
    ['a nested object', member, 'single'],
    ['a list of nested objects', z.array(member), 'list'],
    ['a set of nested objects', z.set(member), 'set'],
    ['a map of nested objects', z.record(z.string(), member), 'map'],
  ])('of %s is a nested type', (_, type, nesting) => {
    const attribute = attributesOf(type);
    expect(attribute.type).toBeUndefined();
    expect(attribute.nestedType?.nesting).toBe(nesting);
    expect(
      attribute.nestedType?.attributes.map(({ name, type: inner, required, optional, computed }) => ({
        name,
        inner,
        required,
        optional,
        computed,
      })),
    ).toEqual([
      { name: 'host_name', inner: 'string', required: true, optional: false, computed: false },
      { name: 'port', inner: 'number', required: false, optional: true, computed: true },
    ]);
  });

  it('of a list of lists of objects is a plain type', () => {
    expect(attributesOf(z.array(z.array(member))).type).toEqual(['list', ['list', ['object', { host_name: 'string', port: 'number' }]]]);
    expect(typeConstraint(fieldsOf({ one: attr(member, 'One.') })[0]!.shape)).toEqual(['object', { host_name: 'string', port: 'number' }]);
  });
});

describe('what an attribute may be', () => {
  const of = ({ required, optional, computed, sensitive, writeOnly }: TerraformAttribute): object => ({
    required,
    optional,
    computed,
    sensitive,
    writeOnly,
  });
  const flags = { required: false, optional: false, computed: false, sensitive: false, writeOnly: false };
  it.each<[string, z.ZodType, object, object]>([
    ['required', z.string(), {}, { ...flags, required: true }],
    ['optional', z.string().optional(), {}, { ...flags, optional: true }],
    ['computed', z.string(), { computed: true }, { ...flags, computed: true }],
    ['derived', z.string(), { derive: () => 'x' }, { ...flags, computed: true }],
    ['optional and computed', z.string().optional(), { computed: true }, { ...flags, optional: true, computed: true }],
    ['defaulted', z.string().default('x'), {}, { ...flags, optional: true, computed: true }],
    ['sensitive', z.string(), { sensitive: true }, { ...flags, required: true, sensitive: true }],
    ['write-only', z.string().optional(), { writeOnly: true }, { ...flags, optional: true, writeOnly: true }],
  ])('is told for a %s one', (...[, type, facts, expected]) => expect(of(attributesOf(type, facts))).toEqual(expected));

  it('tells what to use instead of a deprecated one', () => {
    expect(attributesOf(z.string(), { deprecated: 'Use other.' }).deprecationMessage).toBe('Use other.');
    expect(toTerraform([], { description: 'A thing.', deprecated: 'Use another.' })).toEqual({
      attributes: [],
      description: 'A thing.',
      deprecationMessage: 'Use another.',
    });
  });

  it('keeps default, facts and key in the field', () => {
    const same = (): boolean => true;
    const [field] = fieldsOf({ maxAge: attr(z.int().default(7), 'Age.', { since: '3.2.0', semanticEquals: same, forceNew: true }) });
    expect(field).toMatchObject({
      key: 'maxAge',
      name: 'max_age',
      api: ['max_age'],
      default: 7,
      required: false,
      facts: { since: '3.2.0', semanticEquals: expect.any(Function) as unknown, forceNew: true },
    });
  });

  it('has the texts an enum allows', () =>
    expect(fieldsOf({ kind: attr(z.enum(['a', 'b']), 'Kind.') })[0]?.shape).toEqual({ kind: 'string', oneOf: ['a', 'b'] }));
});

describe('the place in the API', () => {
  const apiOf = (facts: Facts, apiCase?: 'camel'): unknown =>
    fieldsOf({ someName: { type: z.string(), description: 'Some.', facts } }, apiCase)[0]?.api;
  it('is the name in the case of the API', () => expect([apiOf({}), apiOf({}, 'camel')]).toEqual([['some_name'], ['someName']]));
  it('is where the fact says, also deeper', () =>
    expect([apiOf({ api: 'x' }), apiOf({ api: 'spec.name' })]).toEqual([['x'], ['spec', 'name']]));
  it('is a list of segments where a segment has dots', () =>
    expect(apiOf({ api: ['metadata', 'example.com/alias'] })).toEqual(['metadata', 'example.com/alias']));
  it('is one for both attributes of a secret, in the case of the API', () =>
    expect(fieldsOf(secret('adminKey', 'Key.'), 'camel').map(({ api }) => api)).toEqual([
      ['adminKey'],
      ['adminKey'],
      undefined,
      undefined,
    ]));
  it('is nowhere when the API does not have it', () =>
    expect([apiOf({ api: false }), apiOf({ derive: () => null })]).toEqual([undefined, undefined]));
});

describe('a definition that cannot be', () => {
  it.each<[string, z.ZodType, string]>([
    [
      'a union',
      z.union([z.string(), z.int()]),
      'attribute "someName": the type "union" has no Terraform equivalent; use string, number, boolean, enum, array, set, record or nested()',
    ],
    [
      'a date',
      z.date(),
      'attribute "someName": the type "date" has no Terraform equivalent; use string, number, boolean, enum, array, set, record or nested()',
    ],
    [
      'a plain object',
      z.object({ a: z.string() }),
      'attribute "someName": the type "object" has no Terraform equivalent; write nested({...}) so that each member has a description',
    ],
    [
      'a nullable',
      z.string().nullable(),
      'attribute "someName": the type "nullable" has no Terraform equivalent; use string, number, boolean, enum, array, set, record or nested()',
    ],
    [
      'a list of unions',
      z.array(z.any()),
      'attribute "someName": the type "any" has no Terraform equivalent; use string, number, boolean, enum, array, set, record or nested()',
    ],
  ])('with %s throws and names the attribute', (_, type, message) =>
    expect(() => fieldsOf({ someName: attr(type, 'Some.') })).toThrow(new Error(message)),
  );

  it('names an attribute of a nested object by its path', () => {
    const deep = nested({ inner: attr(z.bigint(), 'Inner.') });
    expect(() => fieldsOf({ outer: attr(z.array(deep), 'Outer.') })).toThrow('attribute "outer.inner": the type "bigint"');
  });

  it('refuses names that are not camelCase and write-only attributes with a default', () => {
    expect(() => fieldsOf({ some_name: attr(z.string(), 'Some.') })).toThrow(
      'attribute "some_name": names consist of letters and digits, in camelCase',
    );
    expect(() => fieldsOf({ key: attr(z.string().default('x'), 'Key.', { writeOnly: true }) })).toThrow(
      'attribute "key": a write-only attribute cannot be computed or have a default',
    );
  });
});
