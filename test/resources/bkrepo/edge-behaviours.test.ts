import type { ValueRecord } from '../../../src/common/value';
import { done } from '../../../src/testing/subject';
import { answer, refusal, said, Stand } from './stand';

const local = (name: string, fields: ValueRecord = {}): ValueRecord => ({ project: 'payments', name, type: 'GENERIC', ...fields });
const at = (name: string): string => `/repository/api/repo/info/payments/${name}`;

let stand: Stand;
beforeAll(async () => {
  stand = await Stand.start();
  await stand.bk.project('payments');
  await stand.bk.repository('payments', 'taken', { description: 'of somebody' });
  await stand.bk.user('alice');
  for (const key of ['hdd', 'ssd']) await stand.storage(key);
});
afterAll(() => stand.stop());
afterEach(() => stand.server.heal());

describe('#4 a create never adopts', () => {
  const role = { name: 'Readers', type: 'PROJECT', projectId: 'payments', description: 'of somebody' };
  const permission = { resourceType: 'PROJECT', projectId: 'payments', permName: 'all', createBy: 'admin', updatedBy: 'admin' };
  beforeAll(async () => {
    await stand.bk.done('POST', '/auth/api/role/create', { body: { ...role, roleId: 'readers' } });
    await stand.bk.done('POST', '/auth/api/role/create', { body: { ...role, roleId: 'ops', type: 'REPO', repoName: 'taken' } });
    await stand.bk.done('POST', '/auth/api/permission/create', { body: { ...permission, actions: ['READ'] } });
    await stand.bk.done('POST', '/auth/api/user/token/alice/ci');
    await stand.bk.done('POST', '/auth/api/user/token/alice/ends?expiredAt=2099-01-01T00:00:00.000Z');
    await stand.file('payments', 'taken', 'a/b.txt');
  });

  it.each<[type: string, id: string, config: ValueRecord, look: string]>([
    ['bkrepo_project', 'payments', { name: 'payments', display_name: 'Mine' }, '/repository/api/project/list?names=payments'],
    ['bkrepo_local_repository', 'payments/taken', local('taken', { description: 'mine' }), at('taken')],
    ['bkrepo_user', 'alice', { user_id: 'alice', name: 'Mine', password: 'mine' }, '/auth/api/user/userinfo/alice'],
    ['bkrepo_user_token', 'alice/ci', { user: 'alice', name: 'ci' }, '/auth/api/user/list/token/alice'],
    ['bkrepo_user_token', 'alice/ends', { user: 'alice', name: 'ends' }, '/auth/api/user/list/token/alice'],
    ['bkrepo_role', 'payments/readers', { project: 'payments', role_id: 'readers', name: 'Mine' }, '/auth/api/role/list/payments'],
    [
      'bkrepo_role',
      'payments/ops/taken',
      { project: 'payments', role_id: 'ops', repository: 'taken', name: 'Mine' },
      '/auth/api/role/detail/ops/payments/taken',
    ],
    [
      'bkrepo_permission',
      'payments/PROJECT/all',
      { project: 'payments', resource_type: 'PROJECT', name: 'all', actions: ['WRITE'] },
      '/auth/api/permission/list?projectId=payments&resourceType=PROJECT',
    ],
    [
      'bkrepo_generic_file',
      'payments/taken/a/b.txt',
      { project: 'payments', repository: 'taken', path: 'a/b.txt', content: 'mine' },
      '/generic/detail/payments/taken/a/b.txt',
    ],
  ])('#4 %s "%s" is left as it is, and the message has the import command', async (...[type, id, config, look]) => {
    const before = await stand.bk.done('GET', look);
    const { instance, diagnostics } = await (await stand.core()).ensure(type, config);
    expect([instance, diagnostics.map(({ severity, summary }) => [severity, summary])]).toEqual([
      undefined,
      [['error', 'Already on the Server']],
    ]);
    expect(diagnostics[0]?.detail).toContain(`\n  terraform import ${type}.<name in your configuration> '${id}'\n`);
    expect(await stand.bk.done('GET', look)).toEqual(before);
  });

  it.each([
    ['another role', 'Readers', 'with the role_id "readers"'],
    ['the role that manages the project, which no list shows', '项目管理员', 'which lists do not show'],
  ])('#4 a role does not become %s with the same name, nor change its members', async (_, name, which) => {
    await stand.bk.done('POST', '/auth/api/role/create/project/manage/payments');
    const members = async (): Promise<string[][]> => {
      const rows = await stand.bk.done('GET', '/auth/api/permission/list/inproject?projectId=payments');
      return (rows as { users: string[] }[]).map(({ users }) => users);
    };
    expect(await members()).toEqual([['admin'], []]);
    const config = { project: 'payments', role_id: 'mine', name, users: ['alice'] };
    const { instance, diagnostics } = await (await stand.core()).ensure('bkrepo_role', config);
    expect(instance).toBeUndefined();
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([
      {
        severity: 'error',
        summary: 'Invalid Attribute Value',
        detail: `"name": the project already has a role named "${name}", ${which}; choose another name.`,
        path: 'name',
      },
    ]);
    expect(await members()).toEqual([['admin'], []]);
    expect(await stand.bk.done('GET', '/auth/api/role/detail/mine/payments')).toBeNull();
  });

  it('#4 a role of the same name and id in another repository is another role', async () => {
    await stand.bk.repository('payments', 'beside');
    const made = await stand.made('bkrepo_role', { project: 'payments', role_id: 'ops', repository: 'beside', name: 'Readers' });
    const { id } = (await stand.bk.done('GET', '/auth/api/role/detail/ops/payments/beside')) as { id: string };
    const { id: other } = (await stand.bk.done('GET', '/auth/api/role/detail/ops/payments/taken')) as { id: string };
    expect([(made.state as ValueRecord)['id'], id === other]).toEqual([id, false]);
  });

  it('#4 a project that the caller may not see is no project of the caller', async () => {
    const core = await stand.core({}, { username: 'alice', password: 'alice-secret' });
    const { instance, diagnostics } = await core.ensure('bkrepo_project', { name: 'payments', display_name: 'Mine' });
    expect([instance, diagnostics.map(({ summary }) => summary)]).toEqual([undefined, ['Conflict']]);
  });
});

