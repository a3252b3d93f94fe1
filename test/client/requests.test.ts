import { Client, type ClientOptions } from '../../src/client/client';
import type { ApiClient, DecodedAnswer } from '../../src/schema/define';
import { startServer, type Got, type Reply, type TestServer } from '../../src/testing/http-server';

const options: Omit<ClientOptions, 'endpoint'> = {
  headers: {},
  secrets: [],
  userAgent: 'test',
  insecureSkipVerify: false,
  maxConcurrency: 4,
  requestTimeout: 300,
  maxRetries: 0,
  baseDelay: 1,
  env: {},
};
let server: TestServer;
let answer: (got: Got) => Reply | Promise<Reply>;
const clients: Client[] = [];
const lines: string[] = [];
const clientOf = (more: Partial<ClientOptions> = {}): Client => {
  const log = (message: string, fields: object): void => void lines.push(JSON.stringify({ message, ...fields }));
  const client = new Client({ ...options, log, endpoint: server.endpoint, ...more });
  clients.push(client);
  return client;
};
beforeEach(async () => {
  answer = () => ({ status: 200, body: {} });
  server = await startServer((got) => answer(got));
});
afterEach(async () => {
  lines.splice(0);
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await server.stop();
});

describe('the body of a request', () => {
  it.each([
    ['JSON', { body: { a: 1 } }, 'application/json', '{"a":1}'],
    ['a form', { form: { a: 'b c', d: 'é&=' } }, 'application/x-www-form-urlencoded', 'a=b+c&d=%C3%A9%26%3D'],
    ['a text', { text: 'kind: Thing\n' }, 'text/plain; charset=utf-8', 'kind: Thing\n'],
    ['a text of another type', { text: 'a: 1', contentType: 'application/yaml' }, 'application/yaml', 'a: 1'],
    ['JSON of another type', { body: [], contentType: 'application/json-patch+json' }, 'application/json-patch+json', '[]'],
  ])('is %s', async (...[, body, type, text]) => {
    await clientOf().send({ method: 'POST', path: '/x', ...body });
    expect(server.log[0]).toMatchObject({ text, headers: { 'content-type': type, 'content-length': String(Buffer.byteLength(text)) } });
  });
});

describe('a path', () => {
  it.each(['/a/../b', '/a/..', '/./a', '/a/%2e%2E/b', '/a/.?x=1'])('that leads elsewhere, such as %s, is not asked for', async (path) => {
    await expect(clientOf().send({ method: 'PUT', path })).rejects.toMatchObject({ code: 'invalid' });
    expect(server.log).toEqual([]);
  });

  it.each(['/a/...', '/.a/b..', '/a?x=/../b', '/a//b', '/a/..%2Fb'])('such as %s is asked for as it is', async (path) => {
    await clientOf().send({ method: 'GET', path });
    expect(server.calls()).toEqual([`GET ${path}`]);
  });
});

describe('an answer', () => {
  it('has the headers, and the text only where there is no JSON', async () => {
    answer = () => ({ status: 200, headers: { 'X-Total': '7' }, body: [] });
    const json = await clientOf().send({ method: 'GET', path: '/x' });
    expect([json.json, json.text, json.headers['x-total']]).toEqual([[], undefined, '7']);
    answer = () => ({ status: 200, text: 'plain' });
    expect(await clientOf().send({ method: 'GET', path: '/x' })).toMatchObject({ json: undefined, text: 'plain' });
  });

  it('is a text where another type is asked for, even when it could be read as JSON', async () => {
    answer = ({ headers }) => ({ status: 200, text: headers.accept === 'text/plain' ? '42' : 'not asked for' });
    expect(await clientOf().send({ method: 'GET', path: '/x', accept: 'text/plain' })).toMatchObject({ json: undefined, text: '42' });
  });
});

