import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { basic, platform, TestBkRepo } from '../../support/bkrepo';

let bk: TestBkRepo;
beforeEach(async () => {
  bk = await TestBkRepo.start();
});
afterEach(() => bk.stop());

const ROOT = '/auth/api/user';
type Fields = Record<string, unknown>;
const create = (body: Fields) => bk.call('POST', `${ROOT}/create`, { body });
const info = (userId: string) => bk.done('GET', `${ROOT}/userinfo/${userId}`);
const update = (userId: string, body: Fields) => bk.call('PUT', `${ROOT}/update/info/${userId}`, { body });
const canLogIn = async (as: string): Promise<boolean> => (await bk.call('GET', '/repository/api/project/exist/pp', { as })).status === 200;

const ALICE = {
  userId: 'alice',
  name: 'Alice',
  email: 'a@example.com',
  phone: null,
  createdDate: expect.any(String) as string,
  locked: false,
  admin: false,
  group: false,
  asstUsers: [],
  tenantId: null,
};

describe('a user', () => {
  test('is made without being an admin, whatever the body says', async () => {
    const made = await create({ userId: 'alice', name: 'Alice', pwd: 'secret1', email: 'a@example.com', admin: true });
    expect([made.status, made.data]).toEqual([200, true]);
    expect(await info('alice')).toEqual(ALICE);
    expect(await bk.done('GET', `${ROOT}/detail/alice`)).toEqual({
      userId: 'alice',
      name: 'Alice',
      pwd: '',
      admin: false,
      locked: false,
      tokens: [],
      roles: [],
      asstUsers: [],
      group: false,
      email: null,
      createdDate: null,
      lastModifiedDate: null,
    });
    expect([await canLogIn('alice:secret1'), await canLogIn('alice:password')]).toEqual([true, false]);
  });

  test('that exists is a success that changes nothing (11.4)', async () => {
    await create({ userId: 'alice', name: 'Alice', pwd: 'secret1', email: 'a@example.com' });
    expect(await bk.done('GET', `${ROOT}/repeat/alice`)).toBe(true);
    expect((await create({ userId: 'alice', name: 'Other', pwd: 'other' })).data).toBe(true);
    expect(await info('alice')).toEqual(ALICE);
    expect([await canLogIn('alice:secret1'), await canLogIn('alice:other')]).toEqual([true, false]);
  });

  test('without a password has one that nobody knows, and with an empty one has that', async () => {
    await create({ userId: 'alice', name: 'Alice' });
    await create({ userId: 'bob1', name: 'Bob', pwd: '' });
    expect([await canLogIn('alice:password'), await canLogIn('alice:'), await canLogIn('bob1:')]).toEqual([false, false, true]);
    await bk.done('POST', `${ROOT}/reset/alice`);
    expect([await canLogIn('alice:password'), await canLogIn('Alice:password')]).toEqual([true, false]);
  });

  test('that is missing is null, and null again (11.3)', async () => {
    expect(await info('none')).toBeNull();
    expect(await bk.done('GET', `${ROOT}/detail/none`)).toBeNull();
    expect(await bk.done('GET', `${ROOT}/repeat/none`)).toBe(false);
  });

  test.each([
    ['a short id', { userId: 'a', name: 'a' }, 250105],
    ['an id that begins with a dash', { userId: '-aa', name: 'a' }, 250105],
    ['the id of nobody', { userId: 'anonymous', name: 'a' }, 250105],
    ['a group without assistants', { userId: 'team', name: 't', group: true }, 250218],
    ['no name', { userId: 'alice' }, 250106],
  ])('with %s is refused', async (_what, body, code) => {
    const answer = await create(body);
    expect([answer.status, answer.code]).toEqual([400, code]);
  });

  test('that is a group brings its assistants along (11.24)', async () => {
    await create({ userId: 'team', name: 'Team', group: true, asstUsers: ['alice', 'bob1'] });
    expect(await info('team')).toMatchObject({ group: true, asstUsers: ['alice', 'bob1'] });
    expect(await info('bob1')).toMatchObject({ name: 'bob1' });
    expect((await update('team', { asstUsers: [] })).data).toBe(true);
    expect(await info('team')).toMatchObject({ asstUsers: ['alice', 'bob1'] });
    await update('team', { asstUsers: ['carol'] });
    expect(await info('team')).toMatchObject({ asstUsers: ['carol'], group: true });
  });
});

