import { TestBkRepo } from '../../support/bkrepo';

let bk: TestBkRepo;
beforeEach(async () => {
  bk = await TestBkRepo.start();
  await bk.project('pp');
});
afterEach(() => bk.stop());

const ROOT = '/repository/api/repo';
const ID = /^[0-9a-f]{24}$/;
type Fields = Record<string, unknown>;

const create = (body: Fields, as?: string) =>
  bk.call('POST', `${ROOT}/create`, { body: { projectId: 'pp', type: 'GENERIC', ...body }, ...(as !== undefined && { as }) });
const info = async (name: string): Promise<Fields> => (await bk.done('GET', `${ROOT}/info/pp/${name}`)) as Fields;
const update = (name: string, body: Fields) => bk.call('POST', `${ROOT}/update/pp/${name}`, { body });
const names = (data: unknown): string[] => (data as { name: string }[]).map(({ name }) => name);

const LOCAL = { type: 'local', settings: {}, webHook: { webHookList: [] } };
const NETWORK = { proxy: null, connectTimeout: 10000, readTimeout: 10000 };
const CACHE = { enabled: true, expiration: -1 };
const NO_CREDENTIALS = { username: null, password: null, credentialKey: null };
const COMPOSITE = { ...LOCAL, type: 'composite', proxy: { channelList: [], network: NETWORK, cache: CACHE } };

const shared = {
  projectId: 'pp',
  name: 'files',
  type: 'GENERIC',
  category: 'LOCAL',
  public: false,
  description: null,
  configuration: LOCAL,
  createdBy: 'admin',
  createdDate: expect.any(String) as string,
  lastModifiedBy: 'admin',
  lastModifiedDate: expect.any(String) as string,
  quota: null,
  used: 0,
  displayName: null,
  visibility: 'PROJECT',
  owner: null,
};

describe('a repository that is made', () => {
  test('answers a detail, and reads as an info', async () => {
    const made = await create({ name: 'files', category: 'LOCAL' });
    expect([made.status, made.data]).toEqual([200, { ...shared, storageCredentials: null, oldCredentialsKey: null }]);
    expect(await info('files')).toEqual({ ...shared, id: expect.stringMatching(ID) as string, storageCredentialsKey: null, display: true });
  });

  test.each([
    ['LOCAL', LOCAL],
    ['REMOTE', { type: 'remote', settings: {}, url: '', credentials: NO_CREDENTIALS, network: NETWORK, cache: CACHE }],
    ['VIRTUAL', { type: 'virtual', settings: {}, repositoryList: [] }],
    [undefined, COMPOSITE],
    ['PROXY', { type: 'proxy', settings: {}, proxy: { public: false, name: '', url: '', ...NO_CREDENTIALS }, url: null }],
  ])('as %s without a configuration has the default one', async (category, configuration) => {
    await create({ name: 'files', ...(category && { category }) });
    expect(await info('files')).toMatchObject({ category: category ?? 'COMPOSITE', configuration });
  });

  test.each([
    ['a duplicate across types', { name: 'taken', type: 'MAVEN' }, 400, 251007],
    ['a short name', { name: 'a' }, 400, 250105],
    ['a long name', { name: 'a'.repeat(65) }, 400, 250105],
    ['a name that begins with a digit (11.16)', { name: '1a' }, 400, 250105],
    ['a long description', { name: 'aa', description: 'a'.repeat(201) }, 400, 250105],
    ['an unknown type (11.14)', { name: 'aa', type: 'FLOPPY' }, 400, 250106],
    ['a type in lower case (11.15)', { name: 'aa', type: 'generic' }, 400, 250106],
    ['an unknown category (11.14)', { name: 'aa', category: 'MIXED' }, 400, 250106],
    ['no name', {}, 400, 250106],
    ['a personal one without owner', { name: 'aa', visibility: 'PERSONAL' }, 400, 250105],
    ['a storage key that nobody made', { name: 'aa', storageCredentialsKey: 'none' }, 400, 250108],
    ['a drive in the default storage', { name: 'aa', type: 'DRIVE' }, 400, 251509],
    ['a missing project', { name: 'aa', projectId: 'none' }, 400, 251004],
    ['a configuration of another class', { name: 'aa', configuration: LOCAL }, 400, 250105],
    ['a configuration without a type on a composite', { name: 'aa', configuration: { settings: {} } }, 400, 250105],
  ])('%s is refused', async (...[, body, status, code]) => {
    await bk.repository('pp', 'taken');
    const answer = await create(body);
    expect([answer.status, answer.code]).toEqual([status, code]);
  });

  test('takes names with dots, of 2 and of 64 characters, whose case matters (11.15, 11.16)', async () => {
    for (const name of ['a.b', 'A.b', 'ab', 'a'.repeat(64), 'constructor', '__proto__']) expect((await create({ name })).status).toBe(200);
  });

  test('is for managers of the project: 403 for others, even for a missing project', async () => {
    const as = await bk.user('alice');
    for (const projectId of ['pp', 'none']) {
      const answer = await create({ name: 'aa', projectId }, as);
      expect([answer.status, answer.code]).toEqual([403, 250113]);
    }
    await bk.project('hers', as);
    expect((await create({ name: 'aa', projectId: 'hers' }, as)).code).toBe(0);
    expect((await create({ name: 'aa' }, 'nobody:x')).status).toBe(401);
  });

  test('keeps what it is not asked to understand', async () => {
    const settings = { mine: { a: [1, null] }, interceptors: [{ type: 'NEWER', rules: 5 }] };
    await create({ name: 'files', configuration: { type: 'composite', settings, unknown: 1 } });
    expect(await info('files')).toMatchObject({ configuration: { ...COMPOSITE, settings } });
    expect((await info('files'))['configuration']).not.toHaveProperty('unknown');
  });

  test('keeps the alias of a local class as local', async () => {
    await create({ name: 'files', type: 'RPM', category: 'LOCAL', configuration: { type: 'rpm-local', settings: { repodataDepth: 1 } } });
    expect(await info('files')).toMatchObject({ configuration: { type: 'local', settings: { repodataDepth: 1, groupXmlSet: [] } } });
  });
});

