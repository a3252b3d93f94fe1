import { setTimeout as sleep } from 'node:timers/promises';
import { TestBkRepo } from '../../support/bkrepo';

const REMEMBERED_MS = 1500;

/** Runs steps against a server of each mode; `repositoryCache` is shorter than a real minute. */
async function inEach(steps: (bk: TestBkRepo) => Promise<unknown>): Promise<{ strict: unknown; free: unknown }> {
  const run = async (strict: boolean): Promise<unknown> => {
    const bk = await TestBkRepo.start({ strict, ...(strict && { repositoryCache: REMEMBERED_MS }) });
    try {
      await bk.project('pp');
      return await steps(bk);
    } finally {
      await bk.stop();
    }
  };
  return { strict: await run(true), free: await run(false) };
}

const put = async (bk: TestBkRepo, path: string) => (await bk.call('PUT', `/generic/pp/${path}`, { body: 'x' })).status;
const get = async (bk: TestBkRepo, path: string, as?: null) =>
  (await bk.call('GET', `/generic/pp/${path}`, as === undefined ? {} : { as })).status;

describe('the strict mode', () => {
  test('goes by what it last saw of a repository: another category under the name is 405 for a while', async () => {
    const told = await inEach(async (bk) => {
      await bk.repository('pp', 'files', { category: 'REMOTE' });
      const before = await put(bk, 'files/a');
      await bk.done('DELETE', '/repository/api/repo/delete/pp/files');
      const gone = await put(bk, 'files/a');
      await bk.repository('pp', 'files');
      const replaced = await put(bk, 'files/a');
      await sleep(REMEMBERED_MS);
      return [before, gone, replaced, await put(bk, 'files/a')];
    });
    expect(told).toEqual({ strict: [405, 404, 405, 200], free: [405, 404, 200, 400] });
  });

  test('lets nobody read on for a while what is no longer public', async () => {
    const told = await inEach(async (bk) => {
      await bk.repository('pp', 'files', { public: true });
      await put(bk, 'files/a');
      await bk.done('POST', '/repository/api/repo/update/pp/files', { body: { public: false } });
      const soon = await get(bk, 'files/a', null);
      await sleep(REMEMBERED_MS);
      return [soon, await get(bk, 'files/a', null)];
    });
    expect(told).toEqual({ strict: [200, 401], free: [401, 401] });
  });

  test('serves files of a package repository that another service has just looked at', async () => {
    const told = await inEach(async (bk) => {
      await bk.repository('pp', 'maven', { type: 'MAVEN' });
      const unseen = await put(bk, 'maven/a');
      await bk.done('GET', '/repository/api/repo/info/pp/maven');
      return [unseen, await put(bk, 'maven/a')];
    });
    expect(told).toEqual({ strict: [404, 200], free: [404, 404] });
  });

  test('finds nothing of its members in a virtual repository', async () => {
    const told = await inEach(async (bk) => {
      await bk.repository('pp', 'files');
      const configuration = { type: 'virtual', repositoryList: [{ projectId: 'pp', name: 'files' }] };
      await bk.repository('pp', 'all', { category: 'VIRTUAL', configuration });
      await put(bk, 'files/a');
      return [await get(bk, 'files/a'), await get(bk, 'all/a')];
    });
    expect(told).toEqual({ strict: [200, 404], free: [200, 200] });
  });

  test('takes an update of a project that sets nothing for one by nothing, and its lists fail from then on', async () => {
    const told = await inEach(async (bk) => {
      const as = await bk.user('alice');
      await bk.project('mine', as);
      const updated = await bk.done('PUT', '/repository/api/project/pp', { body: { metadata: [] } });
      const list = async (query: string) => (await bk.call('GET', `/repository/api/project/${query}`)).code;
      const own = await bk.done('GET', '/repository/api/project/list', { as });
      const codes = [await list('list'), await list('search'), await list('search?namePrefix=m')];
      return [updated, await bk.done('GET', '/repository/api/project/exist/pp'), codes, own];
    });
    const mine = [expect.objectContaining({ name: 'mine' })];
    expect(told).toEqual({ strict: [true, false, [250102, 250102, 0], mine], free: [false, true, [0, 0, 0], mine] });
  });

  test('says where a mirror is only when it was told', async () => {
    const told = await inEach(async (bk) => {
      await bk.repository('pp', 'git', { type: 'GIT', category: 'PROXY' });
      const info = (await bk.done('GET', '/repository/api/repo/info/pp/git')) as { configuration: { url: string } };
      return info.configuration.url.replace(bk.url, '');
    });
    expect(told).toEqual({ strict: '/pp/git.git', free: '/git/pp/git.git' });
  });
});
