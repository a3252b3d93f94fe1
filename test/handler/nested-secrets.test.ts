import * as z from 'zod';
import { UNKNOWN, type Value, type ValueRecord } from '../../src/common/value';
import { connect } from '../../src/handler/configuration';
import { attr } from '../../src/schema/define/attribute';
import type { ResourceDefinition } from '../../src/schema/define/definition';
import { nested } from '../../src/schema/define/nested';
import type { Core, Instance } from '../../src/testing/core';
import { fieldsOfResource } from '../../src/testing/examples';
import { startServer, type TestServer } from '../../src/testing/http-server';
import { done } from '../../src/testing/subject';
import { configured } from '../../src/testing/target';
import { keeper, keeping } from '../support/keeper';
import { MadeUpServer } from '../support/made-up';

/** Secrets inside objects, maps and lists: sent where they belong, noticed when they change, kept nowhere. */
const type = 'keeper_team';
let made: MadeUpServer;
let server: TestServer;
const core = (): Promise<Core> => configured(keeper, { endpoint: server.endpoint, max_retries: 0 });

beforeEach(async () => {
  made = new MadeUpServer(fieldsOfResource(keeper.resources[0] as ResourceDefinition), keeping);
  server = await startServer(made.answer);
});
afterEach(() => server.stop());

const user = (name: string, key: Value, more: ValueRecord = {}): ValueRecord => ({ name, key_wo: key, ...more });
const team = (more: ValueRecord): ValueRecord => ({ name: 'core', ...more });
const users = (...list: ValueRecord[]): ValueRecord => team({ users: list });
const create = async (config: ValueRecord): Promise<Instance> => done(await (await core()).ensure(type, config));
/** Plans in a process of its own; the plan with the revisions in it. */
const plan = async (config: ValueRecord, prior: Instance): Promise<ReturnType<Core['plan']>> => (await core()).plan(type, config, prior);
const apply = async (config: ValueRecord, prior: Instance): Promise<Instance> => done(await (await core()).ensure(type, config, prior));
const sentUsers = (): unknown => (made.bodies.at(-1)?.['users'] as ValueRecord[]).map(({ name, key }) => [name, key]);
const revisions = (planned: Value): unknown =>
  ((planned as ValueRecord)['users'] as ValueRecord[]).map((one) => [one['name'], one['key_wo_revision']]);
const stored = (one: Instance): string => Buffer.from(one.private).toString() + JSON.stringify(one.state);