describe('the short forms', () => {
  it.each<[string, (client: ApiClient) => Promise<unknown>, unknown]>([
    ['get an object', (client) => client.get('/a'), { name: 'a' }],
    ['find an object', (client) => client.find('/a'), { name: 'a' }],
    ['find nothing', (client) => client.find('/none'), undefined],
    ['list objects', (client) => client.list('/list'), [{ name: 'a' }]],
    ['post an object', (client) => client.post('/echo', { b: 1 }), { method: 'POST', json: { b: 1 } }],
    ['put an object', (client) => client.put('/echo', { b: 1 }), { method: 'PUT', json: { b: 1 } }],
    ['patch an object', (client) => client.patch('/echo', { b: 1 }), { method: 'PATCH', json: { b: 1 } }],
    ['take an acknowledgement for nothing', (client) => client.post('/text', {}), undefined],
    ['delete', (client) => client.delete('/a'), undefined],
    ['delete what is gone', (client) => client.delete('/none'), undefined],
  ])('%s', async (_, call, expected) => {
    answer = ({ method, path, json }) => {
      if (path === '/none') return { status: 404 };
      if (path === '/list') return { status: 200, body: [{ name: 'a' }] };
      if (path === '/text') return { status: 201, text: 'created' };
      return { status: 200, body: path === '/echo' ? { method, json } : { name: 'a' } };
    };
    expect(await call(clientOf())).toEqual(expected);
  });

  it.each<[string, (client: ApiClient) => Promise<unknown>, RegExp]>([
    ['get', (client) => client.get('/x'), /GET \/x should be a JSON object but is a list/],
    ['find', (client) => client.find('/x'), /GET \/x should be a JSON object but is a list/],
    ['list', (client) => client.list('/x'), /GET \/x should be a JSON list of objects but is a list/],
    ['delete', (client) => client.delete('/bad'), /answered 500/],
  ])('%s throws for what it cannot be', async (_, call, words) => {
    answer = ({ path }) => (path === '/bad' ? { status: 500 } : { status: 200, body: ['a'] });
    await expect(call(clientOf())).rejects.toThrow(words);
  });
});

describe('a client with more', () => {
  it('sends the headers of both, and those of the call before them', async () => {
    const client = clientOf({ headers: { a: '1', b: '1', c: '1' } }).with({ headers: { b: '22222', c: '22222' } });
    await client.send({ method: 'GET', path: '/x', headers: { c: '3' } });
    expect(server.log[0]?.headers).toMatchObject({ a: '1', b: '22222', c: '3' });
  });

  it('shows its headers and secrets nowhere, in no spelling; what the provider block says in the open stays', async () => {
    answer = () => ({ status: 400, text: 'key k3y-of-all, token t0ken/of+all, t0ken%2Fof%2Ball, tenant acme, s3cret' });
    const settings = { tenant: 'acme' };
    const client = clientOf({ settings }).with({
      headers: { 'x-api-key': 'k3y-of-all', authorization: 'Bearer t0ken/of+all', 'x-tenant': 'acme', 'accept-language': 'key' },
      secrets: ['s3cret'],
    });
    const hidden = '(sensitive)';
    await expect(client.get('/x')).rejects.toThrow(`key ${hidden}, token ${hidden}, ${hidden}, tenant acme, ${hidden}`);
    client.log('the key is k3y-of-all', { token: 't0ken/of+all', tenant: 'acme' });
    expect(lines).toEqual([`{"message":"the key is ${hidden}","token":"${hidden}","tenant":"acme"}`]);
  });

  it('shows its decoder the method, path, status, headers, text and JSON of each answer', async () => {
    const seen: DecodedAnswer[] = [];
    answer = () => ({ status: 200, headers: { 'x-error': 'E7' }, text: 'it failed' });
    const client = clientOf().with({
      errorDecoder: (told) => {
        seen.push({ ...told });
        return told.headers['x-error'] === undefined ? undefined : { apiCode: 7, kind: 'conflict', message: told.text };
      },
    });
    await expect(client.send({ method: 'DELETE', path: '/x?y=1' })).rejects.toMatchObject({ code: 'conflict', apiCode: 7, status: 200 });
    expect(seen).toMatchObject([{ method: 'DELETE', path: '/x?y=1', status: 200, json: undefined, text: 'it failed' }]);
  });
});