describe('an update', () => {
  test('keeps what is null, sets what is not, and clears texts with an empty one', async () => {
    await bk.repository('pp', 'files', { description: 'text', displayName: 'title', public: true });
    const answer = await update('files', { display: true, description: null });
    expect([answer.status, answer.data]).toEqual([200, null]);
    expect(await info('files')).toMatchObject({ description: 'text', displayName: 'title', public: true });
    await update('files', { display: true, description: '', displayName: '', public: false });
    expect(await info('files')).toMatchObject({ description: '', displayName: '', public: false });
  });

  test('shows a hidden repository again unless it says otherwise (11.7)', async () => {
    await bk.repository('pp', 'files', { display: false });
    expect(await info('files')).toMatchObject({ display: false });
    await update('files', { display: false, description: 'x' });
    expect(await info('files')).toMatchObject({ display: false });
    await update('files', { description: 'x' });
    expect(await info('files')).toMatchObject({ display: true });
  });

  test('replaces the whole configuration', async () => {
    const configuration = { type: 'local', settings: { a: 1, b: 2 } };
    await bk.repository('pp', 'files', { configuration });
    await update('files', { description: 'x' });
    expect(await info('files')).toMatchObject({ configuration: { settings: { a: 1, b: 2 } } });
    await update('files', { configuration: { type: 'local', settings: { a: 3 } } });
    expect((await info('files'))['configuration']).toEqual({ ...LOCAL, settings: { a: 3 } });
  });

  test('takes no configuration of another class, and names what is wrong', async () => {
    await create({ name: 'aa' });
    for (const configuration of [{ settings: {} }, { type: 'remote' }]) {
      const answer = await update('aa', { configuration });
      expect([answer.status, answer.code, answer.text.includes('configuration type')]).toEqual([400, 250105, true]);
    }
  });

  test('ignores a quota and fields that cannot change', async () => {
    await bk.repository('pp', 'files');
    const before = await info('files');
    expect((await update('files', { quota: 5, category: 'REMOTE', type: 'MAVEN', visibility: 'SYSTEM' })).code).toBe(0);
    expect(await info('files')).toEqual({ ...before, lastModifiedDate: expect.any(String) as string });
  });

  test('checks the description and the settings', async () => {
    await bk.repository('pp', 'files');
    expect((await update('files', { description: 'a'.repeat(201) })).code).toBe(250105);
    const settings = { cleanupStrategy: { cleanupType: 'retentionDays', cleanupValue: 'x' } };
    expect((await update('files', { configuration: { type: 'local', settings } })).code).toBe(250105);
  });
});

describe('a quota', () => {
  const quota = (value: string) => bk.call('POST', `${ROOT}/quota/pp/files?quota=${value}`);

  test('is null until it is set, and shows a hidden repository (11.7)', async () => {
    await bk.repository('pp', 'files', { display: false });
    expect(await bk.done('GET', `${ROOT}/quota/pp/files`)).toEqual({ quota: null, used: 0 });
    const set = await quota('1073741824');
    expect([set.status, set.data]).toEqual([200, null]);
    expect(await bk.done('GET', `${ROOT}/quota/pp/files`)).toEqual({ quota: 1073741824, used: 0 });
    expect(await info('files')).toMatchObject({ display: true, quota: 1073741824, used: 0 });
  });

  test('is at least what is used', async () => {
    await bk.repository('pp', 'files', { quota: 10 });
    expect(await info('files')).toMatchObject({ quota: 10 });
    const answer = await quota('-1');
    expect([answer.status, answer.code, answer.text.includes('quota')]).toEqual([400, 250105, true]);
    expect((await quota('0')).code).toBe(0);
  });
});

