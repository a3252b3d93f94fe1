import type { ProviderHandler } from '../../../src/handler/provider-handler';
import { done } from '../../../src/testing/subject';
import { ADMIN, PLATFORM, said, Stand } from './stand';

const others = Array.from({ length: 20 }, (_, index) => ({ user_id: `user-${index}`, name: `User ${index}`, asst_users: ['admin'] }));

let stand: Stand;
beforeAll(async () => {
  stand = await Stand.start();
  for (const config of others) await stand.made('bkrepo_user', config);
});
afterAll(() => stand.stop());

it('the user that logs in is in the list that answers the reads of a plan, and the checks of those who name it', async () => {
  const instances = await Promise.all(
    ['admin', ...others.map(({ user_id: id }) => id)].map(async (id) => done(await (await stand.core()).import('bkrepo_user', id))),
  );
  const core = await stand.core();
  const calls = await stand.asked(async () => {
    for (const instance of instances) await core.refresh(instance);
    for (const [index, config] of others.entries())
      await core.plan('bkrepo_user', { ...config, email: 'new@example.com' }, instances[index + 1]);
  });
  expect(calls).toEqual(['GET /auth/api/user/userinfo/admin', expect.stringMatching(/^GET \/auth\/api\/user\/page\//)]);
});

it('a create of the user that logs in is refused as that of any user there is', async () => {
  const { diagnostics, instance } = await (await stand.core()).ensure('bkrepo_user', { user_id: 'admin', name: 'Mine' });
  expect(instance).toBeUndefined();
  expect(said(diagnostics)).toEqual([expect.stringMatching(/already exists/)]);
});

it('the user that logs in is not for adoption, in whichever way it logs in', async () => {
  for (const login of [ADMIN, PLATFORM]) {
    const { provider } = await stand.core({}, login);
    const found = await (provider as ProviderHandler).listing().objects('bkrepo_user');
    expect(found.map(({ id }) => id).sort()).toEqual(others.map(({ user_id: id }) => id).sort());
  }
});
