import { basic, PLATFORM_KEYS, platform, TestBkRepo } from '../../support/bkrepo';

let bk: TestBkRepo;
beforeAll(async () => {
  bk = await TestBkRepo.start();
  await bk.project('open');
  await bk.repository('open', 'public', { public: true });
  await bk.repository('open', 'private');
});
afterAll(() => bk.stop());

const LIST = '/repository/api/project/list';
const USERS = '/auth/api/user/list';
const page = (title: string): string =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>openresty</center>\r\n</body>\r\n</html>\r\n`;

describe('the gateway', () => {
  test('passes /api/{service} on as /{service}', async () => {
    const names = async (path: string): Promise<string[]> => ((await bk.done('GET', path)) as { name: string }[]).map(({ name }) => name);
    expect(await names(`/api${LIST}`)).toEqual(['open']);
    expect(await names(LIST)).toEqual(['open']);
  });

  test.each([
    ['/actuator/health', 403, '403 Forbidden'],
    ['/repository/actuator/env', 403, '403 Forbidden'],
    ['/webhook/api/webhook/list', 404, '404 Not Found'],
    ['/archive/api/archive', 404, '404 Not Found'],
    ['/', 404, '404 Not Found'],
    ['/repository/service/repo', 404, '404 Not Found'],
    ['/repository/api/repo/info/open/%ZZ', 400, '400 Bad Request'],
  ])('answers %s with a page that is not JSON', async (path, status, title) => {
    const answer = await bk.call('GET', path);
    expect([answer.status, answer.headers.get('content-type'), answer.text]).toEqual([status, 'text/html', page(title)]);
  });

  test('serves below a prefix and nowhere else', async () => {
    const prefixed = await TestBkRepo.start({ prefix: '/bkrepo/' });
    try {
      expect(prefixed.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/bkrepo$/);
      expect(await prefixed.done('GET', LIST)).toEqual([]);
      expect(await prefixed.done('GET', `/api${LIST}`)).toEqual([]);
      const outside = await fetch(prefixed.url.replace('/bkrepo', LIST), { headers: { authorization: basic('admin:password') } });
      expect([outside.status, await outside.text()]).toEqual([404, page('404 Not Found')]);
    } finally {
      await prefixed.stop();
    }
  });
});

describe('the envelope of failures', () => {
  test.each([
    ['a URL that no service knows', 'GET', '/repository/api/nothing', 404, 250130],
    ['a method that a URL does not take', 'PATCH', LIST, 405, 250112],
    ['a page size of 0', 'GET', '/repository/api/project/search?pageSize=0', 500, 250102],
    ['a page size of repositories below 0', 'GET', '/repository/api/repo/page/open/1/-1', 500, 250102],
    ['a page size below 0', 'GET', '/repository/api/project/search?pageSize=-1', 500, 250102],
    ['a page number that is none', 'GET', '/repository/api/repo/page/open/x/10', 500, 250102],
    ['a truth value that is none', 'GET', '/repository/api/repo/list/open?display=maybe', 500, 250102],
    ['a parameter that is missing', 'POST', '/repository/api/repo/quota/open/private', 400, 250103],
  ])('%s', async (...[, method, path, status, code]) => {
    const answer = await bk.call(method, path);
    expect([answer.status, answer.code, answer.data]).toEqual([status, code, null]);
    expect(answer.headers.get('content-type')).toBe('application/json;charset=UTF-8');
  });

  test.each([
    ['no JSON', '{"name":'],
    ['an empty body', ''],
    ['a missing field', { name: 'pp', displayName: 'pp' }],
    ['a wrong type', { name: 'pp', displayName: 5, description: '' }],
  ])('%s is 250106 without the name of a field', async (_what, body) => {
    const answer = await bk.call('POST', '/repository/api/project/create', { body });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      400,
      { code: 250106, message: 'Invalid request content', data: null, traceId: '' },
    ]);
  });

  test('is XML when the client accepts XML', async () => {
    const answer = await bk.call('GET', '/repository/api/repo/info/open/none', { headers: { accept: 'text/xml' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/xml;charset=UTF-8']);
    expect(answer.text).toBe(
      '<Response><code>251006</code><message>Repository [none] not found</message><data/><traceId></traceId></Response>',
    );
  });
});

describe('credentials for services', () => {
  const INFO = '/repository/api/repo/info/open';
  const WRONG = 'Authorization value check failed';

  test.each([
    ['the wrong password', basic('admin:wrong'), WRONG],
    ['an unknown user', basic('nobody:password'), WRONG],
    ['one part', `Basic ${Buffer.from('admin').toString('base64')}`, WRONG],
    ['no Base64', 'Basic admin:password', WRONG],
    ['a Bearer token', 'Bearer x.y.z', 'Access token check failed.'],
    ['an OAuth token', 'Oauth xyz', 'Access token check failed.'],
    [
      'wrong platform keys',
      platform('admin', { ...PLATFORM_KEYS, secretKey: 'wrong' }).authorization ?? '',
      'AccessKey/SecretKey check failed.',
    ],
  ])('%s is a 401 with a challenge', async (_what, authorization, reason) => {
    const answer = await bk.call('GET', `${INFO}/public`, { as: null, headers: { authorization } });
    const refusal = { code: 250114, message: `Failed to authenticate: ${reason}`, data: null, traceId: '' };
    expect([answer.status, JSON.parse(answer.text)]).toEqual([401, refusal]);
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Authentication Required"');
  });

  test('parts of Basic after the second are ignored', async () => {
    expect(await bk.done('GET', '/repository/api/project/exist/open', { as: 'admin:password:more' })).toBe(true);
  });

  test('nobody reads public repositories only', async () => {
    expect((await bk.call('GET', `${INFO}/public`, { as: null })).code).toBe(0);
    const answer = await bk.call('GET', `${INFO}/private`, { as: null });
    expect([answer.status, answer.code]).toEqual([401, 250114]);
  });

  test('a platform without a user is anonymous, and one with an unknown user makes that user', async () => {
    expect((await bk.call('GET', `${INFO}/public`, { as: null, headers: platform() })).code).toBe(0);
    const hidden = await bk.call('GET', `${INFO}/private`, { as: null, headers: platform() });
    expect([hidden.status, hidden.code]).toEqual([403, 250113]);
    expect(await bk.done('GET', '/auth/api/user/repeat/made')).toBe(false);
    expect(await bk.done('GET', LIST, { as: null, headers: platform('made') })).toEqual([]);
    expect(await bk.done('GET', '/auth/api/user/repeat/made')).toBe(true);
    expect(await bk.done('GET', '/repository/api/project/search', { as: null, headers: platform('admin') })).toMatchObject({ count: -1 });
  });
});

describe('credentials for the auth service', () => {
  const refusal = (value: string): unknown => ({
    code: 401,
    message: `Authorization value [${value}] is not a valid scheme.`,
    data: null,
    traceId: '',
  });

  test.each([
    ['nothing', undefined, 'empty auth header'],
    ['the wrong password', basic('admin:wrong'), 'empty auth header'],
    ['a third part', basic('admin:password:more'), 'empty auth header'],
    ['a platform without a user', platform().authorization, 'illegal platform token'],
    ['an unknown scheme', 'Temporary abc', 'empty auth header'],
  ])('%s is a 401 with a body of its own', async (_what, authorization, value) => {
    const answer = await bk.call('GET', USERS, { as: null, ...(authorization !== undefined && { headers: { authorization } }) });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([401, refusal(value)]);
    expect(answer.headers.get('www-authenticate')).toBeNull();
  });

  test('a user who is no admin gets no 401, but 250236', async () => {
    const answer = await bk.call('GET', '/auth/api/user/page/1/10', { as: await bk.user('plain') });
    expect([answer.status, answer.code]).toEqual([400, 250236]);
  });

  test('a path is cut where a segment has an unencoded semicolon', async () => {
    expect(await bk.done('GET', '/repository/api/project/exist/open;v=1')).toBe(true);
    expect(await bk.done('GET', '/repository/api/project/exist/open%3Bv=1')).toBe(false);
  });

  test('the public key needs none', async () => {
    expect(await bk.done('GET', '/auth/api/user/rsa', { as: null })).toMatch(/^MII[A-Za-z0-9+/]+=*$/);
  });

  test('a platform speaks for a user', async () => {
    expect(await bk.done('GET', '/auth/api/user/userinfo/admin', { as: null, headers: platform('admin') })).toMatchObject({ admin: true });
  });
});

describe('faults', () => {
  test('a code comes with the status of another deployment (11.1)', async () => {
    const faulty = await TestBkRepo.start({ faults: [{ method: 'GET', path: '/repository/api/repo/info', status: 400, code: 251006 }] });
    try {
      const answer = await faulty.call('GET', '/repository/api/repo/info/pp/none');
      expect([answer.status, answer.code]).toEqual([400, 251006]);
      expect((await faulty.call('DELETE', '/repository/api/repo/delete/pp/none')).status).toBe(404);
    } finally {
      await faulty.stop();
    }
  });

  test('what a fault says about the code is whole, and its body is the message', async () => {
    const faulty = await TestBkRepo.start({ faults: [{ path: LIST, code: 250128, body: 'locked' }] });
    try {
      const answer = await faulty.call('GET', LIST);
      expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { code: 250128, message: 'locked', data: null, traceId: '' }]);
    } finally {
      await faulty.stop();
    }
  });

  test('an envelope with a code of its own comes with HTTP 200, and a 429 without Retry-After', async () => {
    const faulty = await TestBkRepo.start({
      faults: [
        { path: LIST, code: 250115, count: 1 },
        { path: '/repository/**', status: 429, code: 250124, count: 1 },
      ],
    });
    try {
      const first = await faulty.call('GET', LIST);
      expect([first.status, JSON.parse(first.text)]).toEqual([
        200,
        { code: 250115, message: 'fault on demand: 250115', data: null, traceId: '' },
      ]);
      const second = await faulty.call('GET', LIST);
      expect([second.status, second.code, second.headers.get('retry-after')]).toEqual([429, 250124, null]);
      expect(await faulty.done('GET', `/api${LIST}`)).toEqual([]);
      const counts = await fetch(`${faulty.url}/__requests`);
      expect(await counts.json()).toEqual({ [`GET ${LIST}`]: 3 });
    } finally {
      await faulty.stop();
    }
  });
});
