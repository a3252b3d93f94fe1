import { TestBkRepo } from '../../support/bkrepo';

let bk: TestBkRepo;
let alice: string;
beforeEach(async () => {
  bk = await TestBkRepo.start();
  await bk.project('pp');
  for (const name of ['files', 'other']) await bk.repository('pp', name);
  alice = await bk.user('alice');
});
afterEach(() => bk.stop());

const ROLES = '/auth/api/role';
const PERMISSIONS = '/auth/api/permission';
type Fields = Record<string, unknown>;

const role = async (fields: Fields): Promise<string> =>
  (await bk.done('POST', `${ROLES}/create`, { body: { name: 'readers', projectId: 'pp', ...fields } })) as string;
const permission = (fields: Fields, as = 'admin:password') => {
  const body = { resourceType: 'REPO', projectId: 'pp', permName: 'p1', createBy: 'admin', updatedBy: 'admin', ...fields };
  return bk.call('POST', `${PERMISSIONS}/create`, { body, as });
};
const list = async (query = 'repoName=files&resourceType=REPO'): Promise<Fields[]> =>
  (await bk.done('GET', `${PERMISSIONS}/list?projectId=pp&${query}`)) as Fields[];
const may = async (fields: Fields): Promise<unknown> => {
  const body = { uid: 'alice', resourceType: 'REPO', action: 'READ', projectId: 'pp', repoName: 'files', ...fields };
  return bk.done('POST', `${PERMISSIONS}/check`, { body });
};
const status = async (name: string): Promise<number> =>
  (await bk.call('GET', `/repository/api/repo/info/pp/${name}`, { as: alice })).status;

