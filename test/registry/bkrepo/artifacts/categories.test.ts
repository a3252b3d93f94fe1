import { cleanUp, upstream, type TestUpstream } from '../../helpers';
import { addRepository, addUser, after, bkRepo, paths, put, sha256, type Client } from './support';

afterEach(cleanUp);

const refused = (status: number, code: number) => ({ status, code, data: null });

/** An upstream with a few files that wants a user and a password. */
function files(content: Record<string, string>, authorization?: string): Promise<TestUpstream> {
  return upstream((request, response) => {
    const body = content[request.url ?? ''];
    if (authorization !== undefined && request.headers.authorization !== authorization) return response.writeHead(401).end();
    if (body === undefined) return response.writeHead(404).end();
    response
      .writeHead(200, { 'content-type': 'text/x-test', 'content-length': body.length })
      .end(request.method === 'HEAD' ? undefined : body);
  });
}

const remote = (url: string, fields: Record<string, unknown> = {}) => ({
  category: 'REMOTE',
  configuration: { type: 'remote', settings: {}, url, credentials: {}, network: {}, cache: { enabled: true, expiration: -1 }, ...fields },
});
const virtual = (...names: string[]) => ({
  category: 'VIRTUAL',
  configuration: { type: 'virtual', settings: {}, repositoryList: names.map((name) => ({ projectId: 'pp', name })) },
});
const get = async (who: Client, path: string) => {
  const { status, text } = await who.send('GET', `/generic/pp/${path}`);
  return [status, text];
};
const codeOf = async (who: Client, path: string) => (await who.tell('GET', `/generic/pp/${path}`)).code;

describe('a virtual repository', () => {
  test('answers with the first member that has the path', async () => {
    const admin = await bkRepo();
    await addRepository(admin, { name: 'second' });
    await addRepository(admin, { name: 'all', ...virtual('gone', 'rr', 'second') });
    await put(admin, 'rr/both', 'first');
    await put(admin, 'second/both', 'second');
    await put(admin, 'second/only', 'only');
    expect([await get(admin, 'all/both'), await get(admin, 'all/only'), await codeOf(admin, 'all/none')]).toEqual([
      [200, 'first'],
      [200, 'only'],
      251024,
    ]);
    expect(await admin.tell('GET', '/generic/detail/pp/all/only')).toMatchObject({
      code: 0,
      data: { repoName: 'second', fullPath: '/only' },
    });
    expect(await admin.tell('GET', '/generic/detail/pp/all/none')).toEqual(refused(400, 251010));
    const rule = { relation: 'AND', rules: [] };
    expect(await admin.tell('POST', '/generic/pp/all/search', { rule })).toMatchObject({
      data: { records: [{ repoName: 'rr', fullPath: '/both' }] },
    });
  });

  test('does not let a later member answer for one that fails; only 404 and 410 say that it does not have a file', async () => {
    const admin = await bkRepo();
    let status = 500;
    const { url } = await upstream((_request, response) => response.writeHead(status).end('no'));
    await addRepository(admin, { name: 'far', ...remote(url) });
    await put(admin, 'rr/tool', 'from the second');
    await addRepository(admin, { name: 'all', ...virtual('far', 'rr') });
    for (status of [401, 403, 408, 429, 500, 503]) {
      const answer = await admin.send('GET', '/generic/pp/all/tool');
      expect([answer.status, answer.text]).toEqual([502, expect.stringContaining(`answered ${status}`)]);
    }
    for (status of [404, 410]) expect(await get(admin, 'all/tool')).toEqual([200, 'from the second']);
  });

  test('passes over members that the caller may not read', async () => {
    const admin = await bkRepo();
    await addRepository(admin, { name: 'second' });
    await addRepository(admin, { name: 'all', ...virtual('rr', 'second') });
    await put(admin, 'rr/both', 'first');
    await put(admin, 'second/both', 'second');
    const reader = await addUser(admin, 'reader', { repos: ['all', 'second'], actions: ['READ', 'DOWNLOAD'] });
    expect(await get(reader, 'all/both')).toEqual([200, 'second']);
  });

  test('may contain others, and itself, without end', async () => {
    const admin = await bkRepo();
    await addRepository(admin, { name: 'outer', ...virtual('outer', 'inner') });
    await addRepository(admin, { name: 'inner', ...virtual('outer', 'rr') });
    await put(admin, 'rr/a', 'x');
    expect([await get(admin, 'outer/a'), await codeOf(admin, 'inner/none')]).toEqual([[200, 'x'], 251024]);
    const search = { rule: { rules: [{ field: 'name', value: 'a', operation: 'EQ' }], relation: 'AND' } };
    for (const name of ['outer', 'inner']) {
      const { data } = await admin.tell('POST', `/generic/pp/${name}/search`, search);
      expect(data).toMatchObject({ records: [{ fullPath: '/a', repoName: 'rr' }] });
    }
  });

  test('takes no uploads and deletes nothing', async () => {
    const admin = await bkRepo();
    await addRepository(admin, { name: 'all', ...virtual('rr') });
    await put(admin, 'rr/a', 'x');
    expect(await admin.tell('PUT', '/generic/pp/all/b', 'x')).toEqual(refused(405, 250112));
    expect(await admin.tell('POST', '/generic/block/pp/all/b')).toEqual(refused(405, 250112));
    expect(await admin.tell('DELETE', '/generic/pp/all/a')).toEqual(refused(405, 250112));
    expect(await paths(admin)).toEqual(['/a']);
  });
});

