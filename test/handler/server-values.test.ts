import * as z from 'zod';
import { UNKNOWN, type ValueRecord } from '../../src/common/value';
import { ProviderHandler } from '../../src/handler/provider-handler';
import { attr, type Attributes } from '../../src/schema/define/attribute';
import type { ResourceDefinition } from '../../src/schema/define/definition';
import { nested } from '../../src/schema/define/nested';
import { connection } from '../../src/schema/define/connection';
import { defineProvider, type ProviderDefinition } from '../../src/schema/define/provider';
import { defineResource } from '../../src/schema/define/resource';
import { rest } from '../../src/schema/define/rest';
import type { Core, Instance } from '../../src/testing/core';
import { fieldsOfResource } from '../../src/testing/examples';
import { startServer, type TestServer } from '../../src/testing/http-server';
import { done } from '../../src/testing/subject';
import { configured } from '../../src/testing/target';
import { keeper, keeping } from '../support/keeper';
import { type Maker, MadeUpServer, providerWith } from '../support/made-up';

/** Values that the server sets: alone, anew with each change, by itself. */
let made: MadeUpServer;
let server: TestServer;
afterEach(() => server.stop());

async function serving(provider: ProviderDefinition, make: Maker): Promise<Core> {
  made = new MadeUpServer(fieldsOfResource(provider.resources[0] as ResourceDefinition), make);
  server = await startServer(made.answer);
  return configured(provider, { endpoint: server.endpoint, max_retries: 0 });
}

describe('a computed value that changes with each update', () => {
  const type = 'keeper_team';
  const config = (note: string): ValueRecord => ({ name: 'core', note, users: [{ name: 'ann' }] });

  it('is not sent, no warning and no stale state: what was planned, and at the next read what there is', async () => {
    const core = await serving(keeper, keeping);
    const one = done(await core.ensure(type, config('x')));
    const plan = await core.plan(type, config('y'), one);
    expect(plan.planned).toMatchObject({ status: UNKNOWN, revision: (one.state as ValueRecord)['revision'] });
    expect(plan.changes).toEqual(['note', 'status']);
    const { instance, diagnostics } = await core.apply(plan);
    expect(diagnostics).toEqual([]);
    const [first, second] = made.bodies;
    expect(JSON.stringify([first, second])).not.toContain('made-');
    const state = instance?.state as ValueRecord;
    expect(state['revision']).toBe((one.state as ValueRecord)['revision']);
    expect(state['status']).not.toBe((one.state as ValueRecord)['status']);
    const { instance: read } = await core.refresh(instance as Instance);
    expect((read?.state as ValueRecord)['revision']).not.toBe(state['revision']);
    expect((await core.plan(type, config('y'), read)).action).toBe('none');
  });

  it('when volatile is read anew without a plan, and null when it is no longer told', async () => {
    let status: object = { status: { 'sync.state': 'running' } };
    const core = await serving(keeper, (fields, body) => Object.assign(keeping(fields, body), status));
    const one = done(await core.ensure(type, config('x')));
    expect(one.state).toMatchObject({ status: 'running' });
    status = { status: {} };
    const thing = (await (await fetch(`${server.endpoint}/things/core`)).json()) as object;
    Object.assign(thing, status);
    await fetch(`${server.endpoint}/things`, {
      method: 'POST',
      body: JSON.stringify(thing),
      headers: { 'content-type': 'application/json' },
    });
    const again = await configured(keeper, { endpoint: server.endpoint });
    const { instance } = await again.refresh(one);
    expect(instance?.state).toMatchObject({ status: null });
    expect((await again.plan(type, config('x'), instance)).action).toBe('none');
  });
});