describe('a secret in a list', () => {
  it('is sent, hashed by the key of its element, and in no state', async () => {
    const one = await create(users(user('ann', 'key-ann'), user('bob', 'key-bob')));
    expect(sentUsers()).toEqual([
      ['ann', 'key-ann'],
      ['bob', 'key-bob'],
    ]);
    expect(Object.keys(JSON.parse(Buffer.from(one.private).toString()) as object)).toEqual(['users["ann"].key_wo', 'users["bob"].key_wo']);
    expect(stored(one)).not.toMatch(/key-(ann|bob)/);
    expect((await plan(users(user('ann', 'key-ann'), user('bob', 'key-bob')), one)).action).toBe('none');
  });

  it('that changed raises the revision of its element alone, and goes with the others, since a list is sent as a whole', async () => {
    const one = await create(users(user('ann', 'key-ann'), user('bob', 'key-bob')));
    const changed = users(user('ann', 'key-ann'), user('bob', 'other'));
    const planned = await plan(changed, one);
    expect([planned.action, revisions(planned.planned)]).toEqual([
      'update',
      [
        ['ann', 1],
        ['bob', 2],
      ],
    ]);
    const after = await apply(changed, one);
    expect(sentUsers()).toEqual([
      ['ann', 'key-ann'],
      ['bob', 'other'],
    ]);
    expect((await plan(changed, after)).action).toBe('none');
  });

  it('whose element changes its place is no new secret', async () => {
    const one = await create(users(user('ann', 'key-ann'), user('bob', 'key-bob')));
    const after = await apply(users(user('ann', 'key-ann'), user('bob', 'new')), one);
    const swapped = users(user('bob', 'new'), user('ann', 'key-ann'));
    expect(revisions((await plan(swapped, after)).planned)).toEqual([
      ['bob', 2],
      ['ann', 1],
    ]);
    const last = await apply(swapped, after);
    expect((await plan(swapped, last)).action).toBe('none');
  });

  it('comes and goes with its element, and the others keep what they have', async () => {
    const one = await create(users(user('ann', 'key-ann')));
    const before = (one.state as { users: ValueRecord[] }).users[0];
    const both = users(user('eve', 'key-eve'), user('ann', 'key-ann'));
    const two = await plan(both, one);
    expect(((two.planned as ValueRecord)['users'] as ValueRecord[]).map((item) => [item['id'], item['key_wo_revision']])).toEqual([
      [UNKNOWN, 1],
      [before?.['id'], 1],
    ]);
    const after = await apply(both, one);
    const left = users(user('eve', 'key-eve'));
    const last = await apply(left, after);
    expect(Object.keys(JSON.parse(Buffer.from(last.private).toString()) as object)).toEqual(['users["eve"].key_wo']);
    expect((await plan(left, last)).action).toBe('none');
  });

  it('that is left out is kept, and "" clears it', async () => {
    const one = await create(users(user('ann', 'key-ann')));
    expect((await plan(users(user('ann', null)), one)).action).toBe('none');
    const cleared = await apply(users(user('ann', '')), one);
    expect(sentUsers()).toEqual([['ann', '']]);
    expect((await plan(users(user('ann', '')), cleared)).action).toBe('none');
  });

  it('with a version of the user is not hashed, and the version alone decides', async () => {
    const one = await create(users(user('ann', 'first', { key_wo_version: 1 })));
    expect(Buffer.from(one.private).toString()).toBe('');
    expect((await plan(users(user('ann', 'second', { key_wo_version: 1 })), one)).action).toBe('none');
    await apply(users(user('ann', 'second', { key_wo_version: 2 })), one);
    expect(sentUsers()).toEqual([['ann', 'second']]);
  });

  it('whose element is not known by its key yet is settled when it is', async () => {
    const one = await create(users(user('ann', 'key-ann')));
    const process = await core();
    const open = await process.plan(type, users(user(UNKNOWN as unknown as string, 'key-ann')), one);
    expect(((open.planned as ValueRecord)['users'] as ValueRecord[])[0]?.['key_wo_revision']).toBe(UNKNOWN);
    const after = done(await process.apply(open, users(user('ann', 'key-ann'))));
    expect((await plan(users(user('ann', 'key-ann')), after)).action).toBe('none');
  });

  it('cannot stand beside another element of the same key', async () => {
    const told = await (await core()).validate(type, users(user('ann', 'a'), user('ann', 'b')));
    expect(told.map(({ summary, detail, path }) => [summary, detail, path])).toEqual([
      ['Invalid Attribute Value', '"users[1].name": "ann" is repeated; "name" identifies each element and must be unique.', 'users[1]'],
    ]);
  });

  it('cannot stand beside the plain one', async () => {
    const told = await (await core()).validate(type, users(user('ann', 'a', { key: 'b' })));
    expect(told).toEqual([
      expect.objectContaining({
        summary: 'Conflicting Attributes',
        detail: expect.stringContaining('"users[0].key" and "users[0].key_wo"') as unknown,
      }),
    ]);
  });

  it('needs a core that knows write-only attributes, told by its path', async () => {
    const { provider, attributes } = await core().then((one) => ({ provider: one.provider, attributes: one.attributes(type) }));
    expect(attributes.length).toBeGreaterThan(0);
    const config = team({ users: [{ name: 'ann', key_wo: 'a' }] });
    const { diagnostics } = await provider.validateResource({ type, config, writeOnlyAllowed: false });
    expect(diagnostics.map(({ path }) => path)).toEqual([['users', 0, 'key_wo']]);
    expect(diagnostics[0]?.detail).toContain('or set "users[0].key", which is stored in the state');
  });
});

