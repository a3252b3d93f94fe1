import { TestBkRepo } from '../../support/bkrepo';

let bk: TestBkRepo;
beforeEach(async () => {
  bk = await TestBkRepo.start();
  await bk.project('pp');
  await bk.repository('pp', 'files', { quota: 100 });
});
afterEach(() => bk.stop());

const DELETE = '/repository/api/repo/delete/pp/files';
const QUOTA = '/repository/api/repo/quota/pp/files';
const upload = (path: string, text: string) => bk.done('PUT', `/generic/pp/files/${path}`, { body: text });

test('a repository that holds files is deleted only by force, and comes back empty', async () => {
  await upload('a/b.txt', 'hello');
  const refused = await bk.call('DELETE', DELETE);
  expect([refused.status, refused.code]).toEqual([400, 251008]);
  expect((await bk.call('DELETE', `${DELETE}?forced=false`)).code).toBe(251008);
  expect((await bk.call('GET', '/generic/pp/files/a/b.txt')).text).toBe('hello');
  expect(await bk.done('DELETE', `${DELETE}?forced=true`)).toBeNull();
  await bk.repository('pp', 'files');
  expect((await bk.call('GET', '/generic/pp/files/a/b.txt')).status).toBe(404);
  expect(await bk.done('DELETE', DELETE)).toBeNull();
});

test('a quota is not set below what is used', async () => {
  await upload('a.txt', '0123456789');
  expect(await bk.done('GET', QUOTA)).toEqual({ quota: 100, used: 10 });
  const refused = await bk.call('POST', `${QUOTA}?quota=9`);
  expect([refused.status, refused.code]).toEqual([400, 250105]);
  expect(await bk.done('POST', `${QUOTA}?quota=10`)).toBeNull();
  const full = await bk.call('PUT', '/generic/pp/files/b.txt', { body: 'x' });
  expect([full.status, full.code]).toEqual([400, 251025]);
});

test('a service user with a permission uses its token for files, and one without does not', async () => {
  await bk.user('service');
  const mode = { projectId: 'pp', repoName: 'files', accessControlMode: 'STRICT', officeDenyGroupSet: [], bkiamv3Check: false };
  await bk.done('POST', '/auth/api/mode/repo/toggle', { body: mode });
  const permission = {
    resourceType: 'NODE',
    includePattern: ['/'],
    projectId: 'pp',
    permName: 'service',
    createBy: 'admin',
    updatedBy: 'admin',
  };
  const body = { ...permission, repos: ['files'], users: ['service'], actions: ['READ', 'DOWNLOAD', 'WRITE', 'DELETE'] };
  await bk.done('POST', '/auth/api/permission/create', { body });
  const { id } = (await bk.done('POST', '/auth/api/user/token/service/ci')) as { id: string };
  const as = `service:${id}`;
  expect((await bk.call('PUT', '/generic/pp/files/x', { body: 'x', as })).status).toBe(200);
  expect((await bk.call('GET', '/generic/pp/files/x', { as })).text).toBe('x');
  expect((await bk.call('DELETE', '/generic/pp/files/x', { as })).status).toBe(200);
  for (const method of ['GET', 'DELETE']) {
    const refused = await bk.call(method, '/generic/pp/files/x', { as: await bk.user('other') });
    expect([method, refused.status, refused.code]).toEqual([method, 403, 250113]);
  }
});
