import { connect } from 'node:net';
import fc from 'fast-check';
import { type Registry } from '../../src/registry/server';
import { addRemote, addVirtual, call, cleanUp, registry, upstream } from './helpers';

let running: Registry;

beforeAll(async () => {
  const files = await upstream((_request, response) => response.end('x'));
  running = await registry();
  await addRemote(running.url, { name: 'r', base_url: files.url });
  await addRemote(running.url, { name: 'l', package_type: 'helm', repo_type: 'local' });
  await addVirtual(running.url, { name: 'v', package_type: 'helm', members: ['l'] });
});
afterAll(cleanUp);

/** Sends bytes as they are and reads until the other side is done or silent. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(new URL(running.url).port), '127.0.0.1', () => socket.write(Buffer.from(bytes, 'latin1')));
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined).on('close', () => resolve(text));
  });
}

const close = 'Host: x\r\nConnection: close\r\n';
const path = fc.oneof(
  fc.constantFrom(
    '/api/v1/remote/r/',
    '/api/v1/local/l/',
    '/api/v1/virtual/v/',
    '/api/v2/remotes/l/files/',
    '/api/v2/remotes/',
    '/v2/',
    '/',
  ),
);
const segment = fc.constantFrom(
  '..',
  '.',
  '%2e%2e',
  '%',
  '%zz',
  '%00',
  '%5c',
  'a',
  '//',
  '?page=x',
  '%ff',
  '#',
  'objects',
  '[',
  '"',
  '%2f',
);
const target = fc.tuple(path, fc.array(segment, { maxLength: 4 })).map(([start, rest]) => start + rest.join('/'));
const body = fc.oneof(
  fc.json(),
  fc.string({ unit: 'grapheme-ascii' }),
  fc.constantFrom('', '{', 'null', '[]', '{"name":{}}', '{"members":[1]}'),
);

test('no request, however malformed, is answered with 500, and each is answered', async () => {
  const method = fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS');
  await fc.assert(
    fc.asyncProperty(method, target, body, async (verb, where, sent) => {
      const length = Buffer.byteLength(sent, 'latin1');
      const answer = await raw(`${verb} ${where} HTTP/1.1\r\n${close}Content-Length: ${length}\r\n\r\n${sent}`);
      const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
});

test('random JSON is a 400 with a reason wherever a body is read', async () => {
  const where = fc.constantFrom('POST /api/v2/remotes', 'PUT /api/v2/remotes/r', 'POST /api/v2/virtuals', 'POST /api/v2/probe');
  await fc.assert(
    fc.asyncProperty(where, fc.jsonValue(), async (route, sent) => {
      const [method = '', url = ''] = route.split(' ');
      const answer = await call(method, running.url + url, { body: JSON.stringify(sent) });
      expect([answer.status, answer.text]).toEqual([400, expect.stringMatching(/^invalid body: .+\n$/)]);
    }),
    { numRuns: 100 },
  );
});

test.each(['..', '%2e%2e', '%2E.', 'a/../b', 'a/%2e/b', 'a%5cb', 'a%00b', '%'])('the path %s leads nowhere', async (bad) => {
  for (const start of ['GET /api/v1/remote/r', 'GET /api/v1/local/l', 'GET /api/v1/virtual/v', 'PUT /api/v2/remotes/l/files']) {
    expect(await raw(`${start}/${bad} HTTP/1.1\r\n${close}Content-Length: 0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
  }
});

test.each([
  ['garbage\r\n\r\n', 400],
  ['GET / HTTP/9.9\r\n\r\n', 400],
  [`GET /health HTTP/1.1\r\n${close}Content-Length: x\r\n\r\n`, 400],
  [`GET /health HTTP/1.1\r\n${close}X-Long: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
])('what is not HTTP is answered in words: %#', async (bytes, status) => {
  expect(await raw(bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*\r\n\r\n.+\n$`));
});

test('a body over the limit is a 413', async () => {
  const answer = await call('POST', `${running.url}/api/v2/remotes`, { body: 'x'.repeat((1 << 20) + 1) });
  expect([answer.status, answer.text]).toEqual([413, 'body is larger than 1048576 bytes\n']);
});

test('closing does not wait for idle connections nor for a request that hangs', async () => {
  const hanging = await upstream(() => undefined);
  const other = await registry({ closeGraceMs: 50 });
  await addRemote(other.url, { name: 'h', base_url: hanging.url });
  const lost = expect(call('GET', `${other.url}/api/v1/remote/h/x`)).rejects.toThrow('fetch failed');
  while (hanging.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await other.close();
  await lost;
  await expect(call('GET', `${other.url}/health`)).rejects.toThrow('fetch failed');
});
