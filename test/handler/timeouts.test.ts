import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { durationMilliseconds } from '../../src/common/duration';
import { UNKNOWN, type ValueRecord } from '../../src/common/value';
import { composeProvider } from '../../src/compose';

const type = 'artifactapi_local_generic';
let server: Server;
let silent: Set<string>;
const providers: ReturnType<typeof composeProvider>[] = [];

/** A server that never answers the methods in `silent`, and has nothing. */
beforeAll(async () => {
  server = createServer((request, response) => {
    if (silent.has(request.method ?? '')) return;
    response.setHeader('connection', 'close');
    if (request.url === '/api/v2/remotes/there')
      return void response
        .setHeader('content-type', 'application/json')
        .end('{"name":"there","repo_type":"local","package_type":"generic"}');
    if (request.url === '/api/v2/remotes') return void response.setHeader('content-type', 'application/json').end('[]');
    response.writeHead(404).end('not found');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  for (const provider of providers) provider.stop();
  server.closeAllConnections();
  server.close();
});

const values = (timeouts: ValueRecord): ValueRecord => ({
  name: 'a',
  description: '',
  url: UNKNOWN,
  force_destroy: false,
  timeouts: { create: null, read: null, update: null, delete: null, ...timeouts },
});

async function configured(): Promise<ReturnType<typeof composeProvider>> {
  const provider = composeProvider('artifactapi', () => {}, {});
  providers.push(provider);
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = Object.fromEntries(
    provider.schema().provider.block.attributes.map(({ name }) => [name, name === 'endpoint' ? endpoint : null]),
  );
  expect((await provider.configure({ config, terraformVersion: '1.11.4' })).diagnostics).toEqual([]);
  return provider;
}

it.each([
  ['30s', 30_000],
  ['5m', 300_000],
  ['1h30m', 5_400_000],
  ['250ms', 250],
  ['1.5s', 1500],
  ['', undefined],
  ['5', undefined],
  ['0s', undefined],
  ['-1s', undefined],
  ['5 m', undefined],
  ['1d', undefined],
])('reads the duration %j as %j', (text, milliseconds) => expect(durationMilliseconds(text)).toBe(milliseconds));

it('ends a create that takes longer than it may, and does not wait for the tries of the provider', async () => {
  silent = new Set(['POST']);
  const provider = await configured();
  const planned = values({ create: '100ms' });
  const answer = await provider.apply({ type, prior: null, planned, config: { ...planned, url: null }, private: new Uint8Array() });
  expect(answer.state).toBeNull();
  expect(answer.diagnostics).toEqual([expect.objectContaining({ severity: 'error', summary: 'No Answer in Time' })]);
});

it('ends a read that takes longer than it may, and keeps the state', async () => {
  silent = new Set(['GET']);
  const provider = await configured();
  const state = { ...values({ read: '100ms' }), url: 'u' };
  const answer = await provider.read({ type, state, private: new Uint8Array() });
  expect(answer.state).toEqual(state);
  expect(answer.diagnostics).toEqual([
    expect.objectContaining({
      severity: 'error',
      summary: 'No Answer in Time',
      detail: expect.stringContaining('timeouts.read (0.1 s)') as string,
    }),
  ]);
});

it('ends a delete that takes longer than it may, and keeps the state', async () => {
  silent = new Set(['DELETE']);
  const provider = await configured();
  const prior = { ...values({ delete: '100ms' }), name: 'there', url: 'u', upload_url: 'v', force_destroy: true };
  const answer = await provider.apply({ type, prior, planned: null, config: null, private: new Uint8Array() });
  expect(answer.state).toEqual(prior);
  expect(answer.diagnostics).toEqual([expect.objectContaining({ severity: 'error', summary: 'No Answer in Time' })]);
});