describe('what is asked once', () => {
  it('is asked once for all, each client for itself; a failure is not kept', async () => {
    let status = 500;
    answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return { status, body: { version: 3 } };
    };
    const version = async (client: ApiClient): Promise<unknown> => (await client.get('/version'))['version'];
    const client = clientOf();
    const asked = (): Promise<PromiseSettledResult<unknown>[]> => Promise.allSettled([1, 2, 3].map(() => client.once(version)));
    expect((await asked()).map((one) => one.status)).toEqual(['rejected', 'rejected', 'rejected']);
    status = 200;
    expect(await asked()).toEqual([1, 2, 3].map(() => ({ status: 'fulfilled', value: 3 })));
    expect(await client.once(version)).toBe(3);
    expect(server.log).toHaveLength(2);
    expect(await client.with({ headers: { 'x-other': 'another one' } }).once(version)).toBe(3);
    expect([server.log.length, server.log[2]?.headers['x-other']]).toEqual([3, 'another one']);
  });
});

describe('a call with a time of its own', () => {
  const slow = ({ path }: Got): Promise<Reply> =>
    new Promise((resolve) => setTimeout(() => resolve({ status: 200, body: {} }), path === '/slow' ? 900 : 2));
  const quick = (client: ApiClient, calls: number): Promise<unknown> =>
    Promise.all(Array.from({ length: calls }, () => client.send({ method: 'GET', path: '/quick' })));
  /** How many calls go out together. */
  async function width(client: ApiClient): Promise<number> {
    let [now, most] = [0, 0];
    answer = async () => {
      most = Math.max(most, (now += 1));
      // On a busy machine the eighth may come late.
      for (let waited = 0; most < 8 && waited < 500; waited += 10) await new Promise((resolve) => setTimeout(resolve, 10));
      await new Promise((resolve) => setTimeout(resolve, 50));
      now -= 1;
      return { status: 200, body: {} };
    };
    await quick(client, 16);
    return most;
  }

  it('is no strain for the server, however long it takes', async () => {
    const client = clientOf({ maxConcurrency: 8 });
    answer = slow;
    await quick(client, 20);
    await Promise.all([1, 2, 3, 4].map(() => client.send({ method: 'GET', path: '/slow', timeout: 5000 })));
    expect(await width(client)).toBe(8);
  });

  it('is none either when its time is up, and nobody else waits because of it', async () => {
    const client = clientOf({ maxConcurrency: 8, maxRetries: 1, requestTimeout: 100 });
    answer = slow;
    await quick(client, 20);
    const late = [1, 2, 3].map(() => client.send({ method: 'GET', path: '/slow', timeout: 400 }));
    expect(await Promise.allSettled(late)).toMatchObject([1, 2, 3].map(() => ({ status: 'rejected', reason: { code: 'timeout' } })));
    const began = performance.now();
    expect(await width(client)).toBe(8);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

it.each([
  ['ends in /api', '/api', 404, true],
  ['ends in /api/', '/api/', 404, true],
  ['ends otherwise', '/base', 404, false],
  ['ends in /api, but the API refuses for another reason', '/api', 403, false],
])('an endpoint that %s is hinted at: %s', async (...[, base, status, hinted]) => {
  answer = () => ({ status });
  const thrown = await clientOf({ endpoint: server.endpoint + base })
    .get('/api/v2/things')
    .catch(String);
  expect(String(thrown).includes('the endpoint ends in "/api"')).toBe(hinted);
});

describe('a failure that the API names', () => {
  it.each([
    ['conflict', undefined, false],
    ['invalid', undefined, false],
    ['server-error', undefined, true],
    [undefined, undefined, true],
    ['conflict', 'unclear', true],
  ] as const)('as %j, with retry %j, leaves the outcome of a POST unknown: %j', async (kind, retry, outcomeUnknown) => {
    answer = () => ({ status: 500, text: 'no' });
    const errorDecoder = () => ({ apiCode: 1, message: 'no', ...(kind && { kind }), ...(retry && { retry }) });
    await expect(clientOf({ errorDecoder }).send({ method: 'POST', path: '/x' })).rejects.toMatchObject({ outcomeUnknown });
  });
});
