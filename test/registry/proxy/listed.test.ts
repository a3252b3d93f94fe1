import { createHash } from 'node:crypto';
import { addRepository, bkRepo } from '../bkrepo/artifacts/support';
import { addRemote, addVirtual, call, cleanUp, registry, upstream } from '../helpers';

afterEach(cleanUp);

const sha512 = (content: string | Buffer) => `sha512-${createHash('sha512').update(content).digest('base64')}`;
const FILE = 'pk/-/pk-1.0.0.tgz';

/** A registry of npm packages with one tarball, and remotes of it. */
async function packages(fields: object = {}, options: Parameters<typeof registry>[0] = {}) {
  const state = {
    content: 'right' as string | Buffer,
    listed: 'right' as string | Buffer,
    headers: {} as Record<string, string>,
    isUp: true,
    index: undefined as string | undefined,
  };
  const server = await upstream((request, response) => {
    if (!state.isUp && request.url === '/pk') return void response.writeHead(503).end();
    if (request.url !== '/pk') return void response.writeHead(200, state.headers).end(state.content);
    const dist = { tarball: `${server.url}/${FILE}`, integrity: sha512(state.listed) };
    response.end(state.index ?? JSON.stringify({ name: 'pk', versions: { '1.0.0': { name: 'pk', version: '1.0.0', dist } } }));
  });
  const { url } = await registry(options);
  await addRemote(url, { name: 'r', package_type: 'npm', base_url: server.url, mutable_ttl: 3600, ...fields });
  await addVirtual(url, { name: 'v', package_type: 'npm', members: ['r'] });
  const get = (path: string, place = 'remote/r') => call('GET', `${url}/api/v1/${place}/${path}`);
  const asked = () => server.requests.splice(0).map((request) => request.url);
  return { state, get, asked, url, server };
}

test('a virtual serves no wrong bytes of its members either', async () => {
  const { state, get } = await packages();
  await get('pk', 'virtual/v');
  state.content = 'wrong';
  const refused = await get(FILE, 'virtual/v');
  expect([refused.status, refused.reason]).toEqual([502, expect.stringContaining('upstream of remote "r" sent something other than')]);
  state.content = 'right';
  expect((await get(FILE, 'virtual/v')).text).toBe('right');
});

test('what a remote has is not compared where it is excepted by its name, and refusals say how', async () => {
  const refusing = await packages({}, { unverified: ['other', 's*'] });
  await refusing.get('pk');
  refusing.state.content = 'wrong';
  const refused = await refusing.get(FILE);
  expect(refused.reason).toMatch(
    /but [0-9a-f]{128} was announced; if the index is wrong and the file is not, start the registry with --unverified r$/,
  );
  const excepted = await packages({}, { unverified: ['other', '?'] });
  await excepted.get('pk');
  excepted.state.content = 'wrong';
  expect((await excepted.get(FILE)).text).toBe('wrong');
});

