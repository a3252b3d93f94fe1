import type { ValueRecord } from '../../../src/common/value';
import { done } from '../../../src/testing/subject';
import { answer, refusal, said, Stand } from './stand';

const type = 'bkrepo_permission';
let stand: Stand;
beforeAll(async () => {
  stand = await Stand.start();
  await stand.bk.project('payments');
  for (const name of ['first', 'second']) await stand.bk.repository('payments', name);
  await stand.bk.repository('payments', 'unlisted', { visibility: 'SYSTEM' });
});
afterAll(() => stand.stop());
afterEach(() => stand.server.heal());

const onRepositories = (name: string, ...repositories: string[]): ValueRecord => ({
  project: 'payments',
  resource_type: 'REPO',
  name,
  repositories,
  actions: ['READ'],
});

it('other repositories are asked for first, so that a refusal leaves nothing half done, and the message says who may', async () => {
  const made = await stand.made(type, onRepositories('moved', 'first'));
  const core = await stand.core();
  const plan = await core.plan(type, { ...onRepositories('moved', 'second'), users: ['alice'] }, made);
  stand.server.fault({ kind: refusal(400, 250236, 'user for auth not have permission'), method: 'PUT', path: /permission\/repo/ });
  const asked = await stand.asked(async () => {
    const { instance, diagnostics } = await core.apply(plan);
    expect([instance, diagnostics.map(({ path }) => path)]).toEqual([made, ['repositories']]);
    expect(said(diagnostics)[0]).toMatch(/only administrators of the server .*\(terraform apply -replace\)/);
  });
  expect(asked.filter((call) => call.startsWith('PUT'))).toEqual(['PUT /auth/api/permission/repo']);
  const after = done(await (await stand.core()).apply(plan));
  expect(after.state).toMatchObject({ repositories: ['second'], users: ['alice'] });
});

it('one on a repository that lists hide is imported', async () => {
  const made = await stand.made(type, onRepositories('on-unlisted', 'unlisted'));
  stand.server.fault({ kind: answer(['first', 'second', 'unlisted']), path: /permission\/repo\/list/, times: 9 });
  const imported = done(await (await stand.core()).import(type, 'payments/REPO/on-unlisted'));
  expect(imported.state).toEqual(made.state);
});

it('one of which only the second repository is left is found there', async () => {
  const made = await stand.made(type, onRepositories('shrunk', 'first', 'unlisted'));
  const { id } = made.state as ValueRecord;
  await stand.bk.done('PUT', '/auth/api/permission/repo', { body: { permissionId: id, repos: ['unlisted'] } });
  const { instance } = await (await stand.core()).refresh(made);
  expect(instance?.state).toMatchObject({ repositories: ['unlisted'] });
});

it('an update of one that is gone says so', async () => {
  const made = await stand.made(type, onRepositories('vanished', 'first'));
  const core = await stand.core();
  const plan = await core.plan(type, { ...onRepositories('vanished', 'first'), users: ['alice'] }, made);
  stand.server.fault({ kind: refusal(400, 250208, 'the permission not exist'), method: 'PUT' });
  expect((await core.apply(plan)).diagnostics.map(({ summary }) => summary)).toEqual(['Not Found']);
});

it.each([
  [['/releases'], ['/releases/old'], 'grants; "/releases/old" remains granted. The access mode STRICT'],
  [['/releases'], ['/drafts'], 'grants. The access mode STRICT ignores it'],
  [['/releases'], [], undefined],
])('include_pattern %j with exclude_pattern %j: the plan says what that does', async (included, excluded, words) => {
  const config = { ...onRepositories('paths', 'first'), resource_type: 'NODE', include_pattern: included, exclude_pattern: excluded };
  const { diagnostics } = await (await stand.core()).plan(type, config);
  expect(said(diagnostics)).toEqual(words === undefined ? [] : [expect.stringContaining(words)]);
  expect(diagnostics.map(({ severity, path }) => [severity, path])).toEqual(words === undefined ? [] : [['warning', 'exclude_pattern']]);
});
