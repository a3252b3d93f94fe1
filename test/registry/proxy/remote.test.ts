import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { addRemote, call, cleanUp, registry, tempFolder, upstream } from '../helpers';

afterEach(cleanUp);

const source = (answer: { header(name: string): string | null }) => answer.header('x-artifact-source');

test('an immutable object comes from the upstream once and from the cache ever after, also across a restart', async () => {
  const files = await upstream((_request, response) => response.setHeader('content-type', 'text/x-special').end('content'));
  const data = tempFolder();
  const first = await registry({ data });
  await addRemote(first.url, { name: 'a', base_url: `${files.url}/base/` });
  const answer = await call('GET', `${first.url}/api/v1/remote/a/dir/f%20g.txt`);
  expect([answer.status, answer.text, source(answer), answer.header('content-type')]).toEqual([200, 'content', 'remote', 'text/x-special']);
  const again = await call('GET', `${first.url}/api/v1/remote/a/dir/f%20g.txt`);
  expect([again.text, source(again), again.header('content-type')]).toEqual(['content', 'cache', 'text/x-special']);
  await first.close();
  const second = await registry({ data });
  expect(source(await call('GET', `${second.url}/api/v1/remote/a/dir/f%20g.txt`))).toBe('cache');
  expect(files.requests.map(({ url }) => url)).toEqual(['/base/dir/f%20g.txt']);
});

test('a mutable object is asked for again by its validators once its TTL is over', async () => {
  let version = 1;
  const files = await upstream((request, response) => {
    const etag = `"${version}"`;
    response.setHeader('etag', etag).setHeader('last-modified', 'Mon, 01 Jan 2024 00:00:00 GMT');
    if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
    else response.end(`version ${version}`);
  });
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url, mutable_patterns: ['.*'], mutable_ttl: 0 });
  expect((await call('GET', `${url}/api/v1/remote/a/x`)).text).toBe('version 1');
  const same = await call('GET', `${url}/api/v1/remote/a/x`);
  expect([same.text, source(same)]).toEqual(['version 1', 'cache']);
  expect(files.requests[1]?.headers).toMatchObject({ 'if-none-match': '"1"', 'if-modified-since': 'Mon, 01 Jan 2024 00:00:00 GMT' });
  version = 2;
  const changed = await call('GET', `${url}/api/v1/remote/a/x`);
  expect([changed.text, source(changed)]).toEqual(['version 2', 'remote']);
});

test('what is being fetched while its copy is evicted is not kept', async () => {
  let version = 1;
  const held: (() => void)[] = [];
  const files = await upstream((_request, response) => {
    const end = () => response.setHeader('etag', `"${version}"`).end(`version ${version}`);
    if (version === 2) held.push(end);
    else end();
  });
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url, mutable_patterns: ['.*'], mutable_ttl: 0 });
  const get = () => call('GET', `${url}/api/v1/remote/a/x`);
  expect((await get()).text).toBe('version 1');
  version = 2;
  const slow = get();
  while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect((await call('DELETE', `${url}/api/v2/remotes/a/objects/x`)).status).toBe(204);
  held[0]?.();
  expect((await slow).text).toBe('version 2');
  version = 3;
  await call('PUT', `${url}/api/v2/remotes/a`, {
    body: { package_type: 'generic', base_url: files.url, mutable_patterns: ['.*'], mutable_ttl: 3600 },
  });
  const after = await get();
  expect([after.text, source(after)]).toEqual(['version 3', 'remote']);
});

test('a mutable object within its TTL is not asked for again', async () => {
  const files = await upstream((_request, response) => response.end('<repomd/>'));
  const { url } = await registry();
  await addRemote(url, { name: 'a', package_type: 'rpm', base_url: files.url, mutable_ttl: 3600 });
  for (let i = 0; i < 3; i++) await call('GET', `${url}/api/v1/remote/a/repodata/repomd.xml`);
  expect(files.requests).toHaveLength(1);
});