describe('an update of a user', () => {
  test('keeps what is null', async () => {
    await create({ userId: 'alice', name: 'Alice', pwd: 'secret1', email: 'a@example.com' });
    expect((await update('alice', { name: null, phone: '1', pwd: 'fresh' })).data).toBe(true);
    expect(await info('alice')).toEqual({ ...ALICE, phone: '1' });
    expect([await canLogIn('alice:fresh'), await canLogIn('alice:secret1')]).toEqual([true, false]);
  });

  test('is for the user and for admins, and a missing one is 250202', async () => {
    const alice = await bk.user('alice');
    await bk.user('bob1');
    const own = await bk.call('PUT', `${ROOT}/update/info/alice`, { body: { email: 'x' }, as: alice });
    expect([own.status, own.data]).toEqual([200, true]);
    const other = await bk.call('PUT', `${ROOT}/update/info/bob1`, { body: {}, as: alice });
    expect([other.status, other.code]).toEqual([400, 250236]);
    const missing = await update('none', {});
    expect([missing.status, missing.code]).toEqual([400, 250202]);
  });

  test('makes an admin only through a platform', async () => {
    const alice = await bk.user('alice');
    expect([(await update('alice', { admin: true })).code, (await update('alice', { admin: false })).code]).toEqual([250242, 0]);
    const self = await bk.call('PUT', `${ROOT}/update/info/alice`, { body: { admin: true }, as: alice });
    expect([self.status, self.code]).toEqual([400, 250236]);
    const headers = platform('admin');
    expect(await bk.done('PUT', `${ROOT}/update/info/alice`, { body: { admin: true }, as: null, headers })).toBe(true);
    expect(await info('alice')).toMatchObject({ admin: true });
  });

  test('that locks a user shuts it out', async () => {
    await bk.project('pp');
    await bk.repository('pp', 'files', { public: true });
    const as = await bk.user('alice');
    expect((await bk.call('GET', '/repository/api/repo/info/pp/files', { as })).status).toBe(200);
    await update('alice', { locked: true });
    const answer = await bk.call('GET', '/repository/api/repo/info/pp/files', { as });
    expect([answer.status, answer.code]).toEqual([401, 250114]);
    const unlock = await bk.call('PUT', `${ROOT}/update/info/alice`, { body: { locked: false }, as });
    expect([unlock.status, await info('alice')]).toEqual([401, expect.objectContaining({ locked: true })]);
  });
});

describe('passwords', () => {
  test('are changed by what is encrypted with the public key', async () => {
    const as = await bk.user('alice');
    const der = Buffer.from((await bk.done('GET', `${ROOT}/rsa`)) as string, 'base64');
    const key = { key: createPublicKey({ key: der, format: 'der', type: 'spki' }), padding: constants.RSA_PKCS1_PADDING };
    const seal = (text: string): string => encodeURIComponent(publicEncrypt(key, Buffer.from(text)).toString('base64'));
    const put = (old: string, fresh: string) =>
      bk.call('PUT', `${ROOT}/update/password/alice?oldPwd=${seal(old)}&newPwd=${seal(fresh)}`, { as });
    expect(await put('wrong', 'fresh')).toMatchObject({ status: 400, code: 250121 });
    expect((await put('alice-secret', 'fresh')).data).toBe(true);
    expect([await canLogIn('alice:fresh'), await canLogIn(as)]).toEqual([true, false]);
    const plain = await bk.call('PUT', `${ROOT}/update/password/alice?oldPwd=a&newPwd=b`);
    expect([plain.status, plain.code]).toEqual([500, 250102]);
  });

  test('are reset by users themselves and by admins', async () => {
    const as = await bk.user('alice');
    expect((await bk.call('POST', `${ROOT}/reset/admin`, { as })).code).toBe(250236);
    expect(await bk.done('POST', `${ROOT}/reset/alice`, { as })).toBe(true);
    expect([await canLogIn('alice:password'), await canLogIn(as)]).toEqual([true, false]);
    expect(await bk.done('POST', `${ROOT}/reset/alice`)).toBe(true);
    expect(await bk.done('POST', `${ROOT}/reset/none`)).toBe(false);
  });
});