describe('roles', () => {
  test('answer their id, again when they are there, and change nothing then (11.4)', async () => {
    const id = await role({ roleId: 'r1', description: 'first' });
    expect(id).toMatch(/^[0-9a-f]{24}$/);
    expect(await role({ roleId: 'r2', description: 'second' })).toBe(id);
    expect(await bk.done('GET', `${ROLES}/detail/${id}`)).toEqual({
      id,
      roleId: 'r1',
      name: 'readers',
      type: 'PROJECT',
      projectId: 'pp',
      repoName: null,
      admin: false,
      users: [],
      description: 'first',
      source: null,
      deptInfoList: null,
    });
    expect(await bk.done('GET', `${ROLES}/detail/r1/pp`)).toMatchObject({ id });
    expect(await bk.done('GET', `${ROLES}/detail/r2/pp`)).toBeNull();
    const repo = await role({ roleId: 'rr', type: 'REPO', repoName: 'files' });
    expect(await role({ roleId: 'rr', type: 'REPO', repoName: 'files', name: 'x' })).toBe(repo);
    expect(await role({ roleId: 'rr', type: 'REPO', repoName: 'other' })).not.toBe(repo);
    expect(await bk.done('GET', `${ROLES}/detail/rr/pp/files`)).toMatchObject({ id: repo, type: 'REPO' });
    expect(await bk.done('GET', `${ROLES}/detail/${repo}`)).toMatchObject({ repoName: null });
    expect(await bk.done('GET', `${ROLES}/detail/rr/pp`)).toMatchObject({ id: repo, type: 'REPO' });
    const other = await role({ roleId: 'rr', name: 'writers' });
    expect(await bk.done('GET', `${ROLES}/detail/${other}`)).toMatchObject({ roleId: expect.stringMatching(/^pp_role_\w+$/) as string });
    const service = await role({ roleId: 'ss', type: 'SERVICE', projectId: null });
    expect(await role({ roleId: 'ss', type: 'SERVICE', projectId: null, name: 'x' })).toBe(service);
  });

  test.each([
    ['no project', { projectId: null }, 250240],
    ['a project for a service', { type: 'SERVICE' }, 250241],
    ['an unknown type (11.14)', { type: 'TEAM' }, 250106],
    ['an unknown source (11.14)', { source: 'MOON' }, 250106],
    ['no name', { name: null }, 250106],
  ])('with %s are refused', async (_what, fields, code) => {
    const answer = await bk.call('POST', `${ROLES}/create`, { body: { name: 'readers', projectId: 'pp', ...fields } });
    expect([answer.status, answer.code]).toEqual([400, code]);
  });

  test('are listed without those that manage and those that the server makes', async () => {
    const id = await role({});
    await role({ name: 'chiefs', admin: true });
    await role({ roleId: 'rr', type: 'REPO', repoName: 'files' });
    expect(await bk.done('GET', `${ROLES}/list/pp`)).toMatchObject([{ id, name: 'readers' }]);
    expect(await bk.done('GET', `${ROLES}/list/pp`)).toHaveLength(1);
    expect((await bk.call('GET', `${ROLES}/list/pp`, { as: alice })).code).toBe(250236);
  });

  test('an update keeps nulls, replaces the members and makes those that are missing (11.24)', async () => {
    const id = await role({ description: 'first' });
    const put = (body: Fields) => bk.done('PUT', `${ROLES}/update/info/${id}`, { body });
    expect(await put({ userIds: ['alice', 'fresh'] })).toBe(true);
    expect(await bk.done('GET', `${ROLES}/users/${id}`)).toEqual([
      { userId: 'alice', name: 'alice' },
      { userId: 'fresh', name: 'fresh' },
    ]);
    await put({ name: 'writers', description: null });
    expect(await bk.done('GET', `${ROLES}/detail/${id}`)).toMatchObject({ name: 'writers', description: 'first' });
    expect(await bk.done('GET', `${ROLES}/users/${id}`)).toHaveLength(2);
    await put({ userIds: ['fresh'], deptInfoList: [{ id: 1 }] });
    expect(await bk.done('GET', `${ROLES}/users/${id}`)).toEqual([{ userId: 'fresh', name: 'fresh' }]);
    expect(await bk.done('GET', `${ROLES}/detail/${id}`)).toMatchObject({ deptInfoList: [{ id: 1 }] });
    const missing = await bk.call('PUT', `${ROLES}/update/info/${'0'.repeat(24)}`, { body: {} });
    expect([missing.status, missing.data]).toEqual([200, false]);
  });

  test('of a repository need its name and an id', async () => {
    for (const fields of [{ roleId: 'rr' }, { repoName: 'files' }]) {
      const body = { name: 'readers', projectId: 'pp', type: 'REPO', ...fields };
      expect(await bk.call('POST', `${ROLES}/create`, { body })).toMatchObject({ status: 500, code: 250102 });
    }
  });

  test('that are missing are null, false or an empty list (11.3)', async () => {
    const none = '0'.repeat(24);
    expect(await bk.done('GET', `${ROLES}/detail/${none}`)).toBeNull();
    expect(await bk.done('DELETE', `${ROLES}/delete/${none}`)).toBe(false);
    expect(await bk.done('GET', `${ROLES}/users/${none}`)).toEqual([]);
    const id = await role({});
    expect(await bk.done('DELETE', `${ROLES}/delete/${id}`)).toBe(true);
    expect(await bk.done('GET', `${ROLES}/detail/${id}`)).toBeNull();
    const builtin = (await bk.done('POST', `${ROLES}/create/project/manage/pp`)) as string;
    expect(await bk.done('DELETE', `${ROLES}/delete/${builtin}`)).toBe(true);
  });

  test('builtin ones manage a project or a repository', async () => {
    const repo = (await bk.done('POST', `${ROLES}/create/repo/manage/pp/files`)) as string;
    expect(await bk.done('GET', `${ROLES}/detail/repo_manage/pp/files`)).toMatchObject({ id: repo, admin: true });
    const user = await bk.done('POST', `/auth/api/user/role/alice/${repo}`);
    expect(user).toMatchObject({ userId: 'alice', roles: [repo] });
    expect([await status('files'), await status('other')]).toEqual([200, 403]);
    expect(await bk.done('DELETE', `/auth/api/user/role/alice/${repo}`)).toMatchObject({ roles: [] });
    expect(await status('files')).toBe(403);
    const project = (await bk.done('POST', `${ROLES}/create/project/manage/pp`)) as string;
    expect(await bk.done('PATCH', `/auth/api/user/role/add/${project}`, { body: ['alice', 'fresh'] })).toBe(true);
    expect([await status('files'), await status('other')]).toEqual([200, 200]);
    expect(await bk.done('PATCH', `/auth/api/user/role/delete/${project}`, { body: ['alice'] })).toBe(true);
    expect(await status('files')).toBe(403);
    expect((await bk.call('POST', `/auth/api/user/role/alice/${'0'.repeat(24)}`)).code).toBe(250205);
    expect((await bk.call('POST', `/auth/api/user/role/none/${project}`)).code).toBe(250202);
    expect((await bk.call('POST', `/auth/api/user/role/alice/${project}`, { as: alice })).code).toBe(250236);
  });
});