describe('a remote repository', () => {
  test('answers with a part of a file that is not kept yet', async () => {
    const admin = await bkRepo();
    const { url } = await files({ '/a': '0123456789' });
    await addRepository(admin, { name: 'far', ...remote(url) });
    for (const _time of [1, 2]) {
      const part = await admin.send('GET', '/generic/pp/far/a', { headers: { range: 'bytes=2-4' } });
      expect([part.status, part.text]).toEqual([206, '234']);
    }
  });

  test('fetches a file once and keeps it as a node', async () => {
    const admin = await bkRepo();
    const { url, requests } = await files({ '/base/dir/a%20b': 'content' });
    await addRepository(admin, { name: 'far', ...remote(`${url}/base/`) });
    expect((await admin.send('HEAD', '/generic/pp/far/dir/a%20b')).header('content-length')).toBe('7');
    const first = await admin.send('GET', '/generic/pp/far/dir/a%20b');
    expect([first.status, first.text, first.header('content-type')]).toEqual([200, 'content', 'text/x-test']);
    expect(await get(admin, 'far/dir/a%20b')).toEqual([200, 'content']);
    expect(requests.map(({ method }) => method)).toEqual(['HEAD', 'GET']);
    expect(await admin.tell('GET', '/repository/api/node/detail/pp/far/dir/a%20b')).toMatchObject({
      data: { size: 7, sha256: sha256('content') },
    });
    expect(await codeOf(admin, 'far/none')).toBe(251024);
    expect(await admin.tell('PUT', '/generic/pp/far/b', 'x')).toEqual(refused(405, 250112));
    expect(await admin.tell('DELETE', '/generic/pp/far/dir/a%20b')).toEqual(refused(405, 250112));
  });

  test('asks again when its copy is too old, and serves the old one when nobody answers', async () => {
    const admin = await bkRepo();
    const content = { '/a': 'one' };
    const far = await files(content);
    await addRepository(admin, { name: 'far', ...remote(far.url, { cache: { enabled: true, expiration: 10 } }) });
    expect(await get(admin, 'far/a')).toEqual([200, 'one']);
    content['/a'] = 'two';
    expect(await get(admin, 'far/a')).toEqual([200, 'one']);
    await after(11 * 60_000, async () => expect(await get(admin, 'far/a')).toEqual([200, 'two']));
    await far.stop();
    await after(60 * 60_000, async () => expect(await get(admin, 'far/a')).toEqual([200, 'two']));
  });

  test('fails when its upstream is not reached, and has nothing when that answers with an error', async () => {
    const admin = await bkRepo();
    const far = await files({ '/a': 'x' }, 'Basic other');
    await addRepository(admin, { name: 'far', ...remote(far.url) });
    expect(await admin.tell('GET', '/generic/pp/far/a')).toEqual(refused(404, 251024));
    await far.stop();
    expect(await admin.tell('GET', '/generic/pp/far/a')).toEqual(refused(500, 250102));
  });

  test('keeps nothing when its cache is off', async () => {
    const admin = await bkRepo();
    const { url, requests } = await files({ '/a': 'x' });
    await addRepository(admin, { name: 'far', ...remote(url, { cache: { enabled: false, expiration: -1 } }) });
    expect([await get(admin, 'far/a'), await get(admin, 'far/a')]).toEqual([
      [200, 'x'],
      [200, 'x'],
    ]);
    expect([requests.length, await paths(admin, 'far')]).toEqual([2, []]);
  });

  test('brings its user and password', async () => {
    const admin = await bkRepo();
    const { url } = await files({ '/a': 'x' }, `Basic ${btoa('u:p')}`);
    await addRepository(admin, { name: 'far', ...remote(url, { credentials: { username: 'u', password: 'p' } }) });
    await addRepository(admin, { name: 'wrong', ...remote(url) });
    expect([await get(admin, 'far/a'), await codeOf(admin, 'wrong/a')]).toEqual([[200, 'x'], 251024]);
  });
});

