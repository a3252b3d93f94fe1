import fc from 'fast-check';
import * as z from 'zod';
import type { Value, ValueRecord } from '../../src/common/value';
import { attr, type Attribute } from '../../src/schema/define/attribute';
import { fromApi } from '../../src/schema/api/from-api';
import type { JsonObject } from '../../src/schema/define/json';
import { nested } from '../../src/schema/define/nested';
import { type Field, fieldsOf } from '../../src/schema/define/shape';
import { emptyOf, toApi } from '../../src/schema/api/to-api';
import { configsOf } from '../../src/testing/arbitraries';

const runs = process.env['LONG'] ? 5000 : 200;
const read = (fields: readonly Field[], object: JsonObject, prior?: ValueRecord): unknown => {
  const result = fromApi(fields, object, prior);
  return result.problems ?? result.values;
};

/** Random definitions: any type, required or not, with any place in the API. */
const scalar = fc.constantFrom<z.ZodType>(z.string(), z.int(), z.number(), z.boolean(), z.enum(['a', 'b', 'c']));
const { type } = fc.letrec<{ type: z.ZodType; object: z.ZodType }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.oneof(
      tie('object'),
      tie('type').map((inner) => z.array(inner)),
      tie('type').map((inner) => z.record(z.string(), inner)),
      scalar.map((inner) => z.set(inner)),
    ),
  ),
  object: fc
    .array(tie('type'), { minLength: 1, maxLength: 3 })
    .map((types) => nested(Object.fromEntries(types.map((inner, i) => [`part${i}`, attr(inner, 'Part.')])))),
}));
const attribute: fc.Arbitrary<Attribute> = fc
  .tuple(type, fc.boolean(), fc.constantFrom<object>({}, { computed: true }, { forceNew: true }, { sensitive: true }, { since: '1.0.0' }))
  .map(([inner, optional, facts]) => attr(optional ? inner.optional() : inner, 'Some.', 'computed' in facts && !optional ? {} : facts));
const definition = fc
  .array(fc.tuple(attribute, fc.boolean()), { minLength: 1, maxLength: 5 })
  .map((list) =>
    fieldsOf(
      Object.fromEntries(
        list.map(([one, deep], i) => [`field${i}`, deep ? { ...one, facts: { ...one.facts, api: `spec.deep${i}` } } : one] as const),
      ),
      'camel',
    ),
  );
const cases = definition.chain((fields) => configsOf(fields).map((values) => ({ fields, values: whole(fields, values) })));
const whole = (fields: readonly Field[], values: ValueRecord): ValueRecord =>
  Object.fromEntries(fields.map(({ name }) => [name, values[name] ?? null]));

describe('toApi and fromApi', () => {
  it('give back what was sent, for any definition and values', () => {
    fc.assert(
      fc.property(cases, ({ fields, values }) => {
        expect(read(fields, JSON.parse(JSON.stringify(toApi(fields, values))) as JsonObject, values)).toEqual(values);
      }),
      { numRuns: runs },
    );
  });

  it('do not mind fields that the definition does not know, for any definition and values', () => {
    fc.assert(
      fc.property(
        cases,
        fc.dictionary(fc.stringMatching(/^x_[a-z]+$/), fc.jsonValue() as fc.Arbitrary<never>, { noNullPrototype: true }),
        ({ fields, values }, extra) => {
          expect(read(fields, { ...extra, ...toApi(fields, values) }, values)).toEqual(values);
        },
      ),
      { numRuns: runs },
    );
  });

  it('keep everything when the server tells nothing', () => {
    fc.assert(
      fc.property(cases, ({ fields, values }) => {
        expect(read(fields, {}, values)).toEqual(values);
      }),
      { numRuns: runs },
    );
  });
});

const list = fieldsOf({ tags: attr(z.array(z.string()).optional(), 'Tags.') });
const defaulted = fieldsOf({
  tags: attr(z.array(z.string()).default([]), 'Tags.'),
  note: attr(z.string().default(''), 'Note.'),
  age: attr(z.int().default(7), 'Age.'),
  on: attr(z.boolean().default(true), 'On.'),
  mode: attr(z.enum(['fast', 'safe']).default('safe'), 'Mode.'),
});

