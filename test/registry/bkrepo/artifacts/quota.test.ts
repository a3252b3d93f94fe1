import { cleanUp } from '../../helpers';
import { addRepository, bkRepo, put, type Client } from './support';

afterEach(cleanUp);

const over = { status: 400, code: 251025, data: null };
const used = async (admin: Client) => (await admin.tell('GET', '/repository/api/repo/quota/pp/rr')).data;
const setQuota = async (admin: Client, quota: number) =>
  expect(await admin.tell('POST', `/repository/api/repo/quota/pp/rr?quota=${quota}`)).toMatchObject({ code: 0 });

test('what is over the quota is refused, and what is deleted or replaced is given back', async () => {
  const admin = await bkRepo();
  await setQuota(admin, 10);
  await put(admin, 'rr/a', '123456');
  expect(await admin.tell('PUT', '/generic/pp/rr/b', '12345')).toEqual(over);
  await put(admin, 'rr/b', '1234');
  expect(await used(admin)).toEqual({ quota: 10, used: 10 });
  expect(await admin.tell('PUT', '/generic/pp/rr/b', '12345', { 'x-bkrepo-overwrite': 'true' })).toEqual(over);
  await put(admin, 'rr/b', '12', { 'x-bkrepo-overwrite': 'true' });
  expect(await used(admin)).toEqual({ quota: 10, used: 8 });
  await admin.tell('DELETE', '/repository/api/node/delete/pp/rr/a');
  expect(await used(admin)).toEqual({ quota: 10, used: 2 });
});

test('only what comes while there is a quota counts', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/before', '123456');
  expect(await used(admin)).toEqual({ quota: null, used: 0 });
  await setQuota(admin, 5);
  await put(admin, 'rr/after', '12345');
  expect(await used(admin)).toEqual({ quota: 5, used: 5 });
  await admin.tell('DELETE', '/repository/api/node/delete/pp/rr/before');
  expect(await used(admin)).toEqual({ quota: 5, used: 0 });
});

test('a move within a repository needs no room, a copy does, and restoring too', async () => {
  const admin = await bkRepo();
  await setQuota(admin, 10);
  await put(admin, 'rr/a', '123456');
  const transfer = (how: string, from: string, to: string) =>
    admin.tell('POST', `/repository/api/node/${how}`, { srcProjectId: 'pp', srcRepoName: 'rr', srcFullPath: from, destFullPath: to });
  expect(await transfer('copy', '/a', '/b')).toEqual(over);
  expect(await transfer('move', '/a', '/b')).toMatchObject({ code: 0 });
  expect(await used(admin)).toEqual({ quota: 10, used: 6 });
  const points = (await admin.tell('GET', '/repository/api/node/list-deleted/pp/rr/a')).data as { id: number }[];
  expect(await admin.tell('POST', `/repository/api/node/restore/pp/rr/a?deletedId=${points[0]?.id}`)).toEqual(over);
});

test('a move to another repository moves the count', async () => {
  const admin = await bkRepo();
  await addRepository(admin, { name: 'other', quota: 100 });
  await setQuota(admin, 10);
  await put(admin, 'rr/a', '123456');
  const body = { srcProjectId: 'pp', srcRepoName: 'rr', srcFullPath: '/a', destRepoName: 'other', destFullPath: '/a' };
  expect(await admin.tell('POST', '/repository/api/node/move', body)).toMatchObject({ code: 0 });
  expect(await used(admin)).toEqual({ quota: 10, used: 0 });
  expect((await admin.tell('GET', '/repository/api/repo/quota/pp/other')).data).toEqual({ quota: 100, used: 6 });
});

test('simultaneous uploads do not exceed the quota together', async () => {
  const admin = await bkRepo();
  await setQuota(admin, 10);
  const told = await Promise.all(Array.from({ length: 8 }, (_, index) => admin.tell('PUT', `/generic/pp/rr/${index}`, '1234')));
  expect(told.map(({ code }) => code).sort()).toEqual([0, 0, ...Array<number>(6).fill(251025)]);
  expect(await used(admin)).toEqual({ quota: 10, used: 8 });
});