describe('reads', () => {
  test('with the wrong type find nothing, in any case of letters (11.3, 11.15)', async () => {
    await bk.repository('pp', 'files');
    expect(await bk.done('GET', `${ROOT}/info/pp/files/generic`)).toMatchObject({ name: 'files' });
    expect(await bk.done('GET', `${ROOT}/info/pp/files/MAVEN`)).toBeNull();
  });

  test('of a missing repository are 404 for everybody, and exist tells managers', async () => {
    const as = await bk.user('alice');
    await bk.repository('pp', 'files');
    const missing: [string, string][] = [
      ['GET', `${ROOT}/info/pp/none`],
      ['GET', `${ROOT}/info/pp/FILES`],
      ['GET', `${ROOT}/quota/pp/none`],
      ['POST', `${ROOT}/quota/pp/none?quota=1`],
      ['POST', `${ROOT}/update/pp/none`],
      ['DELETE', `${ROOT}/delete/pp/none`],
    ];
    for (const [method, path] of missing) {
      for (const who of ['admin:password', as, null]) {
        const answer = await bk.call(method, path, { as: who });
        expect([method, path, answer.status, answer.code]).toEqual([method, path, 404, 251006]);
      }
    }
    expect(await bk.done('GET', `${ROOT}/exist/pp/files`)).toBe(true);
    expect(await bk.done('GET', `${ROOT}/exist/pp/FILES`)).toBe(false);
    expect((await bk.call('GET', `${ROOT}/exist/pp/files`, { as })).status).toBe(403);
  });

  test('names in paths may be percent-encoded (11.22)', async () => {
    await bk.repository('pp', 'a.b');
    expect(await bk.done('GET', `${ROOT}/info/%70p/a%2Eb`)).toMatchObject({ name: 'a.b' });
  });

  test('the list is newest first and narrows down by prefix, type, category and display', async () => {
    await bk.repository('pp', 'Alpha');
    await create({ name: 'alpine', type: 'MAVEN' });
    await create({ name: 'beta', display: false });
    await create({ name: 'system', visibility: 'SYSTEM' });
    await create({ name: 'hers', visibility: 'PERSONAL', owner: 'alice' });
    const list = async (query: string, as?: string) =>
      names(await bk.done('GET', `${ROOT}/list/pp${query}`, as === undefined ? {} : { as }));
    expect(await list('')).toEqual(['beta', 'alpine', 'Alpha']);
    expect(await list('?name=AL')).toEqual(['alpine', 'Alpha']);
    expect(await list('?type=maven')).toEqual(['alpine']);
    expect(await list('?category=local')).toEqual(['Alpha']);
    for (const display of [true, false]) expect(await list(`?display=${display}`)).toEqual(['beta', 'alpine', 'Alpha']);
    expect(await list('?type=maven,generic')).toEqual([]);
    expect(await list('?type=maven&include=Alpha')).toEqual(['alpine', 'Alpha']);
    expect(await bk.done('GET', `${ROOT}/info/pp/system`)).toMatchObject({ visibility: 'SYSTEM' });

    const as = await bk.user('alice');
    expect(await list('', as)).toEqual([]);
    await bk.done('POST', '/auth/api/user/create/project', { body: { userId: 'bob1', name: 'b', pwd: 'bobs', projectId: 'pp' } });
    expect(await list('', 'bob1:bobs')).toEqual(['beta', 'alpine', 'Alpha']);
    await bk.done('PUT', '/auth/api/permission/user', { body: { permissionId: 'project_view', projectId: 'pp', userId: ['alice'] } });
    expect(await list('', as)).toEqual(['hers', 'alpine', 'Alpha']);
    expect(await list('?display=false', as)).toEqual(['beta']);
    expect((await bk.call('GET', `${ROOT}/info/pp/hers`, { as: 'bob1:bobs' })).status).toBe(403);
  });

  test('pages are cut from the list, from 1, and count (11.18)', async () => {
    for (const name of ['aa', 'bb', 'cc']) await bk.repository('pp', name);
    const page = (await bk.done('GET', `${ROOT}/page/pp/0/2`)) as { records: unknown };
    expect({ ...page, records: names(page.records) }).toEqual({
      pageNumber: 1,
      pageSize: 2,
      totalRecords: 3,
      totalPages: 2,
      records: ['cc', 'bb'],
      count: 3,
      page: 1,
    });
    expect(names(((await bk.done('GET', `${ROOT}/page/pp/2/2`)) as { records: unknown }).records)).toEqual(['aa']);
    expect(await bk.done('GET', `${ROOT}/list/none`)).toEqual([]);
  });
});

