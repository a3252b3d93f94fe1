import { done } from '../../../src/testing/subject';
import { said, Stand } from './stand';

let stand: Stand;
beforeAll(async () => {
  stand = await Stand.start();
});
afterAll(() => stand.stop());

describe('a user without a password', () => {
  const config = { user_id: 'crew', name: 'Crew' };
  const logsIn = async (password: string): Promise<boolean> =>
    (await stand.bk.call('GET', '/auth/api/user/userinfo/crew', { as: `crew:${password}` })).status === 200;

  it('is warned of, and gets a random one', async () => {
    const core = await stand.core();
    const plan = await core.plan('bkrepo_user', config);
    expect(said(plan.diagnostics)).toEqual([expect.stringMatching(/^User Without Password: .* random password that nobody knows/)]);
    done(await core.apply(plan));
    const sent = stand.server.log.find(({ path }) => path.endsWith('/user/create'))?.json as { pwd: string };
    expect([await logsIn('password'), await logsIn(''), await logsIn(sent.pwd)]).toEqual([false, false, true]);
    expect(sent.pwd.length).toBeGreaterThan(20);
  });

  it('that stands for several is what one expects', async () => {
    const group = { user_id: 'choir', name: 'Choir', group: true, asst_users: ['admin'] };
    expect(said((await (await stand.core()).plan('bkrepo_user', group)).diagnostics)).toEqual([]);
  });

  it('cannot be had of one with a password, which the plan says', async () => {
    const made = await stand.made('bkrepo_user', { ...config, user_id: 'solo', password: 'a-long-password' });
    const plan = await (await stand.core()).plan('bkrepo_user', { ...config, user_id: 'solo' }, made);
    expect(said(plan.diagnostics)).toEqual([expect.stringContaining('the server cannot remove a password')]);
  });

  it('keeps a write-only one that is no longer in the configuration', async () => {
    const given = { ...config, user_id: 'duo' };
    const made = await stand.made('bkrepo_user', { ...given, password_wo: 'a-long-password' });
    const core = await stand.core();
    const plan = await core.plan('bkrepo_user', given, made);
    expect(said(plan.diagnostics)).toEqual([]);
    done(await core.apply(plan));
    expect((await stand.bk.call('GET', '/auth/api/user/userinfo/duo', { as: 'duo:a-long-password' })).status).toBe(200);
  });
});

it('users that a user for several names and that do not exist are warned of', async () => {
  const config = { user_id: 'band', name: 'Band', group: true, asst_users: ['not-there-yet'] };
  const plan = await (await stand.core()).plan('bkrepo_user', config);
  expect(said(plan.diagnostics)).toEqual([expect.stringMatching(/^User Not Found: The server has no user "not-there-yet"/)]);
});