describe('lists and deletion', () => {
  test('users are listed for everybody, without those that are locked, and paged for admins', async () => {
    const as = await bk.user('alice');
    await bk.user('bob1');
    expect(await bk.done('GET', `${ROOT}/list`)).toEqual([
      { userId: 'admin', name: 'admin' },
      { userId: 'alice', name: 'alice' },
      { userId: 'bob1', name: 'bob1' },
    ]);
    expect(await bk.done('GET', `${ROOT}/page/1/10?user=AL&admin=false&locked=false`)).toMatchObject({
      totalRecords: 1,
      records: [{ userId: 'alice', group: false }],
    });
    expect(await bk.done('GET', `${ROOT}/page/1/10?admin=true`)).toMatchObject({ records: [{ userId: 'admin' }] });
    expect((await bk.call('GET', `${ROOT}/page/1/0`)).status).toBe(500);
    expect((await bk.call('GET', `${ROOT}/page/1/10`, { as })).code).toBe(250236);
    await update('bob1', { locked: true });
    expect(await bk.done('GET', `${ROOT}/list?projectId=none`, { as })).toMatchObject([{ userId: 'admin' }, { userId: 'alice' }]);
    const detail = await bk.call('GET', `${ROOT}/detail/bob1`, { as });
    expect([detail.status, detail.code]).toEqual([400, 250236]);
  });

  test('a deleted user is gone with its tokens, and a missing one is 250202', async () => {
    const as = await bk.user('alice');
    await bk.done('POST', `${ROOT}/token/alice/ci`, { as });
    expect((await bk.call('DELETE', `${ROOT}/delete/admin`, { as })).code).toBe(250236);
    expect(await bk.done('DELETE', `${ROOT}/delete/alice`, { as })).toBe(true);
    expect([await info('alice'), await canLogIn(as)]).toEqual([null, false]);
    const again = await bk.call('DELETE', `${ROOT}/delete/alice`);
    expect([again.status, again.code]).toEqual([400, 250202]);
    await bk.user('alice');
    expect(await bk.done('GET', `${ROOT}/list/token/alice`)).toEqual([]);
  });
});

describe('users of projects and repositories', () => {
  const body = { userId: 'alice', name: 'Alice', pwd: 'secret1', projectId: 'pp' };

  test('are made by managers and manage what they were made for', async () => {
    await bk.project('pp');
    for (const name of ['one', 'two']) await bk.repository('pp', name);
    expect(await bk.done('POST', `${ROOT}/create/repo`, { body: { ...body, repoName: 'one' } })).toBe(true);
    const status = async (name: string) => (await bk.call('GET', `/repository/api/repo/info/pp/${name}`, { as: 'alice:secret1' })).status;
    expect([await status('one'), await status('two')]).toEqual([200, 403]);
    expect(await bk.done('POST', `${ROOT}/create/project`, { body: { ...body, pwd: 'other' } })).toBe(true);
    expect([await status('one'), await status('two')]).toEqual([200, 200]);
    expect(await bk.done('POST', `${ROOT}/create/project`, { body: { ...body, userId: 'bob1' }, as: 'alice:secret1' })).toBe(true);
    await bk.done('POST', `${ROOT}/create/repo`, { body: { ...body, repoName: 'one', pwd: 'fresh' } });
    expect([await canLogIn('alice:fresh'), await canLogIn('alice:secret1')]).toEqual([true, false]);
  });

  test('that are there keep their passwords, unless an administrator or they themselves say otherwise', async () => {
    await bk.project('pp');
    const as = await bk.user('mallory');
    await bk.project('own', as);
    await bk.repository('own', 'xx');
    const taken = { ...body, userId: 'admin', projectId: 'own', repoName: 'xx', pwd: 'taken' };
    await bk.done('POST', `${ROOT}/create/project`, { body: { ...body, userId: 'mallory', projectId: 'own' } });
    const answer = await bk.call('POST', `${ROOT}/create/repo`, { body: taken, as });
    expect([answer.status, answer.code]).toEqual([400, 250236]);
    expect([await canLogIn('admin:password'), await canLogIn('admin:taken')]).toEqual([true, false]);
  });

  test.each(['project', 'repo'])('are not made by others (%s)', async (kind) => {
    await bk.project('pp');
    const answer = await bk.call('POST', `${ROOT}/create/${kind}`, { body: { ...body, repoName: 'x' }, as: await bk.user('bob1') });
    expect([answer.status, answer.code]).toEqual([400, 250236]);
  });
});