test('a stale copy is served, marked, when the upstream fails or cannot be reached, but not when it refuses', async () => {
  let status = 200;
  const files = await upstream((_request, response) => response.writeHead(status).end('old'));
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url, mutable_patterns: ['.*'], mutable_ttl: 0 });
  await call('GET', `${url}/api/v1/remote/a/x`);
  for (const [upstreamStatus, ours] of [
    [404, 404],
    [403, 403],
  ] as const) {
    status = upstreamStatus;
    const answer = await call('GET', `${url}/api/v1/remote/a/x`);
    expect([answer.status, answer.text]).toEqual([ours, `upstream of remote "a" answered ${upstreamStatus}\n`]);
  }
  const marked = (answer: Awaited<ReturnType<typeof call>>) => [answer.status, answer.text, source(answer), answer.header('warning')];
  const stale = [200, 'old', 'cache', '110 - "Response is Stale"'];
  for (status of [401, 408, 429, 500, 503]) {
    expect(marked(await call('GET', `${url}/api/v1/remote/a/x`))).toEqual(stale);
    const cold = await call('GET', `${url}/api/v1/remote/a/${status}`);
    expect([cold.status, cold.text]).toEqual([
      status === 429 ? 429 : 502,
      expect.stringContaining(`upstream of remote "a" answered ${status}`),
    ]);
  }
  await files.stop();
  expect(marked(await call('GET', `${url}/api/v1/remote/a/x`))).toEqual(stale);
  const miss = await call('GET', `${url}/api/v1/remote/a/y`);
  expect([miss.status, miss.text]).toEqual([502, expect.stringContaining('upstream of remote "a" cannot be reached: ')]);
});

test('simultaneous requests share one fetch, and each gets the whole body', async () => {
  const body = randomBytes(3_000_000);
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const files = await upstream((_request, response) => {
    response.setHeader('content-length', body.length);
    response.write(body.subarray(0, 1_000_000));
    void held.then(() => response.end(body.subarray(1_000_000)));
  });
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url });
  const responses = await Promise.all(Array.from({ length: 8 }, () => fetch(`${url}/api/v1/remote/a/big`)));
  const hashes = responses.map(async (response) =>
    createHash('sha256')
      .update(Buffer.from(await response.arrayBuffer()))
      .digest('hex'),
  );
  release();
  const expected = createHash('sha256').update(body).digest('hex');
  expect(new Set(await Promise.all(hashes))).toEqual(new Set([expected]));
  expect(responses.map((response) => response.headers.get('x-artifact-source')).sort()).toEqual([
    ...Array<string>(7).fill('cache'),
    'remote',
  ]);
  expect(files.requests).toHaveLength(1);
});

test('the body reaches the client while it is still arriving', async () => {
  let finish: () => void = () => undefined;
  const files = await upstream((_request, response) => {
    response.write('first part');
    finish = () => response.end(' and the rest');
  });
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url });
  const response = await fetch(`${url}/api/v1/remote/a/slow`);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let text = Buffer.from((await reader.read()).value ?? []).toString();
  expect('first part'.startsWith(text)).toBe(true);
  finish();
  for (let part = await reader.read(); !part.done; part = await reader.read()) text += Buffer.from(part.value).toString();
  expect(text).toBe('first part and the rest');
});

test('a body that is cut short is an error for the client and leaves nothing in the cache', async () => {
  let isWhole = false;
  let cut: () => void = () => undefined;
  const files = await upstream((request, response) => {
    response.setHeader('content-length', 10);
    if (isWhole) return void response.end('0123456789');
    cut = () => response.destroy();
    if (request.url === '/early') response.write('0', cut);
    else response.write('01234');
  });
  const data = tempFolder();
  const { url } = await registry({ data });
  await addRemote(url, { name: 'a', base_url: files.url });
  const early = await call('GET', `${url}/api/v1/remote/a/early`);
  expect([early.status, early.text]).toEqual([502, expect.stringMatching(/^upstream of remote "a" broke off: .+\n$/)]);
  const response = await fetch(`${url}/api/v1/remote/a/x`);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  expect((await reader.read()).done).toBe(false);
  cut();
  await expect(reader.read()).rejects.toThrow('terminated');
  expect((await call('GET', `${url}/api/v2/remotes/a/objects`)).json).toMatchObject({ items: null, total: 0 });
  expect(readdirSync(join(data, 'tmp'))).toEqual([]);
  isWhole = true;
  const answer = await call('GET', `${url}/api/v1/remote/a/x`);
  expect([answer.text, source(answer)]).toEqual(['0123456789', 'remote']);
});

test('a client that hangs up is survived, and the object is stored all the same', async () => {
  let finish: () => void = () => undefined;
  const files = await upstream((_request, response) => {
    response.write('first part');
    finish = () => response.end(' and the rest');
  });
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url });
  await new Promise<void>((resolve) => {
    const client = httpRequest(`${url}/api/v1/remote/a/x`, (response) => response.once('data', () => client.destroy()));
    client.on('error', () => undefined).on('close', resolve);
    client.end();
  });
  const joined = call('GET', `${url}/api/v1/remote/a/x`);
  finish();
  const answer = await joined;
  expect([answer.text, source(answer), files.requests.length]).toEqual(['first part and the rest', 'cache', 1]);
});

