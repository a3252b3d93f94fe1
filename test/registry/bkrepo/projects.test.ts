import { platform, TestBkRepo } from '../../support/bkrepo';

let bk: TestBkRepo;
beforeEach(async () => {
  bk = await TestBkRepo.start();
});
afterEach(() => bk.stop());

const ROOT = '/repository/api/project';
const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/;
const fields = (name: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  name,
  displayName: name,
  description: '',
  ...more,
});
const create = (body: Record<string, unknown>, as?: string) => bk.call('POST', `${ROOT}/create`, { body, ...(as !== undefined && { as }) });
const only = async (name: string): Promise<Record<string, unknown> | undefined> =>
  ((await bk.done('GET', `${ROOT}/list?names=${name}`)) as Record<string, unknown>[])[0];

test('a project is made, answers its name, and is read by the list', async () => {
  const metadata = [{ key: 'deptName', value: 'IEG' }];
  const made = await create(fields('payments', { displayName: 'Payments', metadata, tpyo: 1 }));
  expect([made.status, JSON.parse(made.text)]).toEqual([200, { code: 0, message: null, data: 'payments', traceId: '' }]);
  expect(await bk.done('GET', `${ROOT}/list?names=payments`)).toEqual([
    {
      name: 'payments',
      displayName: 'Payments',
      description: '',
      createdBy: 'admin',
      createdDate: expect.stringMatching(LOCAL_TIME) as string,
      lastModifiedBy: 'admin',
      lastModifiedDate: expect.stringMatching(LOCAL_TIME) as string,
      rbacFlag: false,
      metadata,
      credentialsKey: null,
      tenantId: null,
    },
  ]);
});

test.each([
  ['a duplicate', fields('taken'), 251005],
  ['a name of one character', fields('a'), 250105],
  ['a name of 101 characters', fields('a'.repeat(101)), 250105],
  ['a name that begins with a digit (11.16)', fields('1a'), 250105],
  ['a name with a dot (11.16)', fields('a.b'), 250105],
  ['a short title', fields('pp', { displayName: 'p' }), 250105],
  ['a blank title', fields('pp', { displayName: '   ' }), 250105],
  ['a long title', fields('pp', { displayName: 'p'.repeat(101) }), 250105],
  ['no description', { name: 'pp', displayName: 'pp' }, 250106],
  ['a description that is null', fields('pp', { description: null }), 250106],
])('%s is refused with 400', async (_what, body, code) => {
  await bk.project('taken');
  const answer = await create(body);
  expect([answer.status, answer.code]).toEqual([400, code]);
});

test('names of 2 and of 100 characters are taken, and case matters (11.15)', async () => {
  for (const name of ['ab', 'Ab', 'a'.repeat(100), '_x-y']) expect((await create(fields(name))).data).toBe(name);
});

describe('an update', () => {
  const put = (body: Record<string, unknown>, name = 'pp') => bk.done('PUT', `${ROOT}/${name}`, { body });

  test('is true when something changed and false when nothing did (0.3.5)', async () => {
    await bk.project('pp');
    expect(await put({ displayName: 'Title', description: 'text' })).toBe(true);
    expect(await put({ displayName: 'Title', description: 'text' })).toBe(false);
    expect(await put({})).toBe(false);
    expect(await only('pp')).toMatchObject({ displayName: 'Title', description: 'text' });
  });

  test('leaves who changed it and when as they were', async () => {
    await bk.project('pp');
    const before = await only('pp');
    await put({ description: 'text' });
    expect(await only('pp')).toEqual({ ...before, description: 'text' });
  });

  test('replaces all metadata, switches among them, and cannot clear them (11.8)', async () => {
    await bk.project('pp');
    expect(await bk.done('PUT', `${ROOT}/pp/enabled?enabled=false`)).toBe(true);
    expect(await only('pp')).toMatchObject({ metadata: [{ key: 'enabled', value: false }] });
    expect(await put({ metadata: [] })).toBe(false);
    expect(await put({ metadata: [{ key: 'a', value: 1 }] })).toBe(true);
    expect(await only('pp')).toMatchObject({ metadata: [{ key: 'a', value: 1 }] });
    expect(await bk.done('GET', `${ROOT}/enabled/pp`)).toBe(true);
  });

  test('takes only storage keys that were made, and can go back to the default', async () => {
    await bk.project('pp');
    const missing = await bk.call('PUT', `${ROOT}/pp`, { body: { credentialsKey: 'none' } });
    expect([missing.status, missing.code]).toEqual([400, 250108]);
    const credentials = { type: 'filesystem', path: '/data' };
    await bk.done('POST', '/repository/api/storage/credentials', { body: { key: 'cold', region: 'r', credentials } });
    expect(await put({ credentialsKey: 'cold', useDefaultCredentialsKey: true })).toBe(true);
    expect(await only('pp')).toMatchObject({ credentialsKey: 'cold' });
    expect(await put({ useDefaultCredentialsKey: true })).toBe(true);
    expect(await only('pp')).toMatchObject({ credentialsKey: null });
  });

  test('of a missing project is 251004 for admins and 403 for others', async () => {
    const answer = await bk.call('PUT', `${ROOT}/none`, { body: { description: '' } });
    expect([answer.status, answer.code]).toEqual([400, 251004]);
    const as = await bk.user('alice');
    const other = await bk.call('PUT', `${ROOT}/none`, { body: { description: '' }, as });
    expect([other.status, other.code]).toEqual([403, 250113]);
  });
});

