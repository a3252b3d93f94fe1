import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import * as zlib from 'node:zlib';
import { Client } from '../../src/client/client';

const answer = { name: 'npm', note: 'é'.repeat(5000) };
const text = Buffer.from(JSON.stringify(answer));
/** The frame of zstd for a text of one raw block (RFC 8878), which any decoder reads and no encoder of ours need write. */
const zstd = (bytes: Buffer): Buffer => {
  const block = Buffer.alloc(3);
  block.writeUIntLE((bytes.length << 3) | 1, 0, 3);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0]), size, block, bytes]);
};

let asked: IncomingHttpHeaders[] = [];
let reply: (response: ServerResponse) => void = () => {};
let server: Server;
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.headers);
    request.resume();
    reply(response);
  });
  // As a proxy it leads every tunnel to itself.
  server.on('connect', (_, socket: Duplex) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    server.emit('connection', socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close().closeAllConnections());
beforeEach(() => (asked = []));

const sending =
  (body: Buffer, encoding: string, status = 200) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json', 'content-encoding': encoding }).end(body);
  };

/** A client by Node's own connections, or by undici through a proxy, which this server stands for too. */
function client(proxied: boolean): Client {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return new Client({
    endpoint: proxied ? 'http://api.example.com' : endpoint,
    headers: {},
    secrets: [],
    userAgent: 'test',
    maxRetries: 1,
    baseDelay: 1,
    insecureSkipVerify: false,
    maxConcurrency: 4,
    requestTimeout: 5000,
    env: proxied ? { http_proxy: endpoint } : {},
  });
}

describe.each([
  ['direct', false],
  ['through a proxy', true],
])('an answer %s', (_, proxied) => {
  let http: Client;
  beforeEach(() => (http = client(proxied)));
  afterEach(() => http.close());
  const get = (): Promise<{ json: unknown }> => http.send({ method: 'GET', path: '/x' });

  test.each<[string, string, Buffer]>([
    ['gzip', 'gzip', zlib.gzipSync(text)],
    ['gzip by its old name, in capitals', 'X-GZip', zlib.gzipSync(text)],
    ['gzip in two members', 'gzip', Buffer.concat([zlib.gzipSync(text.subarray(0, 9)), zlib.gzipSync(text.subarray(9))])],
    ['deflate', 'deflate', zlib.deflateSync(text)],
    ['deflate without its head', 'deflate', zlib.deflateRawSync(text)],
    ['br', 'br', zlib.brotliCompressSync(text)],
    ['br over gzip', 'gzip, br', zlib.brotliCompressSync(zlib.gzipSync(text))],
    ['identity', 'identity', text],
  ])('in %s is read, though it was asked for as it is', async (__, encoding, body) => {
    reply = sending(body, encoding);
    expect((await get()).json).toEqual(answer);
    expect(asked.map((headers) => headers['accept-encoding'])).toEqual(['identity']);
  });

  test('in zstd is read where Node can', async () => {
    reply = sending(zstd(text), 'zstd');
    if ('createZstdDecompress' in zlib) expect((await get()).json).toEqual(answer);
    else await expect(get()).rejects.toThrow(`the answer is encoded with "zstd", which Node ${process.versions.node} cannot decode`);
  });

  test.each<[string, string, Buffer, RegExp]>([
    ['an encoding that nobody knows', 'sdch', text, /encoded with "sdch", which Node/],
    ['what is not gzip', 'gzip', text, /claims the content encoding gzip, but it cannot be decoded \(Z_DATA_ERROR\)/],
    ['gzip that ends too early', 'gzip', zlib.gzipSync(text).subarray(0, 30), /cannot be decoded \(Z_BUF_ERROR\)/],
    ['what is not brotli', 'br', text, /cannot be decoded \(ERR_/],
    ['too many encodings', 'gzip,gzip,gzip,gzip,gzip', text, /encoded 5 times/],
    ['more than any answer has', 'gzip', zlib.gzipSync(Buffer.alloc(80 * 1024 * 1024, 32)), /larger than 64 MiB/],
    ['brotli that grows a million times', 'br', zlib.brotliCompressSync(Buffer.alloc(80 * 1024 * 1024, 32)), /larger than 64 MiB/],
    ['a million objects', 'gzip', zlib.gzipSync(`[${'{},'.repeat(999_999)}{}]`), /more objects and lists than any API returns/],
  ])('in %s is an unexpected answer, asked for once', async (...[, encoding, body, message]) => {
    reply = sending(body, encoding);
    await expect(get()).rejects.toMatchObject({ code: 'unexpected-answer', message: expect.stringMatching(message) as string });
    expect(asked).toHaveLength(1);
  });

  test('to a write that cannot be decoded may have been done', async () => {
    reply = sending(text, 'gzip');
    await expect(http.send({ method: 'POST', path: '/x', body: {} })).rejects.toMatchObject({
      code: 'unexpected-answer',
      outcomeUnknown: true,
    });
  });

  test('of an error is told, and where it cannot be decoded the status is', async () => {
    reply = sending(zlib.gzipSync('no such thing'), 'gzip', 404);
    await expect(get()).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('answered 404: no such thing') as string,
    });
    reply = sending(Buffer.from('no such thing'), 'gzip', 404);
    await expect(get()).rejects.toMatchObject({ code: 'not-found', message: expect.stringMatching(/answered 404$/) as string });
  });

  test('without a body may name an encoding', async () => {
    reply = sending(Buffer.alloc(0), 'gzip');
    expect(await get()).toMatchObject({ status: 200, json: undefined, headers: { 'content-encoding': 'gzip' } });
  });

  test('that is a file is decoded before its digest is taken', async () => {
    reply = sending(zlib.gzipSync('hello'), 'gzip');
    const { digest } = await http.send({ method: 'GET', path: '/x', digest: true });
    expect(digest).toEqual({ sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824', size: 5 });
  });

  test('that breaks off in the middle is a broken connection', async () => {
    const whole = zlib.gzipSync(randomBytes(5000));
    reply = (response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': String(whole.length) });
      response.write(whole.subarray(0, 500), () => response.destroy());
    };
    await expect(get()).rejects.toMatchObject({ code: 'unreachable' });
    expect(asked).toHaveLength(2);
  });
});
