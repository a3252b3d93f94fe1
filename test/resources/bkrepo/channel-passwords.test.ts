import type { Value } from '../../../src/common/value';
import { said, Stand } from './stand';

let stand: Stand;
beforeAll(async () => {
  stand = await Stand.start();
  await stand.bk.project('payments');
});
afterAll(() => stand.stop());

const channel = (name: string): Value => ({ name, url: 'https://npm.example.com', public: false, username: 'x', credential_key: null });
const passwordsOf = (configuration: Readonly<Record<string, unknown>>): unknown[] =>
  (configuration['proxy'] as { channelList: { password: unknown }[] }).channelList.map(({ password }) => password);

it('a channel whose name all objects have has no password but its own', async () => {
  const channels = [channel('constructor'), channel('__proto__'), channel('b')];
  const config = { project: 'payments', name: 'odd', type: 'NPM', channels, channel_passwords_wo: { b: 'b-password' } };
  await stand.made('bkrepo_composite_repository', config);
  expect(passwordsOf((await stand.info('payments', 'odd')).configuration)).toEqual([null, null, 'b-password']);
});

it.each(['channel_passwords', 'channel_passwords_wo'])('a password in %s that no channel has is warned of', async (attribute) => {
  const core = await stand.core();
  const config = { project: 'payments', name: 'typo', type: 'NPM', channels: [channel('partner')], [attribute]: { Partner: 'p' } };
  expect(said(await core.validate('bkrepo_composite_repository', config))).toEqual([
    `Password Without Channel: "${attribute}": no channel is named "Partner", so its password is not sent. Correct the name, or remove the password.`,
  ]);
});