describe('#5 a permission, whose create gives no id,', () => {
  const config = { project: 'payments', resource_type: 'REPO', name: 'writers', repositories: ['taken'], actions: ['WRITE'] };
  const rows = async (): Promise<{ id: string; permName: string }[]> =>
    (await stand.bk.done('GET', '/auth/api/permission/list?projectId=payments&repoName=taken&resourceType=REPO')) as never;

  it('#5 is found by its name, among others', async () => {
    const body = { resourceType: 'REPO', projectId: 'payments', permName: 'writers-too', repos: ['taken'], actions: ['READ'] };
    await stand.bk.done('POST', '/auth/api/permission/create', { body: { ...body, createBy: 'admin', updatedBy: 'admin' } });
    const made = await stand.made('bkrepo_permission', config);
    const row = (await rows()).find(({ permName }) => permName === 'writers');
    expect((made.state as ValueRecord)['id']).toBe(row?.id);
    const core = await stand.core();
    expect(done(await core.apply(await core.plan('bkrepo_permission', { ...config, users: ['alice'] }, made))).state).toMatchObject({
      id: row?.id,
      users: ['alice'],
    });
    await core.apply(await core.plan('bkrepo_permission', null, made));
    expect((await rows()).map(({ permName }) => permName)).toEqual(['writers-too']);
  });

  it('#5 that could not be read back is kept, and deleted all the same', async () => {
    const core = await stand.core({ max_retries: 0 });
    const plan = await core.plan('bkrepo_permission', config);
    // The first list is the look for one of that name, the second the reading back.
    stand.server.fault({ kind: answer([]), method: 'GET', path: /permission\/list/ });
    stand.server.fault({ kind: refusal(500, 250102), method: 'GET', path: /permission\/list/ });
    const { instance, diagnostics } = await core.apply(plan);
    stand.server.heal();
    expect(said(diagnostics)[0]).toContain(
      'read back bkrepo_permission "payments/REPO/writers", which was created and is kept in the state as tainted',
    );
    expect([instance?.tainted, (instance?.state as ValueRecord)['id']]).toEqual([true, null]);
    const next = await stand.core();
    expect(await next.apply(await next.plan('bkrepo_permission', null, instance))).toEqual({ instance: undefined, diagnostics: [] });
    expect((await rows()).map(({ permName }) => permName)).toEqual(['writers-too']);
  });
});

