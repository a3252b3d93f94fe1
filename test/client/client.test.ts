import { ApiError } from '../../src/schema/define/errors';
import { createServer } from 'node:http';
import { connect as connectTcp, type AddressInfo } from 'node:net';
import { Client, type ClientOptions } from '../../src/client/client';
import { Redactor } from '../../src/client/redact';
import { parseRetryAfter } from '../../src/client/retry';
import type { ApiRequest } from '../../src/schema/define/binding';
import { createCertificate } from '../../src/protocol/certificate';
import { type Answer, type Fault, startServer, type TestServer } from '../../src/testing/http-server';

const echo: Answer = ({ method, path, headers }) => ({ status: 200, body: { method, path, headers } });
const options: Omit<ClientOptions, 'endpoint'> = {
  headers: {},
  secrets: ['s3cr3t'],
  userAgent: 'test/1',
  insecureSkipVerify: false,
  maxConcurrency: 4,
  requestTimeout: 2000,
  maxRetries: 3,
  baseDelay: 1,
  env: {},
};
const clients: Client[] = [];
const clientOf = (endpoint: string, more: Partial<ClientOptions> = {}): Client => {
  const client = new Client({ ...options, endpoint, ...more });
  clients.push(client);
  return client;
};
const failure = async (client: Client, request: ApiRequest): Promise<ApiError> => {
  const thrown: unknown = await client.send(request).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(thrown instanceof ApiError)) throw new Error(`it should have failed with an ApiError, not ${String(thrown)}`);
  return thrown;
};