describe('switches', () => {
  test('are on, are told, and a switched-off project is closed to all but admins', async () => {
    const as = await bk.user('alice');
    await bk.project('mine', as);
    await bk.repository('mine', 'files', { public: true });
    expect(await bk.done('GET', `${ROOT}/enabled/mine`, { as: null })).toBe(true);
    expect(await bk.done('PUT', `${ROOT}/mine/enabled?enabled=false`, { as })).toBe(true);
    expect(await bk.done('GET', `${ROOT}/enabled/mine`)).toBe(false);
    const closed = await bk.call('GET', '/repository/api/repo/info/mine/files', { as });
    expect([closed.status, closed.code]).toEqual([403, 250113]);
    expect((await bk.call('PUT', `${ROOT}/mine/enabled?enabled=true`, { as })).status).toBe(403);
    expect((await bk.call('GET', '/repository/api/repo/info/mine/files')).status).toBe(200);
    expect(await bk.done('PUT', `${ROOT}/mine/enabled?enabled=true`)).toBe(true);
    expect((await bk.call('GET', '/repository/api/repo/info/mine/files', { as })).status).toBe(200);
  });

  test('of sharing works the same', async () => {
    await bk.project('pp');
    expect(await bk.done('GET', `${ROOT}/pp/share/enabled`)).toBe(true);
    expect(await bk.done('PUT', `${ROOT}/pp/share/enabled?enabled=false`)).toBe(true);
    expect(await bk.done('PUT', `${ROOT}/pp/share/enabled?enabled=false`)).toBe(false);
    expect(await bk.done('GET', `${ROOT}/pp/share/enabled`)).toBe(false);
    expect(await only('pp')).toMatchObject({ metadata: [{ key: 'enableShareArtifact', value: false }] });
  });

  test.each(['enabled/none', 'none/share/enabled'])('of a missing project are 251004 (%s)', async (path) => {
    const answer = await bk.call('GET', `${ROOT}/${path}`);
    expect([answer.status, answer.code]).toEqual([400, 251004]);
  });
});