describe('permissions', () => {
  test('answer true and are found by their name (11.5)', async () => {
    const made = await permission({ repos: ['files'], users: ['alice'], actions: ['READ'], departments: ['d'], includePattern: ['/a'] });
    expect([made.status, made.data]).toEqual([200, true]);
    expect(await list()).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
        resourceType: 'REPO',
        projectId: 'pp',
        permName: 'p1',
        repos: ['files'],
        includePattern: ['/a'],
        excludePattern: [],
        users: ['alice'],
        roles: [],
        departments: [],
        actions: ['READ'],
        createBy: 'admin',
        createAt: expect.any(String) as string,
        updatedBy: 'admin',
        updateAt: expect.any(String) as string,
      },
    ]);
  });

  test('without a repository only those of the project are listed', async () => {
    await permission({ repos: ['files'] });
    await permission({ resourceType: 'PROJECT', permName: 'whole' });
    expect(await list('resourceType=REPO')).toMatchObject([{ permName: 'whole' }]);
    expect(await list('resourceType=NODE&repoName=files')).toEqual([]);
    expect(await list('resourceType=REPO&repoName=other')).toEqual([]);
    const missing = await bk.call('GET', `${PERMISSIONS}/list?projectId=pp`);
    expect([missing.status, missing.code]).toEqual([400, 250103]);
  });

  test.each([
    ['a duplicate', {}, 250207],
    ['actions that are no list', { permName: 'p2', actions: 'READ' }, 250106],
    ['an unknown action (11.14)', { permName: 'p2', actions: ['FLY'] }, 250106],
    ['an unknown level (11.14)', { permName: 'p2', resourceType: 'MOON' }, 250106],
    ['no createBy', { permName: 'p2', createBy: undefined }, 250106],
    ['no updatedBy', { permName: 'p2', updatedBy: undefined }, 250106],
  ])('with %s are refused', async (_what, fields, code) => {
    await permission({});
    const answer = await permission(fields);
    expect([answer.status, answer.code]).toEqual([400, code]);
  });

  test('of the same name on another level or in another project are others', async () => {
    await bk.project('qq');
    await permission({});
    for (const fields of [{ resourceType: 'NODE' }, { projectId: 'qq' }]) expect((await permission(fields)).data).toBe(true);
  });

  test('are for managers of the project', async () => {
    expect((await permission({}, alice)).code).toBe(250236);
    for (const path of ['list?projectId=pp&resourceType=REPO', 'list/inrepo?projectId=pp&repoName=files', 'list/inproject?projectId=pp']) {
      const answer = await bk.call('GET', `${PERMISSIONS}/${path}`, { as: alice });
      expect([path, answer.status, answer.code]).toEqual([path, 400, 250236]);
    }
    await bk.project('hers', alice);
    expect((await permission({ projectId: 'hers' }, alice)).data).toBe(true);
    await permission({ repos: ['files'] });
    const id = (await list())[0]?.['id'];
    const stolen = { permissionId: id, projectId: 'hers', userId: ['alice'] };
    expect((await bk.call('PUT', `${PERMISSIONS}/user`, { body: stolen, as: alice })).code).toBe(250236);
    expect((await bk.call('DELETE', `${PERMISSIONS}/delete/${String(id)}`, { as: alice })).code).toBe(250236);
  });

  test('on a repository let it be read, and nothing else of its files', async () => {
    await permission({ repos: ['files'], users: ['alice'], actions: ['READ'] });
    expect([await status('files'), await status('other')]).toEqual([200, 403]);
    expect([await may({}), await may({ action: 'WRITE' }), await may({ repoName: 'other' })]).toEqual([true, false, false]);
    const id = await role({});
    await bk.done('PUT', `${ROLES}/update/info/${id}`, { body: { userIds: ['alice'] } });
    await permission({ permName: 'p2', repos: ['other'], roles: [id], actions: ['MANAGE'] });
    expect([await may({ repoName: 'other', action: 'DELETE' }), await status('other')]).toEqual([false, 200]);
    expect(await may({ resourceType: 'NODE', action: 'WRITE', path: '/a', repoName: 'other' })).toBe(false);
    expect((await bk.call('GET', '/repository/api/repo/exist/pp/files', { as: alice })).status).toBe(403);
    expect(await bk.done('GET', '/repository/api/project/list', { as: alice })).toMatchObject([{ name: 'pp' }]);
  });

  test('on a project let nothing be read', async () => {
    await permission({ resourceType: 'PROJECT', users: ['alice'], actions: ['READ'] });
    expect([await status('files'), await status('other')]).toEqual([403, 403]);
    expect(await may({ resourceType: 'PROJECT' })).toBe(false);
  });

  test('are changed by their users, their repositories, or their paths, roles and name', async () => {
    await permission({ repos: ['files'], users: ['alice'], actions: ['READ'] });
    const id = (await list())[0]?.['id'];
    const put = (path: string, body: Fields, as = 'admin:password') =>
      bk.call('PUT', `${PERMISSIONS}/${path}`, { body: { permissionId: id, projectId: 'pp', ...body }, as });
    expect((await put('user', { userId: ['bob1'] })).data).toBe(true);
    expect(await list()).toMatchObject([{ id, users: ['bob1'] }]);
    expect((await put('repo', { repos: ['other'] })).data).toBe(true);
    expect(await list()).toEqual([]);
    expect((await put('update/config', { path: ['/x'], users: ['alice'], roles: ['r'], name: 'p9' })).data).toBe(true);
    expect(await list('resourceType=REPO&repoName=other')).toMatchObject([
      { id, permName: 'p9', includePattern: ['/x'], users: ['alice'], roles: ['r'], actions: ['READ'] },
    ]);
    expect((await permission({ permName: 'p1' })).data).toBe(true);
    expect((await put('repo', { repos: [] }, alice)).code).toBe(250236);
    const missing = await put('user', { permissionId: '0'.repeat(24), userId: [] });
    expect([missing.status, missing.code]).toEqual([400, 250208]);
  });

  test('are deleted once and then false (11.3)', async () => {
    await permission({ repos: ['files'] });
    const id = String((await list())[0]?.['id']);
    expect(await bk.done('DELETE', `${PERMISSIONS}/delete/${id}`)).toBe(true);
    expect(await bk.done('DELETE', `${PERMISSIONS}/delete/${id}`)).toBe(false);
    expect(await list()).toEqual([]);
  });

  test('of a deleted user keep its id (4.1)', async () => {
    await permission({ repos: ['files'], users: ['alice'] });
    await bk.done('DELETE', '/auth/api/user/delete/alice');
    expect(await list()).toMatchObject([{ users: ['alice'] }]);
  });

  test('a look at a repository makes three (11.17)', async () => {
    expect(await list()).toEqual([]);
    const inrepo = (name: string) => bk.done('GET', `${PERMISSIONS}/list/inrepo?projectId=pp&repoName=${name}`);
    const rows = (await inrepo('files')) as Fields[];
    expect(rows.map(({ permName, actions }) => [permName, actions])).toEqual([
      ['repo_admin', ['MANAGE']],
      ['repo_user', ['WRITE', 'READ', 'DELETE', 'UPDATE']],
      ['repo_viewer', ['READ']],
    ]);
    expect(await inrepo('files')).toEqual(rows);
    expect(await list()).toEqual(rows);
    expect((await inrepo('other')) as Fields[]).toHaveLength(3);
    expect(await list()).toHaveLength(3);
  });

  test('pseudo ones hold the members of a project', async () => {
    const inproject = async () => {
      const rows = (await bk.done('GET', `${PERMISSIONS}/list/inproject?projectId=pp`)) as Fields[];
      return rows.map(({ id, permName, users }) => [id, permName, users]);
    };
    const rows = (managers: string[], viewers: string[]) => [
      ['project_manage', 'project_manage_permission', managers],
      ['project_view', 'project_view_permission', viewers],
    ];
    expect(await inproject()).toEqual(rows(['admin'], []));
    const put = (permissionId: string, userId: string[]) =>
      bk.done('PUT', `${PERMISSIONS}/user`, { body: { permissionId, projectId: 'pp', userId } });
    await put('project_view', ['alice']);
    expect(await inproject()).toEqual(rows(['admin'], ['alice']));
    expect([await status('files'), await may({ action: 'WRITE' })]).toEqual([200, false]);
    await put('project_manage', ['alice']);
    expect(await inproject()).toEqual(rows(['alice'], []));
    expect(await may({ action: 'WRITE' })).toBe(true);
  });
});