test('blocked and not allowed paths are a 403 that never reaches the upstream', async () => {
  const files = await upstream((_request, response) => response.end('x'));
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url, patterns: ['^ok'], blocklist: ['bad'] });
  expect((await call('GET', `${url}/api/v1/remote/a/ok`)).status).toBe(200);
  expect((await call('GET', `${url}/api/v1/remote/a/ok/bad`)).text).toBe('path "ok/bad" is blocked on remote "a"\n');
  expect((await call('GET', `${url}/api/v1/remote/a/other`)).text).toBe('path "other" is not allowed on remote "a"\n');
  expect((await call('HEAD', `${url}/api/v1/remote/a/other`)).status).toBe(403);
  expect(files.requests).toHaveLength(1);
});

test('credentials, Accept and the query go upstream, and credentials do not follow a redirect to another host', async () => {
  const elsewhere = await upstream((_request, response) => response.end('there'));
  const files = await upstream((_request, response) => response.writeHead(302, { location: `${elsewhere.url}/moved` }).end());
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url, username: 'u', password: 'p' });
  const answer = await call('GET', `${url}/api/v1/remote/a/x?q=1`, { headers: { accept: 'text/x-wanted' } });
  expect(answer.text).toBe('there');
  expect(files.requests[0]?.url).toBe('/x?q=1');
  expect(files.requests[0]?.headers).toMatchObject({ authorization: `Basic ${btoa('u:p')}`, accept: 'text/x-wanted' });
  expect(elsewhere.requests[0]?.headers.authorization).toBeUndefined();
});

test('HEAD asks the upstream on a miss, stores nothing, and answers from the store after a fetch', async () => {
  const files = await upstream((_request, response) => response.setHeader('content-length', 5).end('hello'));
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url });
  const miss = await call('HEAD', `${url}/api/v1/remote/a/x`);
  expect([miss.status, miss.header('content-length'), source(miss), files.requests[0]?.method]).toEqual([200, '5', 'remote', 'HEAD']);
  expect((await call('GET', `${url}/api/v2/remotes/a/objects`)).json).toMatchObject({ total: 0 });
  await call('GET', `${url}/api/v1/remote/a/x`);
  const hit = await call('HEAD', `${url}/api/v1/remote/a/x`);
  expect([hit.header('content-length'), source(hit), files.requests.length]).toEqual(['5', 'cache', 2]);
});

test('parts and validators of stored objects work', async () => {
  const files = await upstream((_request, response) => response.end('0123456789'));
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url });
  const target = `${url}/api/v1/remote/a/x`;
  await call('GET', target);
  const part = await call('GET', target, { headers: { range: 'bytes=2-4' } });
  expect([part.status, part.text, part.header('content-range')]).toEqual([206, '234', 'bytes 2-4/10']);
  expect((await call('GET', target, { headers: { range: 'bytes=-3' } })).text).toBe('789');
  expect((await call('GET', target, { headers: { range: 'bytes=8-99' } })).text).toBe('89');
  const beyond = await call('GET', target, { headers: { range: 'bytes=10-' } });
  expect([beyond.status, beyond.header('content-range')]).toEqual([416, 'bytes */10']);
  const etag = (await call('GET', target)).header('etag') ?? '';
  expect((await call('GET', target, { headers: { 'if-none-match': etag } })).status).toBe(304);
});

test('another base URL empties the cache of a remote', async () => {
  const one = await upstream((_request, response) => response.end('one'));
  const two = await upstream((_request, response) => response.end('two'));
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: one.url });
  expect((await call('GET', `${url}/api/v1/remote/a/x`)).text).toBe('one');
  await call('PUT', `${url}/api/v2/remotes/a`, { body: { package_type: 'generic', base_url: two.url } });
  expect((await call('GET', `${url}/api/v1/remote/a/x`)).text).toBe('two');
});

test.each([
  [false, 'local repository "none" not found'],
  [true, 'Not Found'],
])('with strict = %s, the status line of an unknown repository is %j', async (strict, expected) => {
  const { url } = await registry({ strict });
  const { status, statusText } = await call('PUT', `${url}/api/v1/local/none/package`);
  expect([status, statusText]).toEqual([404, expected]);
});

test('unknown repositories are a 404 in words', async () => {
  const { url } = await registry();
  await addRemote(url, { name: 'l', repo_type: 'local' });
  expect((await call('GET', `${url}/api/v1/remote/none/x`)).text).toBe('remote "none" not found\n');
  expect((await call('GET', `${url}/api/v1/remote/l/x`)).status).toBe(404);
  expect((await call('GET', `${url}/api/v1/local/none/x`)).text).toBe('local repository "none" not found\n');
  expect((await call('GET', `${url}/api/v1/virtual/none/x`)).text).toBe('virtual repository "none" not found\n');
  const docker = await call('GET', `${url}/v2/l/x/manifests/1`);
  expect([docker.status, docker.json]).toMatchObject([
    404,
    { errors: [{ code: 'NAME_UNKNOWN', message: 'docker repository "l" not found' }] },
  ]);
});
