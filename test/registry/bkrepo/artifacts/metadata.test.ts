import { cleanUp } from '../../helpers';
import { addUser, bkRepo, put } from './support';

afterEach(cleanUp);

const URL = '/repository/api/metadata/pp/rr/a';

test('metadata is merged in either form and deleted by key', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/a', 'x', { 'x-bkrepo-meta-build': '1' });
  expect(await admin.tell('GET', URL)).toEqual({ status: 200, code: 0, data: { build: '1' } });
  expect(await admin.tell('POST', URL, { metadata: { build: 2, Stage: 'test' } })).toEqual({ status: 200, code: 0, data: null });
  const nodeMetadata = [{ key: 'Stage', value: { a: [1] }, description: 'where', system: true }];
  expect(await admin.tell('POST', URL, { nodeMetadata })).toEqual({ status: 200, code: 0, data: null });
  expect(await admin.tell('GET', URL)).toEqual({ status: 200, code: 0, data: { build: '2', Stage: { a: [1] } } });
  const { data } = await admin.tell('GET', '/repository/api/node/detail/pp/rr/a');
  expect((data as { nodeMetadata: unknown }).nodeMetadata).toEqual([
    { key: 'build', value: '2', system: false, description: null, link: null, color: null },
    { key: 'Stage', value: { a: [1] }, system: false, description: 'where', link: null, color: null },
  ]);
  expect(await admin.tell('DELETE', URL, { keyList: ['build', 'none'] })).toEqual({ status: 200, code: 0, data: null });
  expect(await admin.tell('GET', URL)).toMatchObject({ data: { Stage: { a: [1] } } });
  expect(await admin.tell('POST', URL, {})).toEqual({ status: 200, code: 0, data: null });
  expect(await admin.tell('POST', URL, { metadata: { a: [1] } })).toEqual({ status: 400, code: 250106, data: null });
});

test.each(['scanStatus', 'forbidStatus', 'forbidUser', 'forbidType', 'targetProjectId', 'targetRepoName', 'targetFullPath'])(
  'the key %s is the server’s own',
  async (key) => {
    const admin = await bkRepo();
    await put(admin, 'rr/a', 'x');
    const bodies = [{ metadata: { [key]: 'x' } }, { nodeMetadata: [{ key, value: 'x', system: true }] }];
    for (const body of bodies) expect(await admin.tell('POST', URL, body)).toEqual({ status: 400, code: 251504, data: null });
    expect(await admin.tell('GET', URL)).toMatchObject({ data: {} });
  },
);

test('what is missing has no metadata and takes none', async () => {
  const admin = await bkRepo();
  expect(await admin.tell('GET', URL)).toEqual({ status: 200, code: 0, data: {} });
  expect(await admin.tell('POST', URL, { metadata: { k: 'v' } })).toEqual({ status: 400, code: 251010, data: null });
  expect(await admin.tell('DELETE', URL, { keyList: ['k'] })).toEqual({ status: 404, code: 251010, data: null });
});

test('a file that is forbidden is not downloaded until it is allowed again', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/a', 'x');
  const forbid = '/repository/api/metadata/forbid/pp/rr/a';
  const nodeMetadata = [
    { key: 'forbidStatus', value: true },
    { key: 'forbidReason', value: 'virus' },
  ];
  expect(await admin.tell('POST', forbid, { nodeMetadata })).toEqual({ status: 200, code: 0, data: null });
  expect(await admin.tell('GET', URL)).toMatchObject({
    data: { forbidStatus: true, forbidReason: 'virus', forbidUser: 'admin', forbidType: 'MANUAL' },
  });
  expect(await admin.tell('GET', '/generic/pp/rr/a')).toEqual({ status: 403, code: 251026, data: null });
  expect(await admin.tell('DELETE', URL, { keyList: ['forbidStatus'] })).toEqual({ status: 403, code: 250113, data: null });
  expect(await admin.tell('DELETE', forbid)).toEqual({ status: 200, code: 0, data: null });
  expect((await admin.send('GET', '/generic/pp/rr/a')).text).toBe('x');
});

test('readers read metadata and do not write it', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/a', 'x', { 'x-bkrepo-meta-k': 'v' });
  const reader = await addUser(admin, 'reader', { repos: ['rr'], actions: ['READ'] });
  expect(await reader.tell('GET', URL)).toEqual({ status: 200, code: 0, data: { k: 'v' } });
  expect(await reader.tell('POST', URL, { metadata: { k: 'w' } })).toEqual({ status: 403, code: 250113, data: null });
  expect(await reader.tell('DELETE', URL, { keyList: ['k'] })).toEqual({ status: 403, code: 250113, data: null });
});