describe('a computed value that only some updates change', () => {
  const mover = defineProvider({
    name: 'mover',
    title: 'Mover',
    description: 'Moves things.',
    attributes: connection('Mover'),
    resources: [
      defineResource({
        type: 'mover_thing',
        description: 'A thing.',
        attributes: {
          name: attr(z.string(), 'Name.', { forceNew: true }),
          place: attr(z.string(), 'Place.'),
          note: attr(z.string().optional(), 'Note.'),
          slot: attr(z.string(), 'Where it is.', { computed: true }),
          seen: attr(z.string(), 'When it was seen; on some servers only.', { computed: true, volatile: true }),
        },
        volatile: {
          slot: (values, prior) => values.place !== prior.place,
          seen: (_values, _prior, { endpoint }) => endpoint === 'https://elsewhere.example.com',
        },
        key: ['name'],
        ...rest({ path: '/things' }),
        example: { minimal: { name: 'one', place: 'a' }, full: { name: 'one', place: 'a', note: 'x' } },
      }),
    ],
    example: {},
  });
  const type = 'mover_thing';
  const moving: Maker = (_, body) => ({ ...body, slot: `slot of ${String(body['place'])}`, seen: 'never' });

  it('is unknown in the plans of those, and known in those of the others', async () => {
    const core = await serving(mover, moving);
    const one = done(await core.ensure(type, { name: 'one', place: 'a' }));
    expect((await core.plan(type, { name: 'one', place: 'a' }, one)).changes).toEqual([]);
    expect((await core.plan(type, { name: 'one', place: 'a', note: 'x' }, one)).changes).toEqual(['note']);
    const plan = await core.plan(type, { name: 'one', place: 'b' }, one);
    expect(plan.planned).toMatchObject({ slot: UNKNOWN, seen: 'never' });
    expect(done(await core.apply(plan)).state).toMatchObject({ slot: 'slot of b' });
  });

  it('is unknown while what decides it is, the server included', async () => {
    const core = await serving(mover, moving);
    const one = done(await core.ensure(type, { name: 'one', place: 'a' }));
    expect((await core.plan(type, { name: 'one', place: UNKNOWN }, one)).planned).toMatchObject({ slot: UNKNOWN });
    const open = await configured(mover, { endpoint: UNKNOWN });
    expect((await open.plan(type, { name: 'one', place: 'a', note: 'x' }, one)).planned).toMatchObject({
      slot: 'slot of a',
      seen: UNKNOWN,
    });
  });
});

describe('what an update does not answer of unknown values', () => {
  it('is read', async () => {
    const provider = providerWith({ state: attr(z.string(), 'State.', { computed: true, volatile: true }) });
    const core = await serving(provider, (_, body) => ({ ...body, state: `state of ${String(body['note'])}` }));
    const one = done(await core.ensure('made_thing', { name: 'one', note: 'a' }));
    const answer = made.answer;
    Object.assign(made, {
      answer: async (got: Parameters<typeof answer>[0]) => {
        const reply = await answer(got);
        return got.method === 'PUT' ? { status: 200, body: { name: 'one', note: 'b' } } : reply;
      },
    });
    await server.stop();
    server = await startServer((got) => made.answer(got));
    const next = await configured(provider, { endpoint: server.endpoint });
    const after = done(await next.ensure('made_thing', { name: 'one', note: 'b' }, one));
    expect(after.state).toMatchObject({ note: 'b', state: 'state of b' });
  });
});

it('an update after which there is no object says so, and says nothing of values that nobody read', async () => {
  const provider = providerWith({});
  const core = await serving(provider, (_, body) => body);
  const one = done(await core.ensure('made_thing', { name: 'one', note: 'a' }));
  const answer = made.answer;
  await server.stop();
  let updated = false;
  server = await startServer(async (got) => {
    if (updated) return { status: 404, text: 'no such thing' };
    updated = got.method === 'PUT';
    return updated ? { status: 204 } : answer(got);
  });
  const next = await configured(provider, { endpoint: server.endpoint, max_retries: 0 });
  const { instance, diagnostics } = await next.ensure('made_thing', { name: 'one', note: 'b' }, one);
  expect(diagnostics.map(({ severity, summary }) => [severity, summary])).toEqual([['warning', 'Updated Object Not Found']]);
  expect(instance?.state).toMatchObject({ note: 'b' });
});

describe('a warning about what the server keeps', () => {
  const attributes: Attributes = {
    parts: attr(
      z
        .array(
          nested({
            label: attr(z.string(), 'Label.'),
            size: attr(z.int().optional(), 'Size.'),
            code: attr(z.string().optional(), 'Code.', { sensitive: true }),
            id: attr(z.string(), 'Id.', { computed: true }),
          }),
        )
        .optional(),
      'Parts.',
    ),
    box: attr(nested({ inner: attr(nested({ lid: attr(z.string(), 'Lid.') }), 'Inner.') }).optional(), 'Box.', { sensitive: true }),
  };
  const warned = async (change: (body: Record<string, unknown>) => void, config: ValueRecord): Promise<unknown[]> => {
    const core = await serving(providerWith(attributes), (_, body) => (change(body), body));
    const { diagnostics } = await core.ensure('made_thing', { name: 'one', ...config });
    return diagnostics.map(({ detail }) => [
      /"(.*?)" of made_thing/.exec(detail)?.[1],
      / It was sent (.*) The next plan/.exec(detail)?.[1],
    ]);
  };
  const parts = [{ label: 'a', size: 1, code: 'code-of-a' }];
  const of = (body: Record<string, unknown>): Record<string, unknown>[] => body['parts'] as Record<string, unknown>[];

  it.each<[string, (body: Record<string, unknown>) => void, ValueRecord, unknown[]]>([
    ['names the member', (body) => (of(body)[0]!['size'] = 2), { parts }, [['parts[0].size', '1 and stored 2.']]],
    ['shows no sensitive member', (body) => (of(body)[0]!['code'] = 'x'), { parts }, [['parts[0].code', undefined]]],
    [
      'shows no sensitive member of a list of another length, and nothing that was not sent',
      (body) => (body['parts'] = [...of(body), { label: 'b', size: 3, code: 'more', id: 'made' }]),
      { parts },
      [
        [
          'parts',
          '[{"label":"a","size":1,"code":"(sensitive)"}] and stored [{"label":"a","size":1,"code":"(sensitive)"},{"label":"b","size":3,"code":"(sensitive)"}].',
        ],
      ],
    ],
    [
      'shows nothing of what is in a sensitive object',
      (body) => (body['box'] = { inner: { lid: 'y' } }),
      { box: { inner: { lid: 'x' } } },
      [['box.inner.lid', undefined]],
    ],
    ['says nothing of what only the server sets', (body) => (of(body)[0]!['id'] = 'made'), { parts }, []],
  ])('%s', async (...[, change, config, expected]) => expect(await warned(change, config)).toEqual(expected));
});

