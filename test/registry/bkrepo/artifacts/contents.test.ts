import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, openTestStore, registry, tempFolder } from '../../helpers';
import { addRepository, after, basic, bkRepo, client, type Client, paths, put } from './support';

afterEach(cleanUp);

const REPO = '/repository/api/repo';

test('files keep a repository from being deleted, and go with it by force; folders do not', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/dir/a', 'x');
  expect(await admin.tell('DELETE', `${REPO}/delete/pp/rr`)).toEqual({ status: 400, code: 251008, data: null });
  await admin.tell('DELETE', '/generic/pp/rr/dir/a');
  expect(await paths(admin)).toEqual(['/dir']);
  expect(await admin.tell('DELETE', `${REPO}/delete/pp/rr`)).toMatchObject({ code: 0 });
  await addRepository(admin, { name: 'rr' });
  expect(await paths(admin)).toEqual([]);
  await put(admin, 'rr/b', 'x');
  expect(await admin.tell('DELETE', `${REPO}/delete/pp/rr?forced=true`)).toMatchObject({ code: 0 });
  await addRepository(admin, { name: 'rr' });
  expect([await paths(admin), (await admin.tell('GET', '/repository/api/node/list-deleted/pp/rr/b')).data]).toEqual([[], []]);
});

test('for a package type only packages count', async () => {
  const admin = await bkRepo();
  await addRepository(admin, { name: 'npm', type: 'NPM' });
  expect(await admin.tell('POST', '/repository/api/node/mkdir/pp/npm/dir')).toMatchObject({ code: 0 });
  const body = { srcProjectId: 'pp', srcRepoName: 'rr', srcFullPath: '/a', destRepoName: 'npm', destFullPath: '/dir/a' };
  await put(admin, 'rr/a', 'x');
  expect(await admin.tell('POST', '/repository/api/node/copy', body)).toMatchObject({ code: 0 });
  expect(await admin.tell('DELETE', `${REPO}/delete/pp/npm`)).toMatchObject({ code: 0 });
});

test('a blob stays as long as any node has it, deleted or not, and then goes', async () => {
  const data = tempFolder();
  const running = await registry({ data, backends: ['bkrepo'], bkrepo: { port: 0 } });
  const admin = client(running.url, basic('admin', 'password'));
  await admin.tell('POST', '/repository/api/project/create', { name: 'pp', displayName: 'pp', description: '' });
  for (const name of ['rr', 'other']) await addRepository(admin, { name });
  await put(admin, 'rr/a', 'shared');
  await put(admin, 'other/b', 'shared');
  await put(admin, 'rr/c', 'alone');
  await admin.tell('DELETE', '/generic/pp/rr/a');
  await admin.tell('DELETE', `${REPO}/delete/pp/other?forced=true`);
  await running.close();
  const collect = async () => {
    const store = await openTestStore(data);
    const removed = await store.blobs.collect('9999');
    await store.close();
    return removed;
  };
  expect(await collect()).toBe(0);
  const again = await registry({ data, backends: ['bkrepo'], bkrepo: { port: 0 } });
  await client(again.url, basic('admin', 'password')).tell('DELETE', `${REPO}/delete/pp/rr?forced=true`);
  await again.close();
  expect(await collect()).toBe(2);
  const left = readdirSync(join(data, 'blobs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(left).toEqual([]);
});

test('what was deleted long ago, or has expired, is forgotten at the next start', async () => {
  const data = tempFolder();
  const start = async () => {
    const running = await registry({ data, backends: ['bkrepo'], bkrepo: { port: 0 } });
    return { admin: client(running.url, basic('admin', 'password')), close: () => running.close() };
  };
  const first = await start();
  await first.admin.tell('POST', '/repository/api/project/create', { name: 'pp', displayName: 'pp', description: '' });
  await addRepository(first.admin, { name: 'rr', quota: 100 });
  await put(first.admin, 'rr/deleted', 'xx');
  await put(first.admin, 'rr/expiring', 'xxxx', { 'x-bkrepo-expires': '1' });
  await first.admin.tell('DELETE', '/generic/pp/rr/deleted');
  await first.close();
  const deleted = (admin: Client, path: string) => admin.tell('GET', `/repository/api/node/list-deleted/pp/rr/${path}`);
  const lists = async (admin: Client) => [(await deleted(admin, 'deleted')).data, (await deleted(admin, 'expiring')).data];

  const second = await after(13 * 86_400_000, start);
  expect(await lists(second.admin)).toMatchObject([[{ fullPath: '/deleted' }], [{ fullPath: '/expiring', deletedBy: 'system' }]]);
  expect((await second.admin.tell('GET', '/repository/api/repo/quota/pp/rr')).data).toEqual({ quota: 100, used: 0 });
  await second.close();
  const third = await after(15 * 86_400_000, start);
  expect(await lists(third.admin)).toMatchObject([[], [{ fullPath: '/expiring' }]]);
  await third.close();
});

test('files survive a restart', async () => {
  const data = tempFolder();
  const running = await registry({ data, backends: ['bkrepo'], bkrepo: { port: 0 } });
  const admin = client(running.url, basic('admin', 'password'));
  await admin.tell('POST', '/repository/api/project/create', { name: 'pp', displayName: 'pp', description: '' });
  await addRepository(admin, { name: 'rr' });
  await put(admin, 'rr/a', 'content');
  await running.close();
  const again = await registry({ data, backends: ['bkrepo'], bkrepo: { port: 0 } });
  const answer = await client(again.url, basic('admin', 'password')).send('GET', '/generic/pp/rr/a');
  await again.close();
  expect(answer.text).toBe('content');
});