describe('a deletion', () => {
  const remove = (name: string) => bk.call('DELETE', `${ROOT}/delete/pp/${name}`);

  test('frees the name for the same storage at once (11.9)', async () => {
    await bk.repository('pp', 'files', { description: 'old' });
    const { id } = await info('files');
    const gone = await remove('files');
    expect([gone.status, gone.data]).toEqual([200, null]);
    expect([(await remove('files')).status, await bk.done('GET', `${ROOT}/exist/pp/files`)]).toEqual([404, false]);
    expect(await bk.done('GET', `${ROOT}/list/pp`)).toEqual([]);
    await create({ name: 'files', type: 'MAVEN' });
    const again = await info('files');
    expect(again).toMatchObject({ type: 'MAVEN', description: null });
    expect(again['id']).not.toBe(id);
  });

  test('keeps the name from another storage, and a drive keeps it from all (11.9)', async () => {
    const credentials = { type: 'filesystem', path: '/data' };
    await bk.done('POST', '/repository/api/storage/credentials', { body: { key: 'cold', region: 'r', credentials } });
    await bk.repository('pp', 'files');
    await remove('files');
    const blocked = await create({ name: 'files', storageCredentialsKey: 'cold' });
    expect([blocked.status, blocked.code]).toEqual([400, 251007]);
    await create({ name: 'drive', type: 'DRIVE', storageCredentialsKey: 'cold' });
    await remove('drive');
    expect((await create({ name: 'drive', type: 'DRIVE', storageCredentialsKey: 'cold' })).code).toBe(251007);
  });

  test('needs the right to delete', async () => {
    await bk.repository('pp', 'files', { public: true });
    const answer = await bk.call('DELETE', `${ROOT}/delete/pp/files`, { as: await bk.user('alice') });
    expect([answer.status, answer.code]).toEqual([403, 250113]);
    expect((await bk.call('DELETE', `${ROOT}/delete/pp/files`, { as: null })).status).toBe(401);
  });
});

test('the storage key comes from the request, the name, the type, the project or the server, in this order (2.7)', async () => {
  const server = await TestBkRepo.start({ storage: { byName: { named: 'k-name' }, byType: { NPM: 'k-type' }, default: 'k-server' } });
  try {
    await server.project('pp');
    for (const key of ['k-request', 'k-name', 'k-type', 'k-project', 'k-server']) {
      const body = { key, region: 'r', credentials: { type: 'filesystem' } };
      await server.done('POST', '/repository/api/storage/credentials', { body });
    }
    const keyOf = async (name: string, fields: Fields): Promise<unknown> => {
      await server.repository('pp', name, fields);
      return ((await server.done('GET', `${ROOT}/info/pp/${name}`)) as Fields)['storageCredentialsKey'];
    };
    expect(await keyOf('aa', {})).toBe('k-server');
    await server.done('PUT', '/repository/api/project/pp', { body: { credentialsKey: 'k-project' } });
    expect(await keyOf('bb', {})).toBe('k-project');
    expect(await keyOf('cc', { type: 'NPM' })).toBe('k-type');
    expect(await keyOf('named', { type: 'NPM' })).toBe('k-name');
    expect(await keyOf('dd', { type: 'NPM', storageCredentialsKey: 'k-request' })).toBe('k-request');
  } finally {
    await server.stop();
  }
});

test('a creator without patience is refused until the right is granted (11.11)', async () => {
  const slow = await TestBkRepo.start({ creatorGrantDelay: 3_600_000 });
  try {
    const as = await slow.user('alice');
    await slow.project('hers', as);
    expect((await slow.call('POST', `${ROOT}/create`, { body: { projectId: 'hers', name: 'aa', type: 'GENERIC' }, as })).status).toBe(403);
    const quick = await TestBkRepo.start({ creatorGrantDelay: 1 });
    try {
      const she = await quick.user('alice');
      await quick.project('hers', she);
      const attempt = () => quick.call('POST', `${ROOT}/create`, { body: { projectId: 'hers', name: 'aa', type: 'GENERIC' }, as: she });
      let answer = await attempt();
      while (answer.status === 403) answer = await attempt();
      expect([answer.status, answer.code]).toEqual([200, 0]);
    } finally {
      await quick.stop();
    }
  } finally {
    await slow.stop();
  }
});