describe('#7 an update that resets what it is not sent', () => {
  it('#7 sets the quota first, so that a hidden repository stays hidden', async () => {
    const config = local('hidden', { display: false, quota: 1000, description: 'one' });
    const made = await stand.made('bkrepo_local_repository', config);
    const core = await stand.core();
    const plan = await core.plan('bkrepo_local_repository', { ...config, quota: 2000 }, made);
    expect(plan.changes).toEqual(['quota']);
    const from = stand.server.log.length;
    done(await core.apply(plan));
    const writes = stand.server.log.slice(from).filter(({ method }) => method === 'POST');
    expect(writes.map(({ path }) => path)).toEqual([
      '/repository/api/repo/quota/payments/hidden?quota=2000',
      '/repository/api/repo/update/payments/hidden',
    ]);
    expect(writes[1]?.json).toMatchObject({ display: false, public: false, description: 'one', displayName: '' });
    expect(await stand.info('payments', 'hidden')).toMatchObject({ display: false, quota: 2000 });
  });

  it('#7 sends display with every update, and no quota that stays', async () => {
    const made = await stand.made('bkrepo_local_repository', local('quiet', { display: false, quota: 1000 }));
    const from = stand.server.log.length;
    await stand.made('bkrepo_local_repository', local('quiet', { display: false, quota: 1000, description: 'two' }), made);
    const writes = stand.server.log.slice(from).filter(({ method }) => method === 'POST');
    expect(writes.map(({ path, json }) => [path, (json as ValueRecord)['display']])).toEqual([
      ['/repository/api/repo/update/payments/quiet', false],
    ]);
    expect(await stand.info('payments', 'quiet')).toMatchObject({ display: false, quota: 1000, description: 'two' });
  });
});

describe('#8 what cannot be unset', () => {
  it('#8 a quota that is left out stays, with nothing to do', async () => {
    const made = await stand.made('bkrepo_local_repository', local('bounded', { quota: 5000 }));
    const plan = await (await stand.core()).plan('bkrepo_local_repository', local('bounded'), made);
    expect([plan.action, (plan.planned as ValueRecord)['quota'], plan.diagnostics]).toEqual(['none', 5000, []]);
  });

  it('#8 asst_users cannot be emptied, which the plan says', async () => {
    const config = { user_id: 'robot', name: 'Robot', password: 'a-long-password', asst_users: ['admin'] };
    const made = await stand.made('bkrepo_user', config);
    const plan = await (await stand.core()).plan('bkrepo_user', { ...config, asst_users: [] }, made);
    expect(plan.diagnostics).toEqual([
      {
        severity: 'error',
        summary: 'Invalid Attribute Value',
        detail: '"asst_users": the server cannot empty the list once it has members. Keep at least one, or replace the user.',
        path: 'asst_users',
      },
    ]);
  });

  it('#8 the metadata of a project can be emptied, because the switches of the server stay in the list', async () => {
    const config = { name: 'described', display_name: 'Described', metadata: { deptName: 'payments' }, share_enabled: false };
    const made = await stand.made('bkrepo_project', config);
    await stand.made('bkrepo_project', { ...config, metadata: {} }, made);
    expect(await stand.bk.done('GET', '/repository/api/project/list?names=described')).toEqual([
      expect.objectContaining({
        metadata: [
          { key: 'enabled', value: true },
          { key: 'enableShareArtifact', value: false },
        ],
      }),
    ]);
  });
});

describe('#9 a deleted repository', () => {
  it('#9 keeps its name from one with another storage, which the message explains', async () => {
    await stand.bk.repository('payments', 'cold', { storageCredentialsKey: 'hdd' });
    await stand.bk.done('DELETE', '/repository/api/repo/delete/payments/cold');
    const { instance, diagnostics } = await (
      await stand.core()
    ).ensure('bkrepo_local_repository', local('cold', { storage_credentials_key: 'ssd' }));
    expect(instance).toBeUndefined();
    expect(diagnostics.map(({ summary }) => summary)).toEqual(['Conflict']);
    expect(diagnostics[0]?.detail).toContain(
      'a deleted repository reserves its name until the daily cleanup if its storage credentials differ from those of the new one, and always for the type DRIVE',
    );
    done(await (await stand.core()).ensure('bkrepo_local_repository', local('cold', { storage_credentials_key: 'hdd' })));
  });

  it('#9 cannot be avoided by another storage_credentials_key, which the plan says', async () => {
    const made = await stand.made('bkrepo_local_repository', local('warm', { storage_credentials_key: 'hdd' }));
    const core = await stand.core();
    const plan = await core.plan('bkrepo_local_repository', local('warm', { storage_credentials_key: 'ssd' }), made);
    expect(plan.diagnostics).toEqual([
      {
        severity: 'error',
        summary: 'Invalid Attribute Value',
        detail:
          '"storage_credentials_key": the server cannot change it from "hdd" to "ssd", and rejects a new repository of the same name with other storage credentials for days. Give the repository another name too.',
        path: 'storage_credentials_key',
      },
    ]);
    const plain = await stand.made('bkrepo_local_repository', local('plain'));
    const set = await core.plan('bkrepo_local_repository', local('plain', { storage_credentials_key: 'ssd' }), plain);
    expect(set.diagnostics[0]?.detail).toContain('the server cannot change it from the default to "ssd", and rejects');
    const moved = await core.plan('bkrepo_local_repository', local('warmer', { storage_credentials_key: 'ssd' }), made);
    expect([moved.action, moved.diagnostics]).toEqual(['replace', []]);
  });
});