test('a remote repository of BK-Repo is excepted as its refusals say', async () => {
  const server = await upstream((request, response) => {
    if (request.url === `/${FILE}`) return void response.end('wrong');
    const dist = { tarball: `${server.url}/${FILE}`, integrity: sha512('right') };
    response.end(JSON.stringify({ name: 'pk', versions: { '1.0.0': { name: 'pk', version: '1.0.0', dist } } }));
  });
  const fetched = async (unverified: readonly string[]) => {
    const admin = await bkRepo({ unverified });
    await addRepository(admin, { name: 'far', type: 'NPM', category: 'REMOTE', configuration: { type: 'remote', url: server.url } });
    await admin.send('GET', '/npm/pp/far/pk');
    return (await admin.send('GET', `/npm/pp/far/${FILE}`)).text;
  };
  const [, advised = ''] = /start the registry with --unverified ([^\s"]+)/.exec(await fetched(['far', 'pp', 'pp/fa'])) ?? [];
  expect([advised, await fetched([advised])]).toEqual(['pp/far', 'wrong']);
});

test('the index that is read may be the whole or the abbreviated one', async () => {
  for (const accept of ['application/json', 'application/vnd.npm.install-v1+json']) {
    const { state, get, url } = await packages();
    await call('GET', `${url}/api/v1/remote/r/pk`, { headers: { accept } });
    state.content = 'wrong';
    expect((await get(FILE)).status).toBe(502);
  }
});

test('a large file that is wrong breaks off, and nothing of it is kept', async () => {
  const { state, get } = await packages();
  const large = Buffer.alloc(3 << 20, 'x');
  state.listed = large;
  await get('pk');
  state.content = Buffer.concat([large.subarray(1), Buffer.from('y')]);
  await expect(get(FILE)).rejects.toThrow();
  state.content = large;
  expect((await get(FILE)).text).toHaveLength(large.length);
});

test('a small file is awaited, whether its length was announced or not', async () => {
  const { state, get } = await packages();
  await get('pk');
  for (const headers of [{ 'content-length': '5' }, { 'transfer-encoding': 'chunked' }]) {
    Object.assign(state, { content: 'wrong', headers });
    expect((await get(FILE)).status).toBe(502);
  }
  state.content = 'right';
  expect((await get(FILE)).text).toBe('right');
});

test('an index that cannot be confirmed is believed, and an expired one is not asked for first', async () => {
  const { state, get, asked } = await packages({ mutable_ttl: 1 });
  await get('pk');
  await new Promise((resolve) => setTimeout(resolve, 1100));
  Object.assign(state, { content: 'wrong', isUp: false });
  expect((await get(FILE)).status).toBe(502);
  Object.assign(state, { content: 'right' });
  expect((await get(FILE)).text).toBe('right');
  expect(asked()).toEqual(['/pk', `/${FILE}`, '/pk', `/${FILE}`]);
});

test('a file that the index has no longer comes as it is', async () => {
  const { state, get } = await packages();
  await get('pk');
  Object.assign(state, { content: 'other', index: '{"name":"pk","versions":{}}' });
  expect((await get(FILE)).text).toBe('other');
});

test('a copy that must be confirmed is better than new bytes that are wrong', async () => {
  const { state, get } = await packages({ immutable_ttl: 1 });
  await get('pk');
  expect((await get(FILE)).text).toBe('right');
  await new Promise((resolve) => setTimeout(resolve, 1100));
  state.content = 'wrong';
  const stale = await get(FILE);
  expect([stale.text, stale.header('x-artifact-stale')]).toEqual(['right', 'true']);
});

test('what an upstream has encoded is not compared with the digest of what it was', async () => {
  const { state, get } = await packages();
  await get('pk');
  Object.assign(state, { content: 'as sent', headers: { 'content-encoding': 'x-own' } });
  expect((await get(FILE)).status).toBe(200);
});

test('the strict mode compares nothing, as a real server is not known to', async () => {
  const { state, get } = await packages({}, { strict: true });
  await get('pk');
  state.content = 'wrong';
  expect((await get(FILE)).text).toBe('wrong');
});

test('hostile indexes never end the process, and files come as they are', async () => {
  const versions = (dist: unknown) => JSON.stringify({ name: 'pk', versions: { '1.0.0': { dist } } });
  const url = `http://upstream.invalid/${FILE}`;
  const hostile = [
    '{"name":"pk","versions":[[[]]]}',
    versions({ tarball: ['a'], integrity: {} }),
    versions({ tarball: 'http://[', integrity: 'sha512-' }),
    versions({ tarball: '%', shasum: null }),
    versions({ tarball: url, integrity: `${'sha512-x '.repeat(100_000)}` }),
    `{"name":"pk","versions":{"__proto__":{"dist":{"tarball":"${url}","integrity":"sha512-${'A'.repeat(5_000_000)}"}}}}`,
    `{"name":"pk","versions":{"1.0.0":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}}`,
  ];
  for (const index of hostile) {
    const { state, get } = await packages();
    Object.assign(state, { index });
    await get('pk');
    expect((await get(FILE)).text).toBe('right');
  }
});

describe('Maven, whose clients ask for the checksum after the file', () => {
  test('a copy that differs from it is thrown away, so that the next attempt gets the right one', async () => {
    const state = { content: 'wrong' };
    const sum = createHash('sha1').update('right').digest('hex');
    const server = await upstream((request, response) => void response.end(String(request.url).endsWith('.sha1') ? sum : state.content));
    const admin = await bkRepo();
    await addRepository(admin, { name: 'far', type: 'MAVEN', category: 'REMOTE', configuration: { type: 'remote', url: server.url } });
    const get = async (path: string) => (await admin.send('GET', `/maven/pp/far/org/a/1.0/${path}`)).text;
    expect([await get('a-1.0.jar'), await get('a-1.0.jar.sha1')]).toEqual(['wrong', sum]);
    state.content = 'right';
    expect([await get('a-1.0.jar'), await get('a-1.0.jar.sha1'), await get('a-1.0.jar')]).toEqual(['right', sum, 'right']);
    expect(server.requests).toHaveLength(3);
  });
});
