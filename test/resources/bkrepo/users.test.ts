import { said, Stand } from './stand';

let stand: Stand;
beforeAll(async () => {
  stand = await Stand.start();
});
afterAll(() => stand.stop());

it('the password of a user cannot be taken away, which the plan says, and one for several has none that is known', async () => {
  const config = { user_id: 'crew', name: 'Crew', group: true, asst_users: ['admin'] };
  const logsIn = async (password: string): Promise<boolean> =>
    (await stand.bk.call('GET', '/auth/api/user/userinfo/crew', { as: `crew:${password}` })).status === 200;
  const made = await stand.made('bkrepo_user', config);
  expect(await logsIn('password')).toBe(false);
  const secured = await stand.made('bkrepo_user', { ...config, password: 'a-long-password' }, made);
  expect(await logsIn('a-long-password')).toBe(true);
  const plan = await (await stand.core()).plan('bkrepo_user', config, secured);
  expect(said(plan.diagnostics)).toEqual([expect.stringContaining('the server cannot take a password away')]);
});

it('users that a user for several names and that there are not are warned of', async () => {
  const config = { user_id: 'band', name: 'Band', group: true, asst_users: ['not-there-yet'] };
  const plan = await (await stand.core()).plan('bkrepo_user', config);
  expect(said(plan.diagnostics)).toEqual([expect.stringMatching(/^User Not Found: The server has no user "not-there-yet"/)]);
});
