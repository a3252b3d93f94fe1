import fc from 'fast-check';
import * as z from 'zod';
import type { Value, ValueRecord } from '../../src/common/value';
import { attr, type Attributes } from '../../src/schema/define/attribute';
import { connection } from '../../src/schema/define/connection';
import { nested } from '../../src/schema/define/nested';
import { defineProvider, type ProviderDefinition } from '../../src/schema/define/provider';
import { defineResource } from '../../src/schema/define/resource';
import { rest } from '../../src/schema/define/rest';
import { type Field, fieldsOf, type Shape } from '../../src/schema/define/shape';
import { secret } from '../../src/schema/define/types';
import type { Answer, Reply } from '../../src/testing/http-server';

/** Providers that nobody wrote, of every kind of attribute there is, and a server that sets what only servers set. */

const scalars = fc.constantFrom<() => z.ZodType>(
  () => z.string(),
  () => z.int(),
  () => z.boolean(),
);

/** One attribute that holds nothing else, or several that belong together. */
function leaf(name: string): fc.Arbitrary<Attributes> {
  const given = scalars.chain((type) =>
    fc.constantFrom<Attributes>(
      { [name]: attr(type(), 'Required.') },
      { [name]: attr(type().optional(), 'Optional.') },
      { [name]: attr(type().optional(), 'Set by the server, where the user does not.', { computed: true }) },
      { [name]: attr(type().optional(), 'Elsewhere.', { api: ['meta', `example.com/${name}`] }) },
    ),
  );
  const served = fc.constantFrom<Attributes>(
    { [name]: attr(z.string(), 'Computed.', { computed: true }) },
    { [name]: attr(z.string(), 'Volatile.', { computed: true, volatile: true }) },
    { [name]: attr(z.string().default('usual'), 'Defaulted.') },
  );
  const hidden = fc.constantFrom<Attributes>(
    { [name]: attr(z.string().optional(), 'Sensitive.', { sensitive: true }) },
    { [name]: attr(z.string().optional(), 'Sensitive.', { sensitive: true, api: `deep.${name}` }) },
  );
  return fc.oneof({ weight: 3, arbitrary: given }, { weight: 2, arbitrary: served }, { weight: 2, arbitrary: hidden });
}

const writeOnly = (name: string): fc.Arbitrary<Attributes> =>
  fc.constantFrom<Attributes>(secret(name, 'Secret.'), secret(name, 'Secret.', { api: ['auth', `${name}.text`] }), {
    [name]: attr(z.string().optional(), 'Write-only.', { writeOnly: true }),
  });

/** Attributes named after their places; those of elements that nothing tells apart cannot be write-only. */
function members(depth: number, at: string, apart = true): fc.Arbitrary<Attributes> {
  const one = (index: number): fc.Arbitrary<Attributes> => {
    const name = `${at}Part${'abcdef'.charAt(index)}`;
    const flat = apart ? fc.oneof({ weight: 2, arbitrary: leaf(name) }, writeOnly(name)) : leaf(name);
    return depth === 0 ? flat : fc.oneof({ weight: 3, arbitrary: flat }, { weight: 2, arbitrary: holder(depth - 1, name, apart) });
  };
  return fc
    .integer({ min: 1, max: 4 })
    .chain((size) =>
      fc.tuple(...Array.from({ length: size }, (_, index) => one(index))).map((parts) => Object.assign({}, ...parts) as Attributes),
    );
}

const label = { label: attr(z.string().min(1), 'What tells the elements apart.') };

function holder(depth: number, name: string, apart: boolean): fc.Arbitrary<Attributes> {
  return fc.constantFrom('single', 'map', 'keyed', 'list', 'set').chain((kind) =>
    members(depth, `${name}In`, apart && kind !== 'list' && kind !== 'set').map((inner): Attributes => {
      if (kind === 'single') return { [name]: attr(nested(inner).optional(), 'One.') };
      if (kind === 'map') return { [name]: attr(z.record(z.string(), nested(inner)).optional(), 'By name.') };
      if (kind === 'keyed')
        return { [name]: attr(z.array(nested({ ...label, ...inner })).optional(), 'In order.', { elementKey: 'label' }) };
      return { [name]: attr((kind === 'list' ? z.array : z.set)(nested({ ...label, ...inner })).optional(), 'Some.') };
    }),
  );
}