let server: TestServer;
beforeEach(async () => void (server = await startServer(echo)));
afterEach(async () => {
  await server.stop();
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

describe('a call', () => {
  it('keeps the path of the endpoint and names itself', async () => {
    const { json } = await clientOf(`${server.endpoint}/base/path/`, { headers: { authorization: 'Bearer s3cr3t' } }).send({
      method: 'GET',
      path: '/things?x=1',
    });
    expect(json).toMatchObject({
      method: 'GET',
      path: '/base/path/things?x=1',
      headers: { accept: 'application/json', 'user-agent': 'test/1', authorization: 'Bearer s3cr3t' },
    });
  });

  it('sends a body as JSON', async () => {
    await clientOf(server.endpoint).send({ method: 'POST', path: '/things', body: { a: [] } });
    expect(server.log[0]).toMatchObject({ method: 'POST', json: { a: [] }, headers: { 'content-type': 'application/json' } });
  });

  const busy = { status: 503, headers: { 'retry-after': '0' } };
  it.each<[string, Fault, ApiRequest['method'], number]>([
    ['503', { kind: busy, times: 2 }, 'GET', 3],
    ['429', { kind: { status: 429, headers: { 'retry-after': '0' } }, times: 2 }, 'POST', 3],
    ['502', { kind: { status: 502 } }, 'PUT', 2],
    ['504', { kind: { status: 504 } }, 'DELETE', 2],
    ['503 before a POST', { kind: busy }, 'POST', 2],
    ['a reset', { kind: 'reset', times: 3 }, 'GET', 4],
    ['a lost answer', { kind: 'lost' }, 'PUT', 2],
    ['half an answer', { kind: 'truncated' }, 'GET', 2],
  ])('is tried again after %s', async (...[, fault, method, times]) => {
    server.fault(fault);
    expect((await clientOf(server.endpoint).send({ method, path: '/things' })).status).toBe(200);
    expect(server.calls()).toHaveLength(times);
  });

  it.each<[string, Fault, ApiRequest['method'], object]>([
    ['a lost answer to a POST', { kind: 'lost' }, 'POST', { code: 'unreachable', outcomeUnknown: true }],
    ['a reset of a POST', { kind: 'reset' }, 'POST', { code: 'unreachable', outcomeUnknown: true }],
    ['a 502 to a POST', { kind: { status: 502 } }, 'POST', { code: 'server-error', status: 502, outcomeUnknown: true }],
    ['a 500', { kind: { status: 500, text: 'boom' } }, 'PUT', { code: 'server-error', status: 500, outcomeUnknown: false }],
    ['a 500 to a POST', { kind: { status: 500 } }, 'POST', { code: 'server-error', outcomeUnknown: true }],
    ['a 400', { kind: { status: 400 } }, 'POST', { code: 'invalid', status: 400, outcomeUnknown: false }],
    ['a 404', { kind: { status: 404 } }, 'GET', { code: 'not-found', status: 404 }],
    ['a 409', { kind: { status: 409 } }, 'POST', { code: 'conflict', status: 409, outcomeUnknown: false }],
  ])('is not tried again after %s', async (...[, fault, method, expected]) => {
    server.fault(fault);
    expect(await failure(clientOf(server.endpoint), { method, path: '/things' })).toMatchObject({
      ...expected,
      method,
      url: `${server.endpoint}/things`,
    });
    expect(server.calls()).toHaveLength(1);
  });

  it('gives up after the retries it may make', async () => {
    server.fault({ kind: 'reset', times: 99 });
    expect((await failure(clientOf(server.endpoint, { maxRetries: 2 }), { method: 'GET', path: '/x' })).code).toBe('unreachable');
    expect(server.calls()).toHaveLength(3);
  });

  it('ends after the time it may take', async () => {
    server.fault({ kind: 'hang' });
    const error = await failure(clientOf(server.endpoint, { requestTimeout: 200, maxRetries: 0 }), { method: 'POST', path: '/x' });
    expect(error).toMatchObject({ code: 'timeout', outcomeUnknown: true, message: `POST ${server.endpoint}/x: no answer within 0.2 s` });
  });

  it('ends at once when the client is stopped', async () => {
    server.fault({ kind: 'hang' });
    const client = clientOf(server.endpoint);
    const sent = failure(client, { method: 'GET', path: '/x' });
    while (server.log.length === 0) await new Promise((resolve) => setImmediate(resolve));
    client.stop();
    expect((await sent).code).toBe('cancelled');
  });
});

describe('many calls at once', () => {
  it('warn of nothing', async () => {
    const warnings: Error[] = [];
    const listener = (warning: Error): void => void warnings.push(warning);
    process.on('warning', listener);
    const client = clientOf(server.endpoint, { maxConcurrency: 20 });
    await Promise.all(Array.from({ length: 60 }, () => client.send({ method: 'GET', path: '/x' })));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', listener);
    expect(warnings).toEqual([]);
  });
});

describe('what a failed call says', () => {
  const secret = 'pa"ss w/rd';
  it.each([secret, JSON.stringify(secret), encodeURIComponent(secret), Buffer.from(secret).toString('base64')])(
    'holds no secret, spelled %s',
    async (spelling) => {
      server.fault({ kind: { status: 400, text: `bad: ${spelling}!` } });
      const error = await failure(clientOf(server.endpoint, { secrets: [secret] }), { method: 'GET', path: '/x' });
      expect(error.message).not.toContain(spelling);
      expect(error.message).toMatch(/answered 400: bad: "?\(sensitive\)"?!$/);
    },
  );

  it('is short', async () => {
    server.fault({ kind: { status: 400, text: 'x'.repeat(5000) } });
    expect((await failure(clientOf(server.endpoint), { method: 'GET', path: '/x' })).message.length).toBeLessThan(450);
  });

  it('is told to the log without headers, bodies and secrets', async () => {
    const events: object[] = [];
    await clientOf(server.endpoint, { headers: { authorization: 'Bearer s3cr3t' }, onRequest: (event) => events.push(event) }).send({
      method: 'PUT',
      path: '/x',
      body: { password: 's3cr3t' },
    });
    expect(events).toEqual([{ method: 'PUT', path: '/x', status: 200, milliseconds: expect.any(Number) as number }]);
  });

  it('hides the longer of two secrets first, and nothing for an empty one', () => {
    const redactor = new Redactor();
    for (const text of ['', 'abc', 'abcdef']) redactor.add(text);
    expect(redactor.clean('x abcdef abc')).toBe('x (sensitive) (sensitive)');
  });

  it('hides all that belongs to any of several secrets, however they meet', () => {
    const redactor = new Redactor();
    for (const text of ['abcd', 'cdefgh', '#', 'yz', 'abcd']) redactor.add(text);
    expect(redactor.clean('1abcdefgh2abcdabcd3yz#zy')).toBe('1(sensitive)2(sensitive)(sensitive)3(sensitive)(sensitive)zy');
    expect(redactor.clean('')).toBe('');
  });

  it('finds each of many secrets that begin alike', () => {
    const redactor = new Redactor();
    const secrets = Array.from({ length: 500 }, (_, index) => `password-${index}!`);
    for (const secret of secrets) redactor.add(secret);
    expect(redactor.clean(secrets.join(' '))).toBe(secrets.map(() => '(sensitive)').join(' '));
    expect(redactor.clean('password-500!')).toBe('password-500!');
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each<[string | undefined, number | undefined]>([
    [undefined, undefined],
    ['0', 0],
    ['7', 7000],
    [' 7 ', 7000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    ['99999999999', undefined],
  ])('%j is %j', (header, expected) => expect(parseRetryAfter(header, now)).toBe(expected));
});

describe('TLS', () => {
  it('trusts an authority that is given, and no other', async () => {
    const { key, pem } = createCertificate();
    const tls = await startServer(echo, { key, cert: pem });
    expect((await failure(clientOf(tls.endpoint), { method: 'GET', path: '/x' })).code).toBe('tls');
    expect((await failure(clientOf(tls.endpoint, { caCert: createCertificate().pem }), { method: 'GET', path: '/x' })).code).toBe('tls');
    expect((await clientOf(tls.endpoint, { caCert: pem }).send({ method: 'GET', path: '/x' })).status).toBe(200);
    expect((await clientOf(tls.endpoint, { insecureSkipVerify: true }).send({ method: 'GET', path: '/x' })).status).toBe(200);
    await tls.stop();
  });
});

describe('a proxy of the environment', () => {
  it('is used, but not for hosts it must not be used for', async () => {
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(new URL(request.url ?? '').host);
      response.end('{}');
    });
    proxy.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      const upstream = connectTcp(server.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket);
        socket.pipe(upstream);
      });
      for (const end of [socket, upstream]) end.on('error', () => end.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const env = { HTTP_PROXY: url, http_proxy: url, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };
    expect((await clientOf(`http://registry.test:${server.port}`, { env, maxRetries: 0 }).send({ method: 'GET', path: '/x' })).status).toBe(
      200,
    );
    expect(asked).toEqual([`registry.test:${server.port}`]);
    expect((await clientOf(server.endpoint, { env }).send({ method: 'GET', path: '/x' })).status).toBe(200);
    expect(asked).toHaveLength(1);
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });
});