describe('questions', () => {
  test('about projects and repositories are for the user and for admins', async () => {
    await permission({ repos: ['files'], users: ['alice'], actions: ['READ'] });
    const ask = (path: string, as = alice) => bk.call('GET', `${PERMISSIONS}/${path}`, { as });
    expect((await ask('project/list?userId=alice')).data).toEqual(['pp']);
    expect((await ask('repo/list?projectId=pp&userId=alice')).data).toEqual(['files']);
    expect((await ask('repo/list?projectId=pp&userId=admin')).code).toBe(250236);
    expect((await ask('repo/list?projectId=pp&userId=admin', 'admin:password')).data).toEqual(['files', 'other']);
  });

  test.each([
    ['a repository', { repoName: null }],
    ['a path', { resourceType: 'NODE' }],
    ['a project', { resourceType: 'PROJECT', projectId: '' }],
  ])('without %s are 250103', async (_what, fields) => {
    const body = { uid: 'alice', resourceType: 'REPO', action: 'READ', projectId: 'pp', repoName: 'files', ...fields };
    const answer = await bk.call('POST', `${PERMISSIONS}/check`, { body });
    expect([answer.status, answer.code]).toEqual([400, 250103]);
  });

  test('about a missing or a locked user are answered with no', async () => {
    await permission({ repos: ['files'], users: ['alice', 'none'], actions: ['READ'] });
    expect([await may({}), await may({ uid: 'none' })]).toEqual([true, false]);
    await bk.done('PUT', '/auth/api/user/update/info/alice', { body: { locked: true } });
    expect(await may({})).toBe(false);
  });

  test('know nothing of what is public, and lists nothing of what roles are permitted', async () => {
    await bk.repository('pp', 'open', { public: true });
    const id = await role({});
    await bk.done('PUT', `${ROLES}/update/info/${id}`, { body: { userIds: ['alice'] } });
    await permission({ repos: ['files'], roles: [id], actions: ['READ'] });
    expect([await may({ repoName: 'open' }), await may({})]).toEqual([false, true]);
    expect([await status('open'), await status('files')]).toEqual([200, 200]);
    for (const path of [`${PERMISSIONS}/repo/list?projectId=pp&userId=alice`, '/repository/api/repo/list/pp'])
      expect(await bk.done('GET', path, { as: alice })).toEqual([]);
  });
});

test('system repositories are readable by everybody who is somebody', async () => {
  await bk.repository('pp', 'tools', { configuration: { type: 'local', settings: { system: true } } });
  expect(await status('tools')).toBe(200);
  expect((await bk.call('GET', '/repository/api/repo/info/pp/tools', { as: null })).status).toBe(401);
});
