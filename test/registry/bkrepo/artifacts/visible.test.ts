import { cleanUp } from '../../helpers';
import { addRepository, addUser, basic, bkRepo, paths, put, type Client, unzip } from './support';

afterEach(cleanUp);

/** A repository whose paths are guarded, and a user who may read `/dir` but for `/dir/secret`: the first permission on a path decides. */
async function guarded(): Promise<{ admin: Client; bob: Client }> {
  const admin = await bkRepo();
  for (const path of ['dir/a', 'dir/secret/b', 'other/c']) await put(admin, `rr/${path}`, 'x');
  const mode = { projectId: 'pp', repoName: 'rr', accessControlMode: 'DIR_CTRL', officeDenyGroupSet: [], bkiamv3Check: false };
  expect(await admin.tell('POST', '/auth/api/mode/repo/toggle', mode)).toMatchObject({ code: 0 });
  const bob = await addUser(admin, 'bob', { repos: [], actions: [] });
  const permission = {
    ...{ resourceType: 'NODE', projectId: 'pp', repos: ['rr'], users: ['bob'], roles: [], departments: [] },
    ...{ actions: ['READ', 'DOWNLOAD'], createBy: 'admin', updatedBy: 'admin' },
  };
  const secret = { permName: 'secret', includePattern: [], excludePattern: ['/dir/secret'] };
  const dir = { permName: 'dir', includePattern: ['/dir'], excludePattern: [] };
  for (const one of [secret, dir])
    expect(await admin.tell('POST', '/auth/api/permission/create', { ...permission, ...one })).toMatchObject({ code: 0 });
  return { admin, bob };
}

test('where paths are guarded, everybody reads what is theirs', async () => {
  const { bob } = await guarded();
  const status = async (path: string) => (await bob.send('GET', `/generic/pp/rr/${path}`)).status;
  expect([await status('dir/a'), await status('dir/secret/b'), await status('other/c'), await status('dir/sub/../a')]).toEqual([
    200, 403, 403, 200,
  ]);
  const escaping = encodeURIComponent('dir/../other/c');
  expect(await status(escaping)).toBe(403);
});

test('lists, pages and archives leave out what somebody may not see', async () => {
  const { admin, bob } = await guarded();
  const page = await bob.tell('GET', '/repository/api/node/page/pp/rr/dir?deep=true');
  expect(page.data).toMatchObject({ records: [{ fullPath: '/dir/a' }], totalRecords: 1 });
  expect((await paths(admin)).length).toBe(6);
  expect((await bob.send('GET', '/generic/pp/rr/dir')).text).not.toContain('secret');
  const response = await fetch(`${bob.url}/generic/pp/rr/dir?download=true`, { headers: { authorization: basic('bob', 'secret') } });
  expect(unzip(Buffer.from(await response.arrayBuffer()))).toEqual({ a: 'x' });
});

test('a virtual repository shows of its members only what somebody may read there', async () => {
  const { admin, bob } = await guarded();
  const configuration = { type: 'virtual', settings: {}, repositoryList: [{ projectId: 'pp', name: 'rr' }] };
  await addRepository(admin, { name: 'all', category: 'VIRTUAL', public: true, configuration });
  const status = async (path: string) => (await bob.send('GET', `/generic/pp/all/${path}`)).status;
  expect([await status('dir/a'), await status('dir/secret/b'), await status('other/c')]).toEqual([200, 404, 404]);
  const detail = await bob.tell('GET', '/generic/detail/pp/all/dir/secret/b');
  expect(detail).toMatchObject({ status: 400, code: 251010 });
});

test('a batch deletes only where somebody may delete each path of it', async () => {
  const { admin, bob } = await guarded();
  const permission = {
    ...{ resourceType: 'NODE', projectId: 'pp', repos: ['rr'], users: ['bob'], roles: [], departments: [], actions: ['DELETE'] },
    ...{ permName: 'delete', includePattern: ['/dir'], excludePattern: [], createBy: 'admin', updatedBy: 'admin' },
  };
  const rest = { ...permission, permName: 'rest', includePattern: ['/'], excludePattern: [] };
  const kept = { ...permission, permName: 'kept', includePattern: [], excludePattern: ['/other'] };
  for (const one of [kept, rest])
    expect(await admin.tell('POST', '/auth/api/permission/create', { ...permission, ...one })).toMatchObject({ code: 0 });
  const batch = (...list: string[]) => bob.tell('DELETE', '/repository/api/node/batch/pp/rr', list);
  expect((await batch('/dir/a', '/other/c')).status).toBe(403);
  expect((await batch('/dir/a')).status).toBe(200);
  expect(await paths(admin)).toContain('/other/c');
});
