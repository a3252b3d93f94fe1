import {
  attr,
  type Attributes,
  connection,
  defineProvider,
  defineResource,
  type JsonObject,
  nested,
  type ResourceDefinition,
  z,
} from '../../src/schema/define';
import type { Value, ValueRecord } from '../../src/common/value';
import type { Core, Instance } from '../../src/testing/core';
import { startServer, type TestServer } from '../../src/testing/http-server';
import { done } from '../../src/testing/subject';
import { configured } from '../../src/testing/target';

/** What hooks get and answer, beyond what a compiler lets pass. */
type Hooks = Partial<Record<'create' | 'read', (call: never) => unknown>> & {
  readonly derived?: object;
  readonly checks?: readonly unknown[];
};

const objects = new Map<string, JsonObject>();

function teamWith(attributes: Attributes, hooks: Hooks): ResourceDefinition {
  const source = {
    type: 'acme_team',
    description: 'A team.',
    attributes: { name: attr(z.string(), 'Name.', { forceNew: true }), note: attr(z.string().default(''), 'Note.'), ...attributes },
    key: ['name'],
    read: ({ key }: { key: { name: string } }) => Promise.resolve(objects.get(key.name)),
    create: ({ body }: { body: JsonObject }) => Promise.resolve(void objects.set('core', body)),
    update: ({ body }: { body: JsonObject }) => Promise.resolve(void objects.set('core', body)),
    remove: () => Promise.resolve(void objects.clear()),
    example: { minimal: { name: 'core' }, full: { name: 'core' } },
    ...hooks,
  };
  return defineResource(source as unknown as Parameters<typeof defineResource>[0]);
}

let server: TestServer;
beforeAll(async () => void (server = await startServer(() => ({ status: 404 }))));
afterAll(() => server.stop());
beforeEach(() => objects.clear());

const coreOf = (attributes: Attributes, hooks: Hooks): Promise<Core> =>
  configured(
    defineProvider({
      name: 'acme',
      title: 'Acme',
      description: 'Acme.',
      attributes: connection('Acme'),
      resources: [teamWith(attributes, hooks)],
      example: {},
    }),
    { endpoint: server.endpoint },
  );

const stateOf = (instance: Instance | undefined): Record<string, Value> => ({ ...(instance?.state as ValueRecord) });

it('a check can read, list and copy the values by their camelCase names, and change none; objects of nulls are not set', async () => {
  const seen: unknown[] = [];
  const check = (config: Record<string, unknown>): readonly [] => {
    (config['tags'] as string[]).sort();
    seen.push(
      { ...config },
      Object.keys(config),
      ['maxAge', 'max_age'].map((name) => name in config),
    );
    seen.push([Reflect.set(config, 'note', 'x'), Reflect.deleteProperty(config, 'note'), config['note']]);
    return [];
  };
  const attributes = {
    maxAge: attr(z.int().optional(), 'Age.'),
    tags: attr(z.array(z.string()).default([]), 'Tags.'),
    proxy: attr(nested({ host: attr(z.string().optional(), 'Host.') }).optional(), 'Proxy.'),
  };
  const core = await coreOf(attributes, { checks: [check] });
  await core.validate('acme_team', { name: 'core', note: 'n', max_age: 5, tags: ['b', 'a'], proxy: { host: null } });
  const names = ['name', 'note', 'maxAge', 'tags', 'proxy', 'timeouts'];
  const values = { name: 'core', note: 'n', maxAge: 5, tags: ['b', 'a'], proxy: undefined, timeouts: undefined };
  expect(seen).toEqual([values, names, [true, false], [false, false, 'n']]);
  expect(Object.keys(seen[0] as object)).toEqual(names);
});

