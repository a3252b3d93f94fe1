import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { TestBkRepo } from '../../support/bkrepo';

let bk: TestBkRepo;
beforeEach(async () => {
  bk = await TestBkRepo.start();
  await bk.project('pp');
});
afterEach(() => bk.stop());

const ROOT = '/repository/api/repo';
const CHANNELS = '/repository/api/proxy-channel';
type Fields = Record<string, unknown>;

const create = (body: Fields) => bk.call('POST', `${ROOT}/create`, { body: { projectId: 'pp', type: 'GENERIC', ...body } });
const info = async (name: string): Promise<Fields> => (await bk.done('GET', `${ROOT}/info/pp/${name}`)) as Fields;
const channel = (name: string, more: Fields = {}): Fields => ({ public: true, name, url: 'https://maven.example.com', ...more });

describe('channels and settings', () => {
  const composite = (proxy: Fields, settings: Fields = {}): Fields => ({ type: 'composite', settings, proxy });

  test.each([
    ['a name twice', [channel('a'), channel('a')], 250105],
    ['a blank name', [channel(' ')], 250104],
    ['a blank URL', [channel('a', { url: '' })], 250104],
    ['a host without a dot', [channel('a', { url: 'http://localhost/x' })], 250105],
    ['another scheme', [channel('a', { url: 'ftp://a.example.com' })], 250105],
    ['a line break', [channel('a', { url: 'https://a.example.com/\r\nx' })], 250105],
    ['an underscore in its host', [channel('a', { url: 'https://a_b.example.com' })], 250105],
    ['an address of IPv6', [channel('a', { url: 'https://[::1]/x' })], 250105],
    ['no URL', [{ name: 'a' }], 250106],
  ])('a channel with %s is refused', async (_what, channelList, code) => {
    const answer = await create({ name: 'aa', configuration: composite({ channelList }) });
    expect([answer.status, answer.code]).toEqual([400, code]);
  });

  test.each([
    ['no word whether it is public', { name: 'a', url: 'https://a.example.com' }],
    ['a port that is none', channel('a', { url: 'https://a.example.com:99999/x' })],
    ['a user', channel('a', { url: 'http://user:pw@a.example.com/' })],
    ['an address', channel('a', { url: 'http://127.0.0.1:9/x' })],
  ])('a channel with %s is taken', async (_what, one) => {
    await create({ name: 'aa', configuration: composite({ channelList: [one] }) });
    expect(await info('aa')).toMatchObject({ configuration: { proxy: { channelList: [{ public: false, ...one }] } } });
  });

  test('a name that is taken is told before a channel that is wrong', async () => {
    await create({ name: 'aa' });
    const again = await create({ name: 'aa', configuration: composite({ channelList: [channel('a', { url: 'x' })] }) });
    expect(again.code).toBe(251007);
  });

  const cleanup = (cleanupValue: unknown): Fields => ({ cleanupStrategy: { enable: true, cleanupType: 'retentionDays', cleanupValue } });
  const rule = (type: string, rules: Fields): Fields => ({ interceptors: [{ type, rules }] });
  test.each([
    ['0 days', cleanup('0'), 250105],
    ['3650 days', cleanup('3650'), 250105],
    ['a number of days that is no text', cleanup(30), 250105],
    ['no number', cleanup('x'), 250105],
    ['30 days', cleanup('30'), 0],
    ['3649 days', cleanup('3649'), 0],
    ['a date', { cleanupStrategy: { enable: true, cleanupType: 'retentionDate', cleanupValue: 'x' } }, 0],
    ['a file name rule without one', rule('FILENAME', {}), 250105],
    ['a file name rule', rule('FILENAME', { filename: '*.jar' }), 0],
    ['a metadata rule without a colon', rule('METADATA', { metadata: 'k' }), 250105],
    ['an address rule', rule('IP_SEGMENT', { ipSegment: ['10.0.0.0/8'] }), 0],
    ['an address rule without a list', rule('IP_SEGMENT', { ipSegment: '10.0.0.0/8' }), 250105],
    ['an interceptor that is not known', rule('__proto__', {}), 0],
    ['interceptors that are no list', { interceptors: {} }, 250105],
  ])('settings with %s', async (_what, settings, code) => {
    expect((await create({ name: 'aa', configuration: composite({}, settings) })).code).toBe(code);
  });

  test('passwords come back in clear, also to nobody when the repository is public (11.12)', async () => {
    const list = [channel('central', { username: 'u', password: 'p-secret' })];
    const made = await create({ name: 'aa', public: true, configuration: composite({ channelList: list }) });
    const expected = { configuration: { proxy: { channelList: [{ ...list[0], credentialKey: null }] } } };
    expect(made.data).toMatchObject(expected);
    expect((await bk.call('GET', `${ROOT}/info/pp/aa`, { as: null })).data).toMatchObject(expected);
    expect((await bk.call('GET', `${ROOT}/list/pp`, { as: null })).code).toBe(250202);
    expect(await bk.done('GET', `${ROOT}/list/pp`)).toMatchObject([expected]);
    await create({
      name: 'bb',
      category: 'REMOTE',
      configuration: { type: 'remote', url: 'HTTPS://x', credentials: { username: 'u', password: 'r-secret' } },
    });
    expect(await info('bb')).toMatchObject({ configuration: { url: 'HTTPS://x', credentials: { password: 'r-secret' } } });
  });

  test('members of a virtual repository are not checked and keep their order', async () => {
    const repositoryList = [
      { projectId: 'none', name: 'b' },
      { projectId: 'pp', name: 'a' },
    ];
    await create({ name: 'aa', category: 'VIRTUAL', configuration: { type: 'virtual', repositoryList } });
    expect(await info('aa')).toMatchObject({ configuration: { type: 'virtual', settings: {}, repositoryList } });
  });

  test('the server adds settings of its own to some types', async () => {
    const proxy = channel('git', { url: 'https://git.example.com/x.git' });
    await create({ name: 'git', type: 'GIT', category: 'PROXY', configuration: { type: 'proxy', proxy } });
    const url = `${bk.url}/git/pp/git.git`;
    expect(await info('git')).toMatchObject({ configuration: { url, settings: { clientUrl: url }, proxy } });
    await create({ name: 'lfs', type: 'LFS', category: 'REMOTE' });
    expect(await info('lfs')).toMatchObject({ configuration: { settings: { clientUrl: `${bk.url}/lfs/pp/lfs/` } } });
    await create({ name: 'helm', type: 'HELM' });
    expect(await info('helm')).toMatchObject({ configuration: { settings: { metaDataRefreshStatus: true } } });
  });
});

