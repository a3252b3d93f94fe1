import { createHash, randomBytes } from 'node:crypto';
import { type ServerResponse } from 'node:http';
import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { addRemote, call, cleanUp, openTestStore, registry, tempFolder, upstream } from '../helpers';
import { publication } from '../formats/npm-publication';
import { rawServer } from './raw';

afterEach(cleanUp);

const DATE = 'Mon, 01 Jan 2024 00:00:00 GMT';
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('If-Range: a part where the object is still the same, else the whole, whether it is cached or not', async () => {
  const files = await upstream((_request, response) =>
    response.setHeader('etag', '"v1"').setHeader('last-modified', DATE).setHeader('content-length', 10).end('0123456789'),
  );
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url });
  await call('GET', `${url}/api/v1/remote/a/warm`);
  let nth = 0;
  for (const [condition, status] of [
    ['"v1"', 206],
    ['"v0"', 200],
    ['W/"v1"', 200],
    [DATE, 206],
    ['Tue, 02 Jan 2024 00:00:00 GMT', 200],
    ['nonsense', 200],
  ] as const) {
    for (const path of ['warm', `cold${nth++}`]) {
      const answer = await call('GET', `${url}/api/v1/remote/a/${path}`, { headers: { range: 'bytes=2-4', 'if-range': condition } });
      expect([condition, path, answer.status, answer.text]).toEqual([condition, path, status, status === 206 ? '234' : '0123456789']);
    }
  }
});

test.each(['bytes=1-0', 'bytes=a-b', 'lines=1-2', 'bytes=0-1,3-4', 'bytes=--1'])('the range %s is ignored', async (range) => {
  const files = await upstream((_request, response) => response.end('0123456789'));
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url });
  for (let turn = 0; turn < 2; turn++) {
    const answer = await call('GET', `${url}/api/v1/remote/a/x`, { headers: { range } });
    expect([answer.status, answer.text]).toEqual([200, '0123456789']);
  }
});

test('If-None-Match knows lists, weak tags and the star, for GET and HEAD; another tag gets the object', async () => {
  const files = await upstream((_request, response) => response.setHeader('etag', '"v1"').end('x'));
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url });
  await call('GET', `${url}/api/v1/remote/a/x`);
  for (const [tags, status] of [
    ['"v1"', 304],
    ['W/"v1"', 304],
    ['"v0", "v1"', 304],
    ['*', 304],
    ['"v0"', 200],
  ] as const) {
    for (const method of ['GET', 'HEAD']) {
      const answer = await call(method, `${url}/api/v1/remote/a/x`, { headers: { 'if-none-match': tags } });
      expect([tags, answer.status, answer.header('etag')]).toEqual([tags, status, '"v1"']);
    }
  }
  expect(files.requests).toHaveLength(1);
});

test('an error and an upload are answered as they are, whatever the client has', async () => {
  const { url } = await registry();
  await addRemote(url, { name: 'l', repo_type: 'local', package_type: 'npm' });
  const missing = `${url}/api/v1/local/l/missing`;
  const first = await call('GET', missing);
  expect([first.status, first.header('etag')]).toEqual([404, null]);
  const tag = `"${createHash('sha256').update(first.text).digest('hex')}"`;
  for (const known of [tag, '*']) {
    for (const method of ['GET', 'HEAD']) expect((await call(method, missing, { headers: { 'if-none-match': known } })).status).toBe(404);
    const body = publication({ name: 'p', version: known === '*' ? '2.0.0' : '1.0.0' });
    expect((await call('PUT', `${url}/api/v1/local/l/p`, { body, headers: { 'if-none-match': '*' } })).status).toBe(201);
  }
});

test('an encoded body stays as it came, with its name, whatever the client says it accepts', async () => {
  const packed = gzipSync('content');
  const files = await upstream((_request, response) => response.setHeader('content-encoding', 'gzip').end(packed));
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url });
  for (const accepted of ['gzip', 'identity', 'br']) {
    const answer = await fetch(`${url}/api/v1/remote/a/x`, { headers: { 'accept-encoding': accepted } });
    expect([answer.headers.get('content-encoding'), answer.headers.get('content-length') ?? String(packed.length)]).toEqual([
      'gzip',
      String(packed.length),
    ]);
    expect(await answer.text()).toBe('content');
    const head = await call('HEAD', `${url}/api/v1/remote/a/x`, { headers: { 'accept-encoding': accepted } });
    expect(head.header('content-encoding')).toBe('gzip');
  }
  expect((await call('GET', `${url}/api/v2/remotes/a/objects`)).json).toMatchObject({
    items: [{ sha256: sha256(packed), size: packed.length, content_encoding: 'gzip' }],
  });
});

test('500 simultaneous requests for a cold object are one fetch, and all get bytes while they arrive', async () => {
  const body = randomBytes(400_000);
  let finish: () => void = () => undefined;
  const files = await upstream((_request, response) => {
    response.setHeader('content-length', body.length).write(body.subarray(0, 200_000));
    finish = () => void response.end(body.subarray(200_000));
  });
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url });
  const readers = await Promise.all(
    Array.from({ length: 500 }, async () => {
      const answer = await fetch(`${url}/api/v1/remote/a/x`);
      const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
      return { reader, first: (await reader.read()).value };
    }),
  );
  // Every client has bytes, and the upstream has not sent the second half yet.
  finish();
  const hashes = readers.map(async ({ reader, first }) => {
    const parts = [first ?? new Uint8Array()];
    for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(part.value);
    return sha256(Buffer.concat(parts));
  });
  expect(new Set(await Promise.all(hashes))).toEqual(new Set([sha256(body)]));
  expect(files.requests).toHaveLength(1);
});