describe('tokens', () => {
  const post = (path: string, as = 'admin:password') => bk.call('POST', `${ROOT}/token/${path}`, { as });
  type Token = { id: string };

  test('are shown once, stand in for the password, and stop when they are deleted', async () => {
    await bk.user('alice');
    const made = await post('alice/ci');
    const { id } = made.data as Token;
    expect(made.data).toEqual({
      name: 'ci',
      id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      createdAt: expect.any(String) as string,
      expiredAt: null,
      authorization: { basic: basic(`alice:${id}`) },
    });
    expect(await canLogIn(`alice:${id}`)).toBe(true);
    const list = await bk.call('GET', `${ROOT}/list/token/alice`);
    expect(list.data).toEqual([{ name: 'ci', createdAt: expect.any(String) as string, expiredAt: null }]);
    expect(list.text).not.toContain(id);
    expect(await bk.done('DELETE', `${ROOT}/token/alice/ci`)).toBe(true);
    expect(await bk.done('DELETE', `${ROOT}/token/alice/ci`)).toBe(true);
    expect(await canLogIn(`alice:${id}`)).toBe(false);
  });

  test('without an end cannot be made twice', async () => {
    await post('admin/ci');
    const answer = await post('admin/ci?expiredAt=2100-01-01T00:00:00.000Z');
    expect([answer.status, answer.code]).toEqual([400, 250219]);
  });

  test('with an end are renewed: the old secret stops, the new one comes without a header (4.2)', async () => {
    const first = (await post('admin/ci?expiredAt=2100-01-01T00:00:00.000Z')).data as Token;
    expect(first).toMatchObject({ expiredAt: '2100-01-01T08:00:00.000', authorization: { basic: basic(`admin:${first.id}`) } });
    const second = (await post('admin/ci?expiredAt=2100-02-01T00:00:00.000Z')).data as Token;
    expect(second).toMatchObject({ expiredAt: '2100-02-01T08:00:00.000', authorization: null });
    expect([await canLogIn(`admin:${first.id}`), await canLogIn(`admin:${second.id}`)]).toEqual([false, true]);
    expect(await bk.done('GET', `${ROOT}/list/token/admin`)).toHaveLength(1);
  });

  test('that have ended do not stand in for a password', async () => {
    const { id } = (await post('admin/old?expiredAt=2020-01-01T00:00:00.000Z')).data as Token;
    expect(await canLogIn(`admin:${id}`)).toBe(false);
  });

  test.each(['2027-01-01', '2027-01-01T00:00:00Z', '2027-13-01T00:00:00.000Z', 'soon'])('end at no time like %s', async (expiredAt) => {
    const answer = await post(`admin/ci?expiredAt=${expiredAt}`);
    expect([answer.status, answer.code]).toEqual([400, 250223]);
  });

  test('are for the user, for admins and for the assistants of a group', async () => {
    const alice = await bk.user('alice');
    const bob = await bk.user('bob1');
    await create({ userId: 'team', name: 'Team', group: true, asstUsers: ['alice'] });
    expect((await post('alice/ci', alice)).status).toBe(200);
    expect((await post('team/ci', alice)).status).toBe(200);
    expect([(await post('alice/x', bob)).code, (await post('team/x', bob)).code]).toEqual([250236, 250236]);
    expect((await bk.call('GET', `${ROOT}/list/token/alice`, { as: bob })).code).toBe(250236);
    expect((await bk.call('DELETE', `${ROOT}/token/alice/ci`, { as: bob })).code).toBe(250236);
    expect((await post('none/ci')).code).toBe(250202);
  });
});