describe('reads', () => {
  const names = (data: unknown): string[] => (data as { name: string }[]).map(({ name }) => name);

  test('the list narrows down, sorts and pages, and stays a plain array (11.18)', async () => {
    for (const name of ['aa', 'cc', 'bb']) await create(fields(name, { displayName: `title ${name}` }));
    const list = async (query: string) => names(await bk.done('GET', `${ROOT}/list${query}`));
    expect(await list('')).toEqual(['aa', 'cc', 'bb']);
    expect(await list('?names=aa,bb')).toEqual(['aa', 'bb']);
    expect(await list('?names=aa&names=cc')).toEqual(['aa', 'cc']);
    expect(await list('?names=AA')).toEqual([]);
    expect(await list(`?displayNames=${encodeURIComponent('title cc')}`)).toEqual(['cc']);
    expect(await list('?sortProperty=name&direction=ASC&pageNumber=2&pageSize=2')).toEqual(['cc']);
    expect(await list('?sortProperty=name')).toEqual(['cc', 'bb', 'aa']);
  });

  test('the list shows a caller only what is theirs, and nobody is not found', async () => {
    const as = await bk.user('alice');
    await bk.project('theirs');
    await bk.project('mine', as);
    expect(names(await bk.done('GET', `${ROOT}/list`, { as }))).toEqual(['mine']);
    expect(await bk.done('GET', `${ROOT}/list?names=theirs`, { as })).toEqual([]);
    expect(await bk.done('GET', `${ROOT}/exist/theirs`, { as })).toBe(true);
    const nobody = await bk.call('GET', `${ROOT}/list`, { as: null });
    expect([nobody.status, nobody.code]).toEqual([400, 250202]);
  });

  test('projects of code hosting have no manager and admins do not see them', async () => {
    const as = await bk.user('alice');
    for (const name of ['CODE_x', 'CLOSED_SOURCE_x']) expect((await create(fields(name), as)).data).toBe(name);
    expect(await bk.done('GET', `${ROOT}/list`)).toEqual([]);
    expect(await bk.done('GET', `${ROOT}/exist/CODE_x`)).toBe(true);
    expect((await bk.call('PUT', `${ROOT}/CODE_x`, { body: { description: 'mine' }, as })).status).toBe(403);
  });

  test('a creator who wants no permission gets none', async () => {
    const as = await bk.user('alice');
    await create(fields('left', { createPermission: false }), as);
    expect(await bk.done('GET', `${ROOT}/list`, { as })).toEqual([]);
  });

  test('the search is for admins, goes by prefix, and counts nothing', async () => {
    for (const name of ['Aa', 'ab', 'b1']) await bk.project(name);
    const found = (await bk.done('GET', `${ROOT}/search?namePrefix=A&pageNumber=0&pageSize=1`)) as { records: unknown[] };
    expect({ ...found, records: names(found.records) }).toEqual({
      pageNumber: 1,
      pageSize: 1,
      totalRecords: -1,
      totalPages: 0,
      records: ['Aa'],
      count: -1,
      page: 1,
    });
    const as = await bk.user('alice');
    const refused = await bk.call('GET', `${ROOT}/search`, { as });
    expect([refused.status, refused.code]).toEqual([403, 250113]);
  });

  test('existence needs credentials by path and none by query', async () => {
    await create(fields('pp', { displayName: 'Title' }));
    expect(await bk.done('GET', `${ROOT}/exist/pp`)).toBe(true);
    expect(await bk.done('GET', `${ROOT}/exist/PP`)).toBe(false);
    expect((await bk.call('GET', `${ROOT}/exist/pp`, { as: null })).status).toBe(401);
    expect(await bk.done('GET', `${ROOT}/exist?name=none&displayName=Title`, { as: null })).toBe(true);
    expect(await bk.done('GET', `${ROOT}/exist?name=pp`, { as: null })).toBe(true);
    expect(await bk.done('GET', `${ROOT}/exist?name=none`, { as: null })).toBe(false);
  });

  test('metrics are there for managers, and empty', async () => {
    await bk.project('pp');
    expect(await bk.done('GET', `${ROOT}/metrics/pp`)).toBeNull();
    expect((await bk.call('GET', `${ROOT}/metrics/pp`, { as: await bk.user('alice') })).status).toBe(403);
  });
});

test('there is no way to delete a project or to read one by itself (11.10)', async () => {
  await bk.project('pp');
  expect((await bk.call('DELETE', `${ROOT}/pp`)).status).toBe(405);
  expect((await bk.call('GET', `${ROOT}/pp`)).status).toBe(405);
});

test('the old way to create is for platforms', async () => {
  expect((await bk.call('POST', ROOT, { body: fields('pp') })).status).toBe(403);
  expect(await bk.done('POST', ROOT, { body: fields('pp'), as: null, headers: platform('admin') })).toBe('pp');
});

test('with tenants the stored name has one, and lists are of one', async () => {
  const tenants = await TestBkRepo.start({ multiTenant: true });
  try {
    const missing = await tenants.call('POST', `${ROOT}/create`, { body: fields('pp') });
    expect([missing.status, missing.code, missing.text.includes('tenantId')]).toEqual([400, 250105, true]);
    const headers = { 'x-bk-tenant-id': 'blue' };
    expect(await tenants.done('POST', `${ROOT}/create`, { body: fields('pp'), headers })).toBe('blue.pp');
    expect(await tenants.done('GET', `${ROOT}/list`, { headers })).toMatchObject([{ name: 'blue.pp', tenantId: 'blue' }]);
    expect(await tenants.done('GET', `${ROOT}/list`, { headers: { 'x-bk-tenant-id': 'red' } })).toEqual([]);
  } finally {
    await tenants.stop();
  }
});

test('only a seeded server begins with a project', async () => {
  expect(await bk.done('GET', `${ROOT}/list`)).toEqual([]);
  const seeded = await TestBkRepo.start({ seed: true });
  try {
    expect(names(await seeded.done('GET', `${ROOT}/list`))).toEqual(['blueking']);
    const repositories = names(await seeded.done('GET', '/repository/api/repo/list/blueking'));
    expect([...repositories].sort()).toEqual(['docker-local', 'generic-local', 'helm-local', 'maven-local', 'npm-local', 'pypi-local']);
  } finally {
    await seeded.stop();
  }

  function names(data: unknown): string[] {
    return (data as { name: string }[]).map(({ name }) => name);
  }
});