test('a composite repository has files of its own and asks its channels for the rest', async () => {
  const admin = await bkRepo();
  const [first, second] = [await files({ '/a': 'first' }), await files({ '/a': 'second', '/b': 'second' })];
  const channelList = [first, second].map(({ url }, index) => ({
    public: true,
    name: `c${index}`,
    url: url.replace('127.0.0.1', '127.0.0.1'),
  }));
  await addRepository(admin, {
    name: 'mixed',
    category: 'COMPOSITE',
    configuration: { type: 'composite', settings: {}, proxy: { channelList } },
  });
  await put(admin, 'mixed/own', 'own');
  expect([
    await get(admin, 'mixed/own'),
    await get(admin, 'mixed/a'),
    await get(admin, 'mixed/b'),
    await codeOf(admin, 'mixed/none'),
  ]).toEqual([[200, 'own'], [200, 'first'], [200, 'second'], 251024]);
  expect(await paths(admin, 'mixed')).toEqual(['/a', '/b', '/own']);
  expect(await admin.tell('DELETE', '/generic/pp/mixed/own')).toMatchObject({ code: 0 });
});

describe('interceptors', () => {
  test.each<[string, object, [string, number][]]>([
    [
      'FILENAME',
      { filename: '*.apk' },
      [
        ['app.apk', 200],
        ['app.txt', 403],
      ],
    ],
    [
      'FILENAME',
      { filename: 'a?p.*', allowed: false },
      [
        ['app.apk', 403],
        ['other', 200],
      ],
    ],
    [
      'METADATA',
      { metadata: 'stage: prod' },
      [
        ['app.apk', 200],
        ['app.txt', 403],
      ],
    ],
    [
      'WEB',
      { filename: '*.apk', metadata: 'stage:prod' },
      [
        ['app.apk', 200],
        ['app.txt', 403],
      ],
    ],
    ['MOBILE', { filename: '*.none' }, [['app.txt', 200]]],
    ['IP_SEGMENT', { ipSegment: ['127.0.0.0/8'], officeNetwork: false }, [['app.txt', 200]]],
    ['IP_SEGMENT', { ipSegment: ['192.0.2.0/24'], officeNetwork: false }, [['app.txt', 403]]],
    ['IP_SEGMENT', { ipSegment: ['192.0.2.0/24'], whitelistUser: ['admin'] }, [['app.txt', 200]]],
    ['UNKNOWN', { filename: '*.none' }, [['app.txt', 200]]],
  ])('%s %j', async (type, rules, expected) => {
    const admin = await bkRepo();
    await addRepository(admin, { name: 'guarded', configuration: { type: 'local', settings: { interceptors: [{ type, rules }] } } });
    for (const name of ['app.txt', 'other']) await put(admin, `guarded/${name}`, 'x');
    await put(admin, 'guarded/app.apk', 'x', { 'x-bkrepo-meta-stage': 'prod' });
    for (const [name, status] of expected) {
      const answer = await admin.send('GET', `/generic/pp/guarded/${name}`);
      expect([name, answer.status]).toEqual([name, status]);
      if (status === 403) expect((answer.json as { code: number }).code).toBe(251026);
    }
  });

  test('look at the browser of a phone', async () => {
    const admin = await bkRepo();
    const interceptors = [{ type: 'MOBILE', rules: { filename: '*.apk' } }];
    await addRepository(admin, { name: 'guarded', configuration: { type: 'local', settings: { interceptors } } });
    await put(admin, 'guarded/a', 'x');
    const headers = { 'user-agent': 'Mozilla BKCI_APP/1' };
    expect((await admin.send('GET', '/generic/pp/guarded/a', { headers })).status).toBe(403);
    expect((await admin.send('GET', '/generic/pp/guarded/a')).status).toBe(200);
  });
});