describe('what means "not set"', () => {
  it.each<[string, Value, JsonObject, Value]>([
    ['null stays null for []', null, { tags: [] }, null],
    ['null stays null for null', null, { tags: null }, null],
    ['[] stays [] for null', [], { tags: null }, []],
    ['[] stays [] for []', [], { tags: [] }, []],
    ['[] stays [] when the field is missing', [], {}, []],
    ['null stays null when the field is missing', null, {}, null],
    ['a list that was emptied outside is seen as null', ['a'], { tags: [] }, null],
    ['a list that was filled outside is seen', null, { tags: ['b'] }, ['b']],
  ])('%s', (...[, prior, object, expected]) => expect(read(list, object, { tags: prior })).toEqual({ tags: expected }));

  it('is the default at import, whatever the server calls it', () => {
    const unset = { tags: [], note: '', age: 7, on: true, mode: 'safe' };
    expect(read(defaulted, { tags: null, note: null, age: 7, on: true, mode: null })).toEqual(unset);
    expect(read(defaulted, {})).toEqual(unset);
  });

  it('is the empty collection at import where one is required, so that [] in the configuration is no change', () => {
    const fields = fieldsOf({ members: attr(z.array(z.string()), 'Members.'), labels: attr(z.record(z.string(), z.string()), 'Labels.') });
    expect(read(fields, { members: null, labels: null })).toEqual({ members: [], labels: {} });
  });

  it('is no difference where nothing is in state, also when the server may set it', () => {
    const fields = fieldsOf({
      tags: attr(z.array(z.string()).optional(), 'Tags.', { computed: true }),
      note: attr(z.string().optional(), 'Note.'),
    });
    for (const empty of [null, []])
      expect(read(fields, { tags: empty, note: '' }, { tags: null, note: null })).toEqual({ tags: null, note: null });
  });

  it('is seen as a difference from a default that is something', () => {
    expect(
      read(defaulted, { tags: ['x'], note: 'n', age: 0, on: false, mode: 'fast' }, { tags: [], note: '', age: 7, on: true, mode: 'safe' }),
    ).toEqual({
      tags: ['x'],
      note: 'n',
      age: 0,
      on: false,
      mode: 'fast',
    });
  });

  it('is sent as the empty value of the type', () => {
    const fields = fieldsOf({
      a: attr(z.string().optional(), 'A.'),
      b: attr(z.array(z.string()).optional(), 'B.'),
      c: attr(z.record(z.string(), z.string()).optional(), 'C.'),
      d: attr(z.int().optional(), 'D.'),
      e: attr(z.boolean().optional(), 'E.'),
    });
    expect(toApi(fields, {})).toEqual({ a: '', b: [], c: {}, d: null, e: null });
    expect(fields.map(({ shape }) => emptyOf(shape))).toEqual(['', [], {}, null, null]);
  });

  it('is not sent for what the server sets', () => {
    expect(
      toApi(fieldsOf({ ttl: attr(z.int().optional(), 'Ttl.', { computed: true }), id: attr(z.string(), 'Id.', { computed: true }) }), {
        ttl: null,
        id: null,
      }),
    ).toEqual({});
  });
});

describe('secrets', () => {
  const fields = fieldsOf({ key: attr(z.string().optional(), 'Key.', { notReturned: true, sensitive: true }) });
  it('are not sent when they never were set, and sent empty when they no longer are', () => {
    expect([
      toApi(fields, { key: null }),
      toApi(fields, { key: null }, { key: null }),
      toApi(fields, { key: null }, { key: 'old' }),
      toApi(fields, { key: 'new' }, { key: 'old' }),
    ]).toEqual([{}, {}, { key: '' }, { key: 'new' }]);
  });
  it('stay as they are whatever the server tells', () => expect(read(fields, { key: '********' }, { key: 'old' })).toEqual({ key: 'old' }));
});

describe('what the server says in other words', () => {
  const fields = fieldsOf({
    url: attr(z.string(), 'Url.', { semanticEquals: (a, b) => String(a).toLowerCase() === String(b).toLowerCase() }),
    tags: attr(z.set(z.string()), 'Tags.'),
  });
  it('keeps the wording of the configuration', () =>
    expect(read(fields, { url: 'HTTP://A', tags: ['b', 'a'] }, { url: 'http://a', tags: ['a', 'b'] })).toEqual({
      url: 'http://a',
      tags: ['a', 'b'],
    }));
  it('is a difference when it means something else', () =>
    expect(read(fields, { url: 'http://b', tags: ['a', 'c'] }, { url: 'http://a', tags: ['a', 'b'] })).toEqual({
      url: 'http://b',
      tags: ['a', 'c'],
    }));
});

describe('fields of the wrong type', () => {
  const fields = fieldsOf({
    name: attr(z.string(), 'Name.'),
    ttl: attr(z.int(), 'Ttl.'),
    on: attr(z.boolean(), 'On.'),
    tags: attr(z.array(z.string()), 'Tags.'),
    labels: attr(z.record(z.string(), z.string()), 'Labels.'),
    hosts: attr(z.array(nested({ port: attr(z.int(), 'Port.') })), 'Hosts.'),
    owner: attr(nested({ mail: attr(z.string(), 'Mail.') }), 'Owner.', { api: 'meta.owner' }),
  });
  it.each<[string, JsonObject, string]>([
    ['a text', { name: 3 }, 'name should be a string but is number'],
    ['a number', { ttl: '300' }, 'ttl should be a number but is string'],
    ['a truth value', { on: 'yes' }, 'on should be a bool but is string'],
    ['a list', { tags: 'a,b' }, 'tags should be a list but is string'],
    ['an element', { tags: ['a', 3] }, 'tags[1] should be a string but is number'],
    ['a map', { labels: ['a'] }, 'labels should be a map but is a list'],
    ['a map value', { labels: { a: true } }, 'labels.a should be a string but is boolean'],
    ['a member of an element', { hosts: [{ port: 1 }, { port: 'x' }] }, 'hosts[1].port should be a number but is string'],
    ['a member of an object', { meta: { owner: { mail: 1 } } }, 'meta.owner.mail should be a string but is number'],
    ['an object', { meta: { owner: 'me' } }, 'meta.owner should be a object but is string'],
  ])('%s is told by its path', (_, object, problem) => expect(read(fields, object)).toEqual([problem]));

  it('are told all together', () => expect(read(fields, { name: 1, ttl: 'x' })).toHaveLength(2));
});