describe('derived values', () => {
  const computed = { computed: true } as const;
  const [head, line] = [attr(z.string(), 'Head.', computed), attr(z.string(), 'Line.', computed)];
  const derived = {
    head: ({ note }: { note: string }) => `<${note}>`,
    line: async ({ head: made }: { head: string }) => Promise.resolve(`[${made}]`),
  };

  it.each<[string, Attributes]>([
    ['declared after what they need', { head, line }],
    ['declared before what they need', { line, head }],
  ])('%s follow it in one plan', async (_, attributes) => {
    const core = await coreOf(attributes, { derived });
    const one = done(await core.ensure('acme_team', { name: 'core', note: 'x' }));
    expect(one.state).toMatchObject({ head: '<x>', line: '[<x>]' });
    const plan = await core.plan('acme_team', { name: 'core', note: 'y' }, one);
    expect(plan.planned).toMatchObject({ head: '<y>', line: '[<y>]' });
    const two = done(await core.apply(plan));
    expect(two.state).toMatchObject({ head: '<y>', line: '[<y>]' });
    expect((await core.refresh(two)).drift).toEqual([]);
  });

  it('may look at what they were before', async () => {
    const core = await coreOf({ line }, { derived: { line: ({ line: before }: { line?: string }) => before ?? 'made once' } });
    const one = done(await core.ensure('acme_team', { name: 'core', note: 'x' }));
    const two = done(await core.ensure('acme_team', { name: 'core', note: 'y' }, one));
    expect([stateOf(one)['line'], stateOf(two)['line']]).toEqual(['made once', 'made once']);
  });

  it('that need each other are told', async () => {
    const core = await coreOf({ head, line }, { derived: { ...derived, head: ({ line: made }: { line: string }) => `<${made}>` } });
    const { diagnostics } = await core.plan('acme_team', { name: 'core' });
    expect(diagnostics.map(({ detail }) => detail)).toEqual([expect.stringContaining('derived.head and derived.line cannot be computed')]);
  });

  it.each<[string, unknown, Value | RegExp]>([
    ['a whole number beyond a float64', 2n ** 60n + 1n, 2n ** 60n + 1n],
    ['no number', NaN, /derived\.size of acme_team threw: it should be a number but is NaN/],
    ['an endless number', Infinity, /it should be a number but is Infinity/],
  ])('that answer %s', async (_, answer, expected) => {
    const core = await coreOf({ size: attr(z.number(), 'Size.', computed) }, { derived: { size: () => answer } });
    const { instance, diagnostics } = await core.ensure('acme_team', { name: 'core' });
    if (expected instanceof RegExp) expect(diagnostics.map(({ detail }) => detail)).toEqual([expect.stringMatching(expected)]);
    else expect(stateOf(instance)['size']).toBe(expected);
  });
});

it('a hook that changes the lists that it gets changes no state and no body', async () => {
  const create = ({ values, body }: { values: { sizes: number[]; tags: string[] }; body: JsonObject }): Promise<void> => {
    values.sizes.push(7);
    values.tags.reverse();
    return Promise.resolve(void objects.set('core', body));
  };
  const attributes = { sizes: attr(z.array(z.number()).default([]), 'Sizes.'), tags: attr(z.array(z.string()).default([]), 'Tags.') };
  const core = await coreOf(attributes, { create });
  const given = { sizes: [1, 2], tags: ['a', 'b'] };
  expect(done(await core.ensure('acme_team', { name: 'core', ...given })).state).toMatchObject(given);
  expect(objects.get('core')).toMatchObject(given);
});

it('hooks have the numbers of lists as JavaScript numbers, and the body has them exactly', async () => {
  let seen: unknown;
  const create = ({ values, body }: { values: { sizes: number[] }; body: JsonObject }): Promise<void> => {
    seen = values.sizes;
    return Promise.resolve(void objects.set('core', body));
  };
  const core = await coreOf({ sizes: attr(z.array(z.number()).default([]), 'Sizes.') }, { create });
  const big = 2n ** 60n + 1n;
  expect(stateOf(done(await core.ensure('acme_team', { name: 'core', sizes: [big, 3] })))['sizes']).toEqual([big, 3]);
  expect([seen, objects.get('core')?.['sizes']]).toEqual([
    [2 ** 60, 3],
    [big, 3],
  ]);
});

it('an object with a number that is none is told, and the state stays', async () => {
  const core = await coreOf({ size: attr(z.number().optional(), 'Size.') }, {});
  const one = done(await core.ensure('acme_team', { name: 'core', size: 1 }));
  objects.set('core', { name: 'core', note: '', size: NaN });
  const { instance, diagnostics } = await core.refresh(one);
  expect([instance?.state, diagnostics.map(({ detail }) => detail)]).toEqual([
    one.state,
    [expect.stringContaining('size should be a number but is NaN')],
  ]);
});