describe('a refused value', () => {
  const refusing = nested({ lid: attr(z.string().max(3), 'Lid.'), code: attr(z.string().max(3).optional(), 'Code.', { sensitive: true }) });
  const attributes: Attributes = {
    box: attr(refusing.optional(), 'Box.', { sensitive: true }),
    bag: attr(refusing.optional(), 'Bag.'),
  };
  it.each([
    [{ box: { lid: 'long-secret' } }, 'box.lid'],
    [{ bag: { lid: 'x', code: 'long-secret' } }, 'bag.code'],
  ])('%j does not show in the message when it, or what it is in, is sensitive', async (config, path) => {
    const core = await serving(providerWith(attributes), (_, body) => body);
    const told = await core.validate('made_thing', { name: 'one', ...config });
    expect(told.map(({ detail }) => /^"(.*?)"/.exec(detail)?.[1])).toEqual([path]);
    expect(JSON.stringify(told)).not.toContain('long-secret');
  });
});

describe('an attribute that some versions of the server have', () => {
  const attributes: Attributes = {
    old: attr(z.string().optional(), 'Old.', { removedIn: '4.0' }),
    parts: attr(z.array(nested({ colour: attr(z.string().optional(), 'Colour.', { since: '3.7' }) })).optional(), 'Parts.'),
  };
  let asked = 0;
  const planned = async (version: string, ...configs: ValueRecord[]): Promise<unknown[]> => {
    asked = 0;
    const provider = { ...providerWith(attributes), serverVersion: () => Promise.resolve(((asked += 1), version)) };
    server = await startServer(() => ({ status: 404 }));
    const handler = new ProviderHandler(provider, { env: {}, log: () => {} });
    await handler.configure({ config: { endpoint: server.endpoint }, terraformVersion: '1.11.4' });
    const told = [];
    for (const config of configs) {
      const whole = { name: 'one', ...config };
      const { diagnostics } = await handler.plan({
        type: 'made_thing',
        prior: null,
        proposed: whole,
        config: whole,
        private: new Uint8Array(),
      });
      told.push(...diagnostics.map(({ severity, summary, detail, path }) => [severity, summary, detail, path]));
    }
    return told;
  };

  it('is an error at its path, also when nested, and the version is asked once', async () => {
    expect(await planned('3.6', { parts: [{}, { colour: 'red' }] }, { parts: [{ colour: 'blue' }] })).toEqual([
      [
        'error',
        'Server Too Old',
        '"parts[1].colour" requires version 3.7 of the server or later, but the server has version 3.6. Upgrade the server, or leave out "parts[1].colour".',
        ['parts', 1, 'colour'],
      ],
      [
        'error',
        'Server Too Old',
        '"parts[0].colour" requires version 3.7 of the server or later, but the server has version 3.6. Upgrade the server, or leave out "parts[0].colour".',
        ['parts', 0, 'colour'],
      ],
    ]);
    expect(asked).toBe(1);
  });

  it('is an error when the server no longer has it', async () => {
    expect(await planned('4.0.1', { old: 'x' })).toEqual([
      [
        'error',
        'Server Too New',
        '"old" was removed in version 4.0 of the server, and the server has version 4.0.1. Leave out "old", or use a server older than 4.0.',
        ['old'],
      ],
    ]);
    await server.stop();
    expect(await planned('3.9', { old: 'x' })).toEqual([]);
  });
});