describe('proxy channels', () => {
  const configuration = (channelList: Fields[]): Fields => ({ type: 'composite', proxy: { channelList } });
  const one = (name: string) => bk.done('GET', `${CHANNELS}/pp/aa?repoType=GENERIC&name=${name}`);
  const update = (list: Fields[]) => bk.done('POST', `${ROOT}/update/pp/aa`, { body: { configuration: configuration(list) } });

  test('are read one with its password in clear and all with encrypted ones', async () => {
    const list = [channel('a', { username: 'u', password: 'p-secret', credentialKey: 'k' }), channel('b', { url: 'b.example.com/x' })];
    await create({ name: 'aa', configuration: configuration(list) });
    const shared = { projectId: 'pp', repoName: 'aa', id: expect.any(String) as string, repoType: 'GENERIC' };
    const sync = { lastSyncStatus: null, lastSyncDate: null };
    expect(await one('a')).toEqual({ ...shared, ...sync, ...list[0] });
    expect(await one('b')).toMatchObject({ url: 'http://b.example.com/x', password: null });
    expect(await info('aa')).toMatchObject({ configuration: { proxy: { channelList: [{}, { url: 'b.example.com/x' }] } } });
    const all = (await bk.done('GET', `${CHANNELS}/GENERIC/pp/aa`)) as Fields[];
    expect(all.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(all[0]?.['password']).toMatch(/^[0-9A-F]{512}$/);
    expect(all[1]).toMatchObject({ password: '' });
  });

  test.each([
    [false, [401, 250114], [403, 250113]],
    [true, [200, 0], [200, 0]],
  ])('are for those who manage the repository, unless the server is strict: %s', async (strict, anonymous, others) => {
    const own = await TestBkRepo.start({ strict });
    try {
      const [alice, manager] = [await own.user('alice'), await own.user('manager')];
      await own.project('pp', manager);
      const channelList = [channel('a', { username: 'u', password: 'p-secret' })];
      await own.repository('pp', 'aa', { category: 'COMPOSITE', public: true, configuration: configuration(channelList) });
      const calls: [method: string, path: string, body?: Fields][] = [
        ['GET', 'pp/aa?repoType=GENERIC&name=a'],
        ['GET', 'GENERIC/pp/aa'],
        ['POST', 'check', { type: 'MAVEN', url: own.url }],
      ];
      for (const [method, path, body] of calls) {
        const told = async (as: string | null) => {
          const { status, code, text } = await own.call(method, `${CHANNELS}/${path}`, { as, ...(body && { body }) });
          if (status !== 200) expect(text).not.toContain('p-secret');
          return [status, code];
        };
        const seen = [await told(null), await told(alice), await told(manager), await told('admin:password')];
        expect([path, ...seen]).toEqual([path, anonymous, others, [200, 0], [200, 0]]);
      }
    } finally {
      await own.stop();
    }
  });

  test('are null or an empty list when there is none (11.3)', async () => {
    await create({ name: 'aa', configuration: configuration([channel('a')]) });
    expect(await one('none')).toBeNull();
    expect(await bk.done('GET', `${CHANNELS}/pp/aa?repoType=MAVEN&name=a`)).toBeNull();
    expect(await bk.done('GET', `${CHANNELS}/MAVEN/pp/aa`)).toEqual([]);
    expect((await bk.call('GET', `${CHANNELS}/pp/aa`)).code).toBe(250103);
  });

  test('follow the configuration by name, but for the key of the credentials', async () => {
    await create({ name: 'aa', configuration: configuration([channel('a', { credentialKey: 'old' }), channel('b')]) });
    const before = (await one('a')) as Fields;
    await update([
      channel('a', { credentialKey: 'new', url: 'https://other.example.com', password: 'fresh' }),
      channel('c', { credentialKey: 'c' }),
    ]);
    expect(await one('a')).toEqual({ ...before, url: 'https://other.example.com', password: 'fresh' });
    expect(await info('aa')).toMatchObject({ configuration: { proxy: { channelList: [{ credentialKey: 'new' }, {}] } } });
    expect(await one('b')).toBeNull();
    expect(await one('c')).toMatchObject({ credentialKey: 'c' });
    await bk.done('DELETE', `${ROOT}/delete/pp/aa`);
    expect((await bk.call('GET', `${CHANNELS}/pp/aa?repoType=GENERIC&name=a`)).code).toBe(251006);
    await create({ name: 'aa' });
    expect(await one('a')).toBeNull();
  });

  test('trim names in one store and not in the other', async () => {
    await create({ name: 'aa', configuration: configuration([channel(' a ')]) });
    expect(await one('a')).toMatchObject({ name: 'a' });
    expect(await info('aa')).toMatchObject({ configuration: { proxy: { channelList: [{ name: ' a ' }] } } });
  });

  test('are probed for Helm only', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.statusCode = request.url === '/charts/index.yaml' ? 200 : 404;
      response.end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const probe = (type: string, url: string) => bk.done('POST', `${CHANNELS}/check`, { body: { type, url } });
    try {
      expect(await probe('HELM', `${root}/charts/`)).toBe(true);
      expect(await probe('HELM', `${root}/none`)).toBe(false);
      expect(await probe('MAVEN', `${root}/charts`)).toBe(false);
      expect(asked).toEqual(['/charts/index.yaml', '/none/index.yaml']);
    } finally {
      server.closeAllConnections();
      server.close();
    }
    expect(await probe('HELM', root)).toBe(false);
  });
});