/** A provider of one resource with these attributes besides its name and a note. */
export function providerWith(attributes: Attributes): ProviderDefinition {
  const all: Attributes = {
    name: attr(z.string(), 'Name.', { forceNew: true }),
    note: attr(z.string().optional(), 'A note.'),
    ...attributes,
  };
  const needed = fieldsOf(all, 'camel').filter(({ required }) => required);
  const example = Object.fromEntries(needed.map(({ key }) => [key, { ref: `made_thing.other.${key}` }]));
  const thing = defineResource({
    type: 'made_thing',
    description: 'A thing.',
    apiCase: 'camel',
    attributes: all,
    key: ['name'],
    ...rest({ path: '/things' }),
    example: { minimal: example, full: example },
  });
  return defineProvider({
    name: 'made',
    title: 'Made Up',
    description: 'Made up.',
    attributes: connection('Made Up'),
    resources: [thing],
    example: {},
  });
}

/** Attributes of any kind, two levels deep. */
export const anyAttributes: fc.Arbitrary<Attributes> = members(2, 'top');

const isGiven = ({ required, optional }: Field): boolean => required || optional;

/** A configuration in which every text is one that is nowhere else; of a secret, the write-only attribute is set. */
export function configWith(fields: readonly Field[]): fc.Arbitrary<ValueRecord> {
  const seeds = fc.infiniteStream(fc.nat({ max: 5 }));
  return seeds.map((stream) => {
    let count = 0;
    const next = (): number => Number(stream.next().value);
    const fresh = (word: string): string => `${word}-${(count += 1)}-text`;
    const valueOf = (shape: Shape, word: string): Value => {
      if (shape.kind === 'string') return fresh(word);
      if (shape.kind === 'number') return 1000 + (count += 1);
      if (shape.kind === 'bool') return next() > 2;
      if (shape.kind === 'object') return recordOf(shape.fields);
      if (!('element' in shape)) return null;
      const { element } = shape;
      const items = Array.from({ length: next() % 4 }, () => valueOf(element, word));
      return shape.kind === 'map' ? Object.fromEntries(items.map((item) => [fresh('key.'), item])) : items;
    };
    const recordOf = (some: readonly Field[]): ValueRecord =>
      Object.fromEntries(
        some.map((field) => {
          const beside = field.facts.conflicts !== undefined || field.facts.requires !== undefined;
          const left = !isGiven(field) || beside || (!field.required && next() === 0);
          const word = field.facts.writeOnly ? 'hidden' : field.facts.sensitive ? 'sensitive' : 'plain';
          return [field.name, left ? null : valueOf(field.shape, word)];
        }),
      );
    return { ...recordOf(fields.filter(({ name }) => name !== 'timeouts')), name: 'one', note: 'first' };
  });
}

/** What a server makes of an object that it was sent. */
export type Maker = (fields: readonly Field[], body: Record<string, unknown>) => Record<string, unknown>;

/** Keeps things in memory and makes of each write what `make` says; what was sent is in `bodies`. */
export class MadeUpServer {
  readonly bodies: Record<string, unknown>[] = [];
  private readonly things = new Map<string, Record<string, unknown>>();

  constructor(
    private readonly fields: readonly Field[],
    private readonly make: Maker,
  ) {}

  readonly answer: Answer = ({ method, path, json }): Reply => {
    const name = decodeURIComponent(path.split('/')[2] ?? '');
    if (method === 'GET') {
      if (name === '') return { status: 200, body: [...this.things.values()] };
      const thing = this.things.get(name);
      return thing ? { status: 200, body: thing } : { status: 404, text: 'there is none' };
    }
    if (method === 'DELETE') return this.things.delete(name) ? { status: 204 } : { status: 404 };
    const body = json as Record<string, unknown>;
    this.bodies.push(structuredClone(body));
    const made = this.make(this.fields, structuredClone(body));
    this.things.set(String(body['name']), made);
    return { status: method === 'POST' ? 201 : 200, body: made };
  };
}

/** Puts what `value` gives at the place of every field for which it gives something, wherever its object is. */
export function filled(
  fields: readonly Field[],
  body: Record<string, unknown>,
  value: (field: Field, now: unknown) => unknown,
): Record<string, unknown> {
  for (const field of fields) {
    if (!field.api) continue;
    const [last = '', ...way] = [...field.api].reverse();
    const parent = way.reverse().reduce<Record<string, unknown>>((at, step) => (at[step] ??= {}) as Record<string, unknown>, body);
    const before = parent[last];
    for (const object of objectsIn(field.shape, before)) filled(membersOf(field.shape), object, value);
    const made = value(field, before);
    if (made !== undefined) parent[last] = made;
  }
  return body;
}

export const membersOf = (shape: Shape): readonly Field[] =>
  shape.kind === 'object' ? shape.fields : 'element' in shape ? membersOf(shape.element) : [];

function objectsIn(shape: Shape, json: unknown): Record<string, unknown>[] {
  if (typeof json !== 'object' || json === null || (shape.kind !== 'object' && !('element' in shape))) return [];
  return shape.kind === 'object'
    ? [json as Record<string, unknown>]
    : Object.values(json).flatMap((item: unknown) => objectsIn(shape.element, item));
}