describe('a secret in an object and in a map', () => {
  const config = (password: string, token: string, note = 'x'): ValueRecord =>
    team({ note, login: { user: 'ci', password_wo: password }, hooks: { 'a.b': { url: 'u', token_wo: token } } });

  it('is sent, and its change noticed, each by itself', async () => {
    const one = await create(config('pass-1', 'token-1'));
    expect(made.bodies.at(-1)).toMatchObject({ login: { password: 'pass-1' }, hooks: { 'a.b': { token: 'token-1' } } });
    expect(stored(one)).not.toMatch(/pass-1|token-1/);
    const planned = await plan(config('pass-1', 'token-2'), one);
    expect(planned.changes).toEqual(['hooks', 'status']);
    expect(planned.planned).toMatchObject({ login: { password_wo_revision: 1 }, hooks: { 'a.b': { token_wo_revision: 2 } } });
    const after = await apply(config('pass-1', 'token-2'), one);
    expect((await plan(config('pass-1', 'token-2'), after)).action).toBe('none');
  });

  it('goes along with other changes where the server would lose it', async () => {
    const one = await create(config('pass-1', 'token-1'));
    await apply(config('pass-1', 'token-1', 'new'), one);
    expect(made.bodies.at(-1)).toMatchObject({ note: 'new', login: { password: 'pass-1' }, hooks: { 'a.b': { token: 'token-1' } } });
  });

  it('that was plain and is no longer set is sent empty', async () => {
    const one = await create(team({ login: { user: 'ci', password: 'plain' } }));
    await apply(team({ login: { user: 'ci' } }), one);
    expect(made.bodies.at(-1)).toMatchObject({ login: { user: 'ci', password: '' } });
  });

  it('is forgotten with its object', async () => {
    const one = await create(config('pass-1', 'token-1'));
    const without = await apply(team({ note: 'x' }), one);
    expect(Buffer.from(without.private).toString()).toBe('');
    const again = await apply(config('pass-1', 'token-1'), without);
    expect(again.state).toMatchObject({ login: { password_wo_revision: 1 } });
    expect(made.bodies.at(-1)).toMatchObject({ login: { password: 'pass-1' } });
  });
});

it('a write-only attribute whose change nothing notices goes with every write', async () => {
  const config = (note: string): ValueRecord => team({ note, pins: { a: { pin: '1234-pin' } } });
  const one = await create(config('x'));
  expect((await plan(config('x'), one)).action).toBe('none');
  await apply(config('y'), one);
  expect(made.bodies.map(({ pins }) => pins)).toEqual([{ a: { pin: '1234-pin' } }, { a: { pin: '1234-pin' } }]);
});

it('an error shows no nested secret that the server gives back', async () => {
  const one = await core();
  const planned = await one.plan(type, users(user('ann', 'key-of-ann')));
  server.fault({ kind: { status: 400, text: 'key-of-ann is too short' }, method: 'POST' });
  const { diagnostics } = await one.apply(planned);
  expect(diagnostics.length).toBeGreaterThan(0);
  expect(JSON.stringify(diagnostics)).not.toContain('key-of-ann');
});

describe('secrets in the provider block', () => {
  const provider = {
    ...keeper,
    attributes: {
      ...keeper.attributes,
      vault: attr(
        nested({ path: attr(z.string(), 'Path.'), code: attr(z.string(), 'Code.', { sensitive: true }) }).optional(),
        'Where secrets are.',
      ),
    },
  };

  it('inside an object are neither in the settings that definitions see nor in messages', async () => {
    const values = { endpoint: server.endpoint, vault: { path: 'a/path', code: 'code-of-vault' } };
    const { connected } = await connect(values, { provider, terraformVersion: '1.11.4', env: {} });
    const client = connected?.client;
    expect(client?.settings).toMatchObject({ vault: { path: 'a/path', code: undefined } });
    server.fault({ kind: { status: 400, text: 'code-of-vault is wrong at a/path' } });
    const failed = client?.send({ method: 'GET', path: '/things/x' });
    await expect(failed).rejects.toThrow('a/path');
    await expect(failed).rejects.not.toThrow('code-of-vault');
    await connected?.root.close();
  });
});