test('the client that began a fetch hangs up, and the others get it all', async () => {
  let response: ServerResponse | undefined;
  const files = await upstream((_request, answer) => {
    response = answer;
    answer.setHeader('content-length', 10).write('01234');
  });
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url });
  const first = new AbortController();
  const begun = await fetch(`${url}/api/v1/remote/a/x`, { signal: first.signal });
  const others = [1, 2].map(() => call('GET', `${url}/api/v1/remote/a/x`));
  await begun.body?.getReader().read();
  first.abort();
  // Long enough for the registry to notice.
  await new Promise((resolve) => setTimeout(resolve, 50));
  response?.end('56789');
  expect((await Promise.all(others)).map(({ text }) => text)).toEqual(['0123456789', '0123456789']);
  expect(files.requests).toHaveLength(1);
});

test.each([
  ['stops in the middle of what it announced', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234', 'end'],
  ['stops in the middle of a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n01234', 'end'],
  ['stops before the last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n', 'end'],
  ['sends more than it announced', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n0123456789', 'stay'],
  ['announces two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 10\r\n\r\n0123456789', 'stay'],
  [
    'answers with a part that nobody asked for',
    'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-4/10\r\nContent-Length: 5\r\n\r\n01234',
    'end',
  ],
  ['says that what nobody has is not modified', 'HTTP/1.1 304 Not Modified\r\n\r\n', 'end'],
])('nothing is kept or served as whole of an upstream that %s', async (_what, sent, then) => {
  let isWhole = false;
  const one = await rawServer((socket) => {
    if (isWhole) return void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789');
    socket.write(sent);
    if (then === 'end') setTimeout(() => socket.end(), 20);
  });
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: one });
  const requests = Array.from({ length: 3 }, () => call('GET', `${url}/api/v1/remote/a/x`).catch(() => undefined));
  for (const answer of await Promise.all(requests)) expect(answer?.status ?? 502).toBe(502);
  expect((await call('GET', `${url}/api/v2/remotes/a/objects`)).json).toMatchObject({ total: 0 });
  isWhole = true;
  expect((await call('GET', `${url}/api/v1/remote/a/x`)).text).toBe('0123456789');
});

test('an upstream that breaks off does not take the copy at hand with it', async () => {
  let isWhole = true;
  const one = await rawServer((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n${isWhole ? 'good' : 'b'}`);
    if (!isWhole) setTimeout(() => socket.end(), 20);
  });
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: one, mutable_patterns: ['.*'], mutable_ttl: 0 });
  expect((await call('GET', `${url}/api/v1/remote/a/x`)).text).toBe('good');
  isWhole = false;
  const broken = await call('GET', `${url}/api/v1/remote/a/x`);
  expect([broken.status, broken.text, broken.header('x-artifact-stale')]).toEqual([200, 'good', 'true']);
  isWhole = true;
  const again = await call('GET', `${url}/api/v1/remote/a/x`);
  expect([again.text, again.header('x-artifact-stale')]).toEqual(['good', null]);
  expect((await call('GET', `${url}/api/v2/remotes/a/objects`)).json).toMatchObject({
    total: 1,
    items: [{ sha256: sha256(Buffer.from('good')) }],
  });
});

test('parts of a stored object of 5 GB are found beyond what 32 bits count', async () => {
  const data = tempFolder();
  const size = 5 * 2 ** 30;
  const hash = 'ab'.repeat(32);
  mkdirSync(join(data, 'blobs/sha256/ab'), { recursive: true });
  // A file with holes: it takes no room on the disk.
  const file = openSync(join(data, 'blobs/sha256/ab', hash), 'w');
  ftruncateSync(file, size);
  writeSync(file, 'needle', 4 * 2 ** 30 + 10);
  closeSync(file);
  const first = await registry({ data });
  await addRemote(first.url, { name: 'a', base_url: 'http://127.0.0.1:1' });
  await first.close();
  const store = await openTestStore(data);
  const remote = await store.repositories.remote('a');
  const times = { created_at: DATE, validated_at: DATE, accessed_at: DATE };
  const facts = { content_type: 'x/y', content_encoding: '', etag: '', last_modified: '', tag: '"t"', status: 200, url: '', headers: '{}' };
  await store.metadata
    .tables<{ blobs: { hash: string; size: number; created_at: string } }>()
    .insertInto('blobs')
    .values({ hash, size, created_at: new Date().toISOString() })
    .execute();
  expect(remote && (await store.artifacts.put(remote, { remote: 'a', path: 'x', variant: '', hash, size, ...facts, ...times }))).toBe(true);
  await store.close();
  const { url } = await registry({ data });
  const answer = await call('GET', `${url}/api/v1/remote/a/x`, { headers: { range: `bytes=${4 * 2 ** 30 + 10}-${4 * 2 ** 30 + 15}` } });
  expect([answer.status, answer.text, answer.header('content-range')]).toEqual([206, 'needle', `bytes 4294967306-4294967311/${size}`]);
  expect((await call('HEAD', `${url}/api/v1/remote/a/x`)).header('content-length')).toBe(String(size));
});
