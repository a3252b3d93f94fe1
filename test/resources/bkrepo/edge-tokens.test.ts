import type { ValueRecord } from '../../../src/common/value';
import type { Applied } from '../../../src/testing/core';
import { done } from '../../../src/testing/subject';
import { refusal, said, Stand } from './stand';

let stand: Stand;
let count = 0;
beforeAll(async () => {
  stand = await Stand.start();
  await stand.bk.user('alice');
});
afterAll(() => stand.stop());
afterEach(() => stand.server.heal());

const fresh = (): ValueRecord => ({ user: 'alice', name: `ci-${(count += 1)}` });
const onServer = async (name: unknown): Promise<unknown[]> =>
  ((await stand.bk.done('GET', '/auth/api/user/list/token/alice')) as { name: string }[]).filter((token) => token.name === name);
const logsIn = async (token: unknown): Promise<boolean> =>
  (await stand.bk.call('GET', '/auth/api/user/userinfo/alice', { as: `alice:${String(token)}` })).status === 200;
const state = ({ instance }: Applied): ValueRecord => instance?.state as ValueRecord;

describe('#13 a token, which the server tells once,', () => {
  it('#13 is not in the state by default', async () => {
    const config = fresh();
    const made = await stand.made('bkrepo_user_token', config);
    expect(made.state).toEqual({ ...config, expires_at: null, store_secret_in_state: false, token: null, timeouts: null });
    expect(Buffer.from(made.private).toString()).toBe('');
  });

  it('#13 is in the state with store_secret_in_state, through refreshes, and leaves it in place', async () => {
    const config: ValueRecord = { ...fresh(), store_secret_in_state: true };
    const made = await stand.made('bkrepo_user_token', config);
    const { token } = made.state as ValueRecord;
    expect(await logsIn(token)).toBe(true);
    const core = await stand.core();
    for (let round = 0; round < 2; round += 1)
      expect(await core.refresh(made)).toMatchObject({ instance: { state: { token } }, drift: [], diagnostics: [] });
    const plan = await core.plan('bkrepo_user_token', { ...config, store_secret_in_state: false }, made);
    expect([plan.action, plan.changes]).toEqual(['update', ['store_secret_in_state', 'token']]);
    const asked = await stand.asked(async () => expect(done(await core.apply(plan)).state).toMatchObject({ token: null }));
    expect(asked.filter((line) => !line.startsWith('GET'))).toEqual([]);
    expect(await logsIn(token)).toBe(true);
    const lines = JSON.stringify(stand.logs);
    expect([lines.includes(String(token)), lines.includes('/auth/api/user/token/alice/')]).toEqual([false, true]);
  });

  it('#13 is not had by an import, and the next plan has nothing to do', async () => {
    const config = fresh();
    await stand.made('bkrepo_user_token', { ...config, store_secret_in_state: true });
    const core = await stand.core();
    const imported = done(await core.import('bkrepo_user_token', `alice/${String(config['name'])}`));
    expect((imported.state as ValueRecord)['token']).toBeNull();
    expect((await core.plan('bkrepo_user_token', config, imported)).action).toBe('none');
  });

  it.each([undefined, '2099-01-31T12:00:00Z'])(
    '#13 whose answer is lost is removed and made anew, once (expires_at %s)',
    async (expires) => {
      const config: ValueRecord = { ...fresh(), store_secret_in_state: true, ...(expires !== undefined && { expires_at: expires }) };
      stand.server.fault({ kind: 'lost', method: 'POST', path: /user\/token/ });
      const from = stand.server.log.length;
      const made = await stand.made('bkrepo_user_token', config);
      const writes = stand.server.log.slice(from).filter(({ method }) => method !== 'GET');
      expect(writes.map(({ method }) => method)).toEqual(['POST', 'DELETE', 'POST']);
      expect(await onServer(config['name'])).toHaveLength(1);
      expect(await logsIn((made.state as ValueRecord)['token'])).toBe(true);
      expect((await (await stand.core()).refresh(made)).drift).toEqual([]);
    },
  );

  it('#13 whose answer is lost twice is kept as tainted, not taken for whole, and replaced by the next apply', async () => {
    const config: ValueRecord = { ...fresh(), store_secret_in_state: true };
    stand.server.fault({ kind: 'lost', method: 'POST', path: /user\/token/, times: 2 });
    const applied = await (await stand.core()).ensure('bkrepo_user_token', config);
    expect([applied.instance?.tainted, state(applied)['token'], applied.diagnostics.map(({ summary }) => summary)]).toEqual([
      true,
      null,
      ['Server Not Reachable'],
    ]);
    expect(said(applied.diagnostics)[0]).toContain('which was created and is kept in the state as tainted');
    const next = await (await stand.core()).ensure('bkrepo_user_token', config, applied.instance);
    expect([next.instance?.tainted, await logsIn(state(next)['token'])]).toEqual([undefined, true]);
    expect(await onServer(config['name'])).toHaveLength(1);
  });

  it('#13 with an expiry is not renewed in place by a create: a change makes a new one, at the time that was asked for', async () => {
    const config: ValueRecord = { ...fresh(), store_secret_in_state: true, expires_at: '2099-01-31T12:00:00Z' };
    const made = await stand.made('bkrepo_user_token', config);
    const core = await stand.core();
    const plan = await core.plan('bkrepo_user_token', { ...config, expires_at: '2099-02-28T12:00:00Z' }, made);
    expect(plan.action).toBe('replace');
    const after = done(await core.apply(plan));
    expect((after.state as ValueRecord)['expires_at']).toBe('2099-02-28T12:00:00Z');
    expect([await logsIn((made.state as ValueRecord)['token']), await logsIn((after.state as ValueRecord)['token'])]).toEqual([
      false,
      true,
    ]);
    const same = await core.plan('bkrepo_user_token', { ...config, expires_at: '2099-02-28T12:00:00.000Z' }, after);
    expect(same.action).toBe('none');
  });

  it('#13 of a user who is gone is gone', async () => {
    await stand.bk.user('leaver');
    const made = await stand.made('bkrepo_user_token', { user: 'leaver', name: 'ci' });
    const core = await stand.core();
    const plan = await core.plan('bkrepo_user_token', null, made);
    stand.server.fault({ kind: refusal(400, 250202, 'user not exist'), path: /token/, times: 2 });
    expect(await core.apply(plan)).toEqual({ instance: undefined, diagnostics: [] });
    expect((await (await stand.core()).refresh(made)).instance).toBeUndefined();
  });

  it('#13 that something else removed is gone, though the delete always says yes', async () => {
    const made = await stand.made('bkrepo_user_token', fresh());
    const core = await stand.core();
    const plan = await core.plan('bkrepo_user_token', null, made);
    await stand.bk.done('DELETE', `/auth/api/user/token/alice/ci-${count}`);
    expect(await core.apply(plan)).toEqual({ instance: undefined, diagnostics: [] });
    expect((await core.refresh(made)).instance).toBeUndefined();
  });
});