describe('storage credentials', () => {
  const STORAGE = '/repository/api/storage/credentials';
  const post = (body: Fields, as?: string) => bk.call('POST', STORAGE, { body, ...(as !== undefined && { as }) });
  const body = { key: 'cold', region: 'south', credentials: { type: 'filesystem', path: '/data', secretKey: 'hidden' } };

  test('are listed with secrets masked and without their region (11.12)', async () => {
    const shown = { key: 'cold', type: 'filesystem', path: '/data', secretKey: '*', notAllowRepoTypes: [] };
    expect((await post(body)).data).toEqual(shown);
    expect(await bk.done('GET', STORAGE)).toEqual([shown]);
    expect(await bk.done('GET', `${STORAGE}?region=south`)).toEqual([shown]);
    expect(await bk.done('GET', `${STORAGE}?region=north`)).toEqual([]);
    expect(await bk.done('GET', `${STORAGE}/default`)).toMatchObject({ key: null, type: 'filesystem', notAllowRepoTypes: ['DRIVE'] });
  });

  test.each([
    ['a duplicate', body, 250107],
    ['a blank key', { ...body, key: ' ' }, 250105],
    ['another type than the server has', { ...body, key: 'k', credentials: { type: 'hdfs' } }, 250105],
    ['a type that is not known', { ...body, key: 'k', credentials: { type: 's3' } }, 250106],
    ['no region', { key: 'k', credentials: { type: 'filesystem' } }, 250106],
  ])('%s is refused', async (_what, wrong, code) => {
    await post(body);
    const answer = await post(wrong);
    expect([answer.status, answer.code]).toEqual([400, code]);
  });

  test('are for admins, and refuse types of repositories', async () => {
    const answer = await post(body, await bk.user('alice'));
    expect([answer.status, answer.code]).toEqual([403, 250113]);
    await post({ ...body, credentials: { type: 'filesystem', notAllowRepoTypes: ['NPM'] } });
    expect((await create({ name: 'aa', type: 'NPM', storageCredentialsKey: 'cold' })).code).toBe(251509);
    expect((await create({ name: 'aa', type: 'MAVEN', storageCredentialsKey: 'cold' })).code).toBe(0);
  });
});
