import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { addRemote, call, cleanUp, registry, tempFolder } from '../helpers';
import { rawServer } from './raw';

afterEach(cleanUp);

const sha256 = (body: Buffer) => createHash('sha256').update(body).digest('hex');

test.each([70_000, 3_000_000])('a body of %d bytes with the end of the connection right behind it arrives whole', async (size) => {
  const body = randomBytes(size);
  const one = await rawServer((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\nConnection: close\r\n\r\n`);
    socket.end(body);
  });
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: one });
  const slow = async (path: string) => {
    const response = await fetch(`${url}/api/v1/remote/a/${path}`);
    const pieces: Uint8Array[] = [];
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      pieces.push(piece);
      await sleep(1);
    }
    return sha256(Buffer.concat(pieces));
  };
  const paths = Array.from({ length: 10 }, (_, index) => `f${index}`);
  expect(new Set(await Promise.all(paths.map(slow)))).toEqual(new Set([sha256(body)]));
});

test('what an upstream sends, or stops sending, at whatever point, is an answer and not the end of the process', async () => {
  const head = (length: number, more = '') => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n${more}\r\n`;
  const whole = [
    head(5) + 'hello',
    head(5) + 'hello world',
    head(9) + 'hello',
    head(0, 'Connection: close\r\n'),
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!',
    'HTTP/1.1 200 OK\r\n\r\nuntil the end',
    'HTTP/1.1 302 Found\r\nLocation: http://[broken\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 302 Found\r\nLocation: ?again\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n',
    'HTTP/1.1 304 Not Modified\r\n\r\n',
    'HTTP/1.1 500 No\r\nContent-Length: 99\r\n\r\nno',
    'HTTP/1.1 999 ???\r\nContent-Length: 0\r\n\r\n',
    'HTTP/2 200\r\n\r\n',
    `HTTP/1.1 200 OK\r\nX-Long: ${'a'.repeat(40_000)}\r\n\r\n`,
    head(5, 'Content-Encoding: gzip\r\n') + 'hello',
    head(5, 'Content-Disposition: caf\xe9; \x01\r\n') + 'hello',
    '\x16\x03\x01',
  ];
  let answer = '';
  let reset = false;
  const one = await rawServer((socket) => {
    if (answer !== '') socket.write(Buffer.from(answer, 'latin1'));
    setImmediate(() => (reset ? socket.resetAndDestroy() : socket.end()));
  });
  const { url } = await registry();
  await addRemote(url, { name: 'g', base_url: one });
  await addRemote(url, { name: 'h', package_type: 'helm', base_url: one });
  let nth = 0;
  const where = fc.constantFrom('g/file', 'g/file.tgz', 'h/index.yaml');
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...whole), fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), async (text, part, broken) => {
      answer = text.slice(0, Math.ceil(text.length * part));
      reset = broken;
      const [path = ''] = fc.sample(where, 1);
      for (const method of ['GET', 'HEAD'] as const) {
        const got = await call(method, `${url}/api/v1/remote/${path}?${nth++}`).catch(() => undefined);
        if (got) expect([200, 203, 204, 416, 502]).toContain(got.status);
      }
    }),
    { numRuns: 120 },
  );
  expect((await call('GET', `${url}/health`)).status).toBe(200);
});

test.each(['GET', 'HEAD'])('%s is tried once more, on a fresh connection, when a kept one was closed', async (method) => {
  let connections = 0;
  const one = await rawServer((socket, _head, nth) => {
    if (nth > 0) return void socket.destroy();
    connections++;
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n' + (method === 'HEAD' ? '' : 'data'));
  });
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: one });
  for (const path of ['1', '2', '3']) expect((await call(method, `${url}/api/v1/remote/a/${path}`)).status).toBe(200);
  expect(connections).toBe(3);
});

test('a 204 has no body, whatever length it announces', async () => {
  const one = await rawServer((socket) => void socket.write('HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n'));
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: one });
  for (let turn = 0; turn < 2; turn++) expect((await call('GET', `${url}/api/v1/remote/a/x`)).status).toBe(204);
});

test('a body without an announced length whose connection is reset is not a whole one', async () => {
  const one = await rawServer((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(70_000)}`);
    setTimeout(() => socket.resetAndDestroy(), 100);
  });
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: one });
  await expect(call('GET', `${url}/api/v1/remote/a/x`)).rejects.toThrow();
  expect((await call('GET', `${url}/api/v2/remotes/a/objects`)).json).toMatchObject({ total: 0 });
});

test('what a server sends behind its answer makes that one wrong, and is neither an answer nor the failure of the next request', async () => {
  const one = await rawServer((socket, head) => {
    const path = head.split(' ')[1] ?? '';
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n');
    setTimeout(() => socket.write(`${path}...`), 20);
  });
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: one });
  for (const path of ['h1', 'h2', 'h3']) {
    expect((await call('HEAD', `${url}/api/v1/remote/a/${path}`)).status).toBe(200);
    const wrong = await call('GET', `${url}/api/v1/remote/a/${path}`).catch(() => undefined);
    expect(wrong?.status ?? 502).toBe(502);
  }
  expect((await call('GET', `${url}/api/v2/remotes/a/objects`)).json).toMatchObject({ total: 0 });
});

test.each([
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
] as const)(
  'a document that an upstream encodes by %s is read, and one that grows without measure is refused',
  async (encoding, encode) => {
    const packument = (readme: string) => JSON.stringify({ name: 'pk', versions: {}, readme });
    const one = await rawServer((socket, head) => {
      const body = encode(packument(head.includes('/bomb') ? ' '.repeat(40 << 20) : 'read me '.repeat(100_000)));
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n\r\n`);
      socket.write(body);
    });
    const { url } = await registry();
    await addRemote(url, { name: 'a', package_type: 'npm', base_url: one });
    expect((await call('GET', `${url}/api/v1/remote/a/pk`)).json).toMatchObject({ name: 'pk' });
    const bomb = await call('GET', `${url}/api/v1/remote/a/bomb`);
    expect([bomb.status, bomb.text]).toEqual([502, expect.stringContaining('larger than')]);
  },
);

test('a folder that cannot be written to is an error for the client, and works again once it is there', async () => {
  const one = await rawServer((socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndata'));
  const data = tempFolder();
  const { url } = await registry({ data });
  await addRemote(url, { name: 'a', base_url: one });
  const tmp = join(data, 'tmp');
  rmSync(tmp, { recursive: true });
  expect((await call('GET', `${url}/api/v1/remote/a/x`)).status).toBe(500);
  expect((await call('GET', `${url}/health`)).status).toBe(200);
  mkdirSync(tmp);
  expect((await call('GET', `${url}/api/v1/remote/a/x`)).text).toBe('data');
});

test('a stored file that has vanished is fetched again', async () => {
  const one = await rawServer((socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndata'));
  const data = tempFolder();
  const { url } = await registry({ data });
  await addRemote(url, { name: 'a', base_url: one });
  await call('GET', `${url}/api/v1/remote/a/x`);
  rmSync(join(data, 'blobs'), { recursive: true });
  expect((await call('GET', `${url}/api/v1/remote/a/x`)).text).toBe('data');
});
