import { Client } from '../../src/client/client';
import { type ApiRequest } from '../../src/schema/define';
import { artifactapi } from '../../src/resources/artifactapi';
import { startServer, type TestServer } from '../../src/testing/http-server';
import { MemoryApi } from '../../src/testing/memory-api';
import { configured } from '../../src/testing/target';

let server: TestServer;
beforeEach(async () => void (server = await startServer(() => ({ status: 200, body: {} }))));
afterEach(() => server.stop());

const clientOf = (): Client =>
  new Client({
    endpoint: server.endpoint,
    headers: {},
    secrets: [],
    userAgent: 'test',
    insecureSkipVerify: false,
    maxConcurrency: 4,
    requestTimeout: 1000,
    maxRetries: 3,
    readOnly: 'ACME_READ_ONLY is true',
    env: {},
  });

const request = (method: ApiRequest['method'], more: Partial<ApiRequest> = {}): ApiRequest => ({ method, path: '/x', ...more });

describe('a client that only reads', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('does not send a %s', async (method) => {
    const client = clientOf();
    await expect(client.send(request(method, { body: {}, idempotent: true }))).rejects.toMatchObject({
      code: 'read-only',
      message: `${method} ${server.endpoint}/x: not sent, because ACME_READ_ONLY is true`,
      outcomeUnknown: false,
    });
    await expect(client.with({ headers: { a: 'b' } }).send(request(method))).rejects.toMatchObject({ code: 'read-only' });
    expect(server.calls()).toEqual([]);
    await client.close();
  });

  it('sends reads, whatever their method', async () => {
    const client = clientOf();
    await client.send(request('GET'));
    await client.send(request('HEAD'));
    await client.send(request('POST', { body: { page: 1 }, reads: true }));
    expect(server.calls()).toEqual(['GET /x', 'HEAD /x', 'POST /x']);
    await client.close();
  });

  it('logs in', async () => {
    const client = clientOf();
    const login = async (asked: Pick<Client, 'post'>) => {
      await asked.post('/token');
      return { headers: { authorization: 'Bearer a' } };
    };
    const user = client.with({ login });
    await user.send(request('GET'));
    await expect(user.send(request('DELETE'))).rejects.toMatchObject({ code: 'read-only' });
    expect(server.calls()).toEqual(['POST /token', 'GET /x']);
    await client.close();
  });
});

test('the environment makes a provider only read, unless its block says otherwise', async () => {
  const api = new MemoryApi('/api/v2/remotes');
  const answering = await startServer((got) => api.answer(got));
  const made = async (config: { read_only?: boolean }) => {
    const core = await configured(artifactapi, { endpoint: answering.endpoint, ...config }, { ARTIFACTAPI_READ_ONLY: 'true' });
    return core.ensure('artifactapi_remote_npm', { name: 'npm', base_url: 'https://npm.example.com' });
  };
  expect((await made({})).diagnostics).toEqual([
    expect.objectContaining({
      summary: 'Provider Only Reads',
      detail: `Cannot create artifactapi_remote_npm "npm": POST ${answering.endpoint}/api/v2/remotes: not sent, because ARTIFACTAPI_READ_ONLY is true. To change objects, run it without read_only.`,
    }),
  ]);
  expect((await made({ read_only: false })).diagnostics).toEqual([]);
  await answering.stop();
});
