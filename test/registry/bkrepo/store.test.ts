import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRegistry } from '../../../src/registry/server';
import { basic, platform, TestBkRepo } from '../../support/bkrepo';

let data: string;
beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'repoform-bkrepo-store-'))));
afterEach(() => rmSync(data, { recursive: true, force: true }));

const PROJECTS = '/repository/api/project';
const LIST = `${PROJECTS}/list`;
const loginOf = async (bk: TestBkRepo, headers: Record<string, string>): Promise<number> =>
  (await bk.call('GET', LIST, { as: null, headers })).status;

async function withServer<T>(options: Parameters<typeof TestBkRepo.start>[0], use: (bk: TestBkRepo) => Promise<T>): Promise<T> {
  const bk = await TestBkRepo.start({ data, ...options });
  try {
    return await use(bk);
  } finally {
    await bk.stop();
  }
}

test('everything is there again after a restart', async () => {
  const reads = [
    LIST,
    '/repository/api/repo/list/pp',
    '/repository/api/proxy-channel/pp/files?repoType=GENERIC&name=c1',
    '/auth/api/user/page/1/20',
    '/auth/api/user/list/token/alice',
    '/auth/api/role/list/pp',
    '/auth/api/permission/list?projectId=pp&resourceType=PROJECT',
    '/auth/api/mode/repo/query?projectId=pp&repoName=files',
  ];
  const readAll = async (bk: TestBkRepo) => Promise.all(reads.map((path) => bk.done('GET', path)));
  const before = await withServer({}, async (bk) => {
    await bk.project('pp');
    const channelList = [{ public: true, name: 'c1', url: 'https://a.example.com', password: 'clear' }];
    const configuration = { type: 'composite', proxy: { channelList } };
    await bk.repository('pp', 'files', { category: 'COMPOSITE', configuration });
    await bk.user('alice');
    await bk.done('POST', '/auth/api/user/token/alice/ci');
    await bk.done('POST', '/auth/api/role/create', { body: { name: 'readers', projectId: 'pp' } });
    const permission = { resourceType: 'PROJECT', projectId: 'pp', permName: 'p1', createBy: 'admin', updatedBy: 'admin' };
    await bk.done('POST', '/auth/api/permission/create', { body: permission });
    return readAll(bk);
  });
  expect(before.every((each) => JSON.stringify(each).length > 20)).toBe(true);
  expect(await withServer({}, readAll)).toEqual(before);
});

test('passwords, tokens and secret keys are not in the data folder', async () => {
  const keys = { accessKey: 'an-access-key', secretKey: 'a-secret-key-to-find' };
  const token = await withServer({ adminPassword: 'an-admin-password', platformKeys: keys }, async (bk) => {
    const as = 'admin:an-admin-password';
    await bk.done('POST', '/auth/api/user/create', { body: { userId: 'alice', name: 'a', pwd: 'a-user-password' }, as });
    return (await bk.done('POST', '/auth/api/user/token/alice/ci', { as })) as { id: string };
  });
  const bytes = Buffer.concat(
    readdirSync(data, { withFileTypes: true, recursive: true }).map((entry) =>
      entry.isFile() ? readFileSync(join(entry.parentPath, entry.name)) : Buffer.alloc(0),
    ),
  );
  expect(bytes.includes('alice') && bytes.includes('an-access-key')).toBe(true);
  for (const secret of ['an-admin-password', 'a-user-password', 'a-secret-key-to-find', token.id]) {
    expect([secret, bytes.includes(secret)]).toEqual([secret, false]);
  }
});

test('the admin begins with the password it is given, once', async () => {
  await withServer({ adminPassword: 'first' }, async (bk) => {
    expect(await loginOf(bk, { authorization: basic('admin:first') })).toBe(200);
    expect(await loginOf(bk, { authorization: basic('admin:password') })).toBe(401);
  });
  await withServer({ adminPassword: 'second' }, async (bk) => {
    expect(await loginOf(bk, { authorization: basic('admin:first') })).toBe(200);
    expect(await loginOf(bk, { authorization: basic('admin:second') })).toBe(401);
  });
});

test('new keys of the platform take the place of the old ones', async () => {
  const [old, fresh] = [
    { accessKey: 'old', secretKey: 'old-secret' },
    { accessKey: 'new', secretKey: 'new-secret' },
  ];
  await withServer({ platformKeys: old }, async (bk) => expect(await loginOf(bk, platform('admin', old))).toBe(200));
  await withServer({ platformKeys: fresh }, async (bk) => {
    expect([await loginOf(bk, platform('admin', old)), await loginOf(bk, platform('admin', fresh))]).toEqual([401, 200]);
  });
});

test('of many that make the same thing at once one makes it', async () => {
  await withServer({}, async (bk) => {
    const body = { name: 'pp', displayName: 'pp', description: '' };
    const projects = await Promise.all(Array.from({ length: 8 }, () => bk.call('POST', `${PROJECTS}/create`, { body })));
    expect(projects.map(({ code }) => code).filter((code) => code !== 0 && code !== 251005)).toEqual([]);
    expect(await bk.done('GET', LIST)).toHaveLength(1);
    const repository = { projectId: 'pp', name: 'files', type: 'GENERIC' };
    const repositories = await Promise.all(
      Array.from({ length: 8 }, () => bk.call('POST', '/repository/api/repo/create', { body: repository })),
    );
    expect(repositories.map(({ code }) => code).filter((code) => code === 0)).toHaveLength(1);
    expect(repositories.map(({ code }) => code).filter((code) => code === 251007)).toHaveLength(7);
    const users = Array.from({ length: 8 }, () => bk.call('POST', '/auth/api/user/create', { body: { userId: 'alice', name: 'a' } }));
    expect((await Promise.all(users)).map(({ data: made }) => made)).toEqual(Array(8).fill(true));
    const tokens = await Promise.all(Array.from({ length: 8 }, () => bk.call('POST', '/auth/api/user/token/alice/ci')));
    expect(tokens.map(({ code }) => code).sort()).toEqual([0, ...Array<number>(7).fill(250219)]);
  });
});

test('both backends run in one process on one folder, and close together', async () => {
  const registry = await startRegistry({ data, port: 0, backends: ['artifactapi', 'bkrepo'], bkrepo: { port: 0 }, closeGraceMs: 0 });
  const { artifactapi = '', bkrepo = '' } = registry.urls;
  expect([registry.url, new URL(bkrepo).port === new URL(artifactapi).port]).toEqual([artifactapi, false]);
  expect(registry.platformKeys).toEqual({
    accessKey: expect.stringMatching(/^\w{32}$/) as string,
    secretKey: expect.any(String) as string,
  });
  expect((await fetch(`${artifactapi}/api/v2/remotes`)).status).toBe(200);
  expect((await fetch(`${artifactapi}${LIST}`)).status).toBe(404);
  expect((await fetch(bkrepo + LIST, { headers: { authorization: basic('admin:password') } })).status).toBe(200);
  await registry.close();
  for (const url of [artifactapi, bkrepo]) await expect(fetch(url)).rejects.toThrow('fetch failed');
});
