import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { ValueRecord } from '../../src/common/value';
import { createCertificate } from '../../src/protocol/certificate';
import { artifactapi } from '../../src/resources/artifactapi';
import type { Instance, Told } from '../../src/testing/core';
import { type Answer, type Fault, type Reply, startServer, type TestServer } from '../../src/testing/http-server';
import { done } from '../../src/testing/subject';
import { MemoryApi } from '../../src/testing/memory-api';
import { configured, providerCore } from '../../src/testing/target';

const type = 'artifactapi_remote_npm';
const config: ValueRecord = { name: 'npm', base_url: 'https://npm.example.com', username: 'me', password: 'hunter2-upstream' };
const quick: ValueRecord = { max_retries: 1, request_timeout: 1, token: 'tok-4711' };

let api: MemoryApi;
let override: Reply | undefined;
let onlyWrites = false;
let server: TestServer;
let made: Instance;
const answer: Answer = (got) => (override && !(onlyWrites && got.method === 'GET') ? override : api.answer(got));

beforeEach(async () => {
  api = new MemoryApi('/api/v2/remotes');
  override = undefined;
  onlyWrites = false;
  server = await startServer(answer);
  made = done(await (await configured(artifactapi, { endpoint: server.endpoint })).ensure(type, config));
  server.calls();
});
afterEach(() => server.stop());

/** One error, without a stack trace and without a secret. */
function expectError(told: readonly Told[], summary: string, detail: RegExp): void {
  expect(told).toEqual([expect.objectContaining({ severity: 'error', summary, detail: expect.stringMatching(detail) as unknown })]);
  expect(told[0]?.detail).not.toMatch(/ {4}at |hunter2|tok-4711/);
}

const html = { 'content-type': 'text/html' };
const answers: readonly (readonly [string, Reply, string, RegExp])[] = [
  [
    '401',
    { status: 401, text: 'who are you' },
    'Not Authenticated',
    /answered 401: who are you; it was sent with the token of the provider block\. Check the credentials/,
  ],
  [
    '403',
    { status: 403, text: 'no' },
    'Not Allowed',
    /answered 403: no\. The server accepted the credentials, but they lack the permission/,
  ],
  ['400', { status: 400, text: 'bad' }, 'Refused by the Server', /answered 400: bad\. The server rejected the values/],
  ['405', { status: 405, text: '' }, 'Refused by the Server', /answered 405\./],
  ['422 in JSON', { status: 422, body: { error: 'mutable_ttl is odd' } }, 'Refused by the Server', /answered 422: .*mutable_ttl is odd/],
  [
    '429',
    { status: 429, text: 'slow down', headers: { 'retry-after': '0' } },
    'Server Busy',
    /answered 429: slow down\. Retries did not help/,
  ],
  ['500', { status: 500, text: 'update failed: disk' }, 'Server Error', /answered 500: update failed: disk\. The server failed/],
  [
    '502 as an HTML page',
    { status: 502, text: '<html><title>Bad Gateway</title></html>', headers: html },
    'Server Error',
    /answered 502 with an HTML page titled "Bad Gateway"/,
  ],
  ['503', { status: 503, text: 'starting' }, 'Server Busy', /answered 503: starting/],
  ['504', { status: 504 }, 'Server Error', /answered 504\./],
  [
    'a redirect',
    { status: 302, headers: { location: '/login' } },
    'Unexpected Answer',
    /answered 302, a redirect to \/login; redirects are not followed/,
  ],
  [
    'a body that echoes the secrets',
    { status: 400, text: 'bad token tok-4711 and hunter2-upstream' },
    'Refused by the Server',
    /bad token \(sensitive\)/,
  ],
];

describe('an update, when the server answers', () => {
  it.each(answers)('%s, says so and keeps the state', async (...[, reply, summary, detail]) => {
    const core = await configured(artifactapi, { endpoint: server.endpoint, ...quick });
    const plan = await core.plan(type, { ...config, description: 'new' }, made);
    override = reply;
    onlyWrites = true;
    const { instance, diagnostics } = await core.apply(plan);
    expectError(diagnostics, summary, detail);
    expect(diagnostics[0]?.detail).toMatch(/^Cannot update artifactapi_remote_npm "npm": PUT http:/);
    expect(instance?.state).toEqual(made.state);
    expect(instance?.private).toEqual(made.private);
  });
});

const unreadable: typeof answers = [
  ...answers,
  [
    'an HTML page with 200',
    { status: 200, text: '<!doctype html><title>Sign in</title>', headers: html },
    'Unexpected Answer',
    /should be a JSON object but is not JSON\. Check that the endpoint is the API itself\. The state is unchanged/,
  ],
  ['truncated JSON with 200', { status: 200, text: '{"name":"np' }, 'Unexpected Answer', /is not JSON/],
  ['nothing with 200', { status: 200 }, 'Unexpected Answer', /is not JSON/],
  ['null', { status: 200, text: 'null' }, 'Unexpected Answer', /is null/],
  ['a list', { status: 200, body: [1] }, 'Unexpected Answer', /is a list/],
  ['a text', { status: 200, body: 'ok' }, 'Unexpected Answer', /is a string/],
  ['an empty object', { status: 200, body: {} }, 'Unexpected Answer', /an object with no fields/],
  [
    'a field of the wrong type',
    { status: 200, body: { name: 'npm', immutable_ttl: 'long', patterns: 'x' } },
    'Unexpected Answer',
    /immutable_ttl should be a number but is string; patterns should be a list but is string\. The state is unchanged\.$/,
  ],
  [
    'an object that is not the one',
    { status: 200, body: { status: 'maintenance' } },
    'Unexpected Answer',
    /it has no name\. The state is unchanged\.$/,
  ],
  [
    'another object',
    { status: 200, body: { name: 'other', package_type: 'npm' } },
    'Unexpected Answer',
    /The request was for the artifactapi_remote_npm with name "npm", but the server returned the one with name "other"/,
  ],
  [
    'another object of another type',
    { status: 200, body: { name: 'other', package_type: 'helm', repo_type: 'remote' } },
    'Object of Another Type',
    /package_type "helm" instead of "npm"/,
  ],
];

describe('a read, when the server answers', () => {
  it.each(unreadable)('%s, says so and keeps the state', async (...[, reply, summary, detail]) => {
    const core = await configured(artifactapi, { endpoint: server.endpoint, ...quick });
    override = reply;
    const { instance, diagnostics } = await core.refresh(made);
    expectError(diagnostics, summary, detail);
    expect(instance?.state).toEqual(made.state);
  });

  it('404 to everything, does not take it as gone', async () => {
    override = { status: 404, text: 'not found' };
    const { instance, diagnostics } = await (await configured(artifactapi, { endpoint: server.endpoint, ...quick })).refresh(made);
    expectError(diagnostics, 'Unexpected Answer', /answered 404: not found; this may come from a gateway or a wrong path/);
    expect(instance?.state).toEqual(made.state);
  });

  it.each<[string, Fault, string, RegExp]>([
    ['is reset', { kind: 'reset', times: 9 }, 'Server Not Reachable', /the connection broke/],
    ['hangs', { kind: 'hang', times: 9 }, 'No Answer in Time', /no answer within 1 s\. Check the server, or raise request_timeout/],
    ['ends in the middle', { kind: 'truncated', times: 9 }, 'Server Not Reachable', /the connection broke/],
  ])('and the connection %s, says so and keeps the state', async (...[, fault, summary, detail]) => {
    const core = await configured(artifactapi, { endpoint: server.endpoint, ...quick });
    server.fault(fault);
    const { instance, diagnostics } = await core.refresh(made);
    expectError(diagnostics, summary, detail);
    expect(instance?.state).toEqual(made.state);
  });

  it('503 and then as it should, notices nothing', async () => {
    server.fault({ kind: { status: 503, headers: { 'retry-after': '0' } } });
    const read = await (await configured(artifactapi, { endpoint: server.endpoint, ...quick })).refresh(made);
    expect(read).toMatchObject({ drift: [], diagnostics: [], instance: { state: made.state } });
    expect(server.calls()).toEqual(['GET /api/v2/remotes/npm', 'GET /api/v2/remotes/npm']);
  });
});

describe.each([false, true])('a delete, when the server answers (only to the DELETE: %s)', (only) => {
  it.each(answers)('%s, says so and keeps the state', async (...[, reply, summary, detail]) => {
    const core = await configured(artifactapi, { endpoint: server.endpoint, ...quick });
    const plan = await core.plan(type, null, made);
    override = reply;
    onlyWrites = only;
    const { instance, diagnostics } = await core.apply(plan);
    expectError(diagnostics, summary, detail);
    expect(instance?.state).toEqual(made.state);
  });
});

describe('a server that is not there', () => {
  it('is told of by its address', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => free.once('listening', resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const { instance, diagnostics } = await (
      await configured(artifactapi, { endpoint: `http://127.0.0.1:${port}`, max_retries: 0 })
    ).refresh(made);
    expectError(
      diagnostics,
      'Server Not Reachable',
      new RegExp(
        `^Cannot read artifactapi_remote_npm "npm": GET http://127.0.0.1:${port}/api/v2/remotes/npm: the server cannot be reached \\(.*ECONNREFUSED.*\\)\\. Check the endpoint, and that the server is running\\.$`,
      ),
    );
    expect(instance?.state).toEqual(made.state);
  });

  it('speaks plain HTTP where TLS is asked for', async () => {
    const { diagnostics } = await (
      await configured(artifactapi, { endpoint: server.endpoint.replace('http:', 'https:'), ...quick })
    ).refresh(made);
    expectError(diagnostics, 'Server Not Reachable', /the server does not use TLS on this port; use http:\/\/, or the port for https/);
  });

  it('has a certificate that nobody signed', async () => {
    const { key, pem } = createCertificate();
    const tls = await startServer(answer, { key, cert: pem });
    const { diagnostics } = await (await configured(artifactapi, { endpoint: tls.endpoint, ...quick })).refresh(made);
    expectError(diagnostics, 'Certificate Not Accepted', /self.signed certificate.*set ca_cert to the CA that signed it/);
    const trusting = await configured(artifactapi, { endpoint: tls.endpoint, ca_cert: pem });
    expect((await trusting.refresh(made)).diagnostics).toEqual([]);
    const { core } = providerCore(artifactapi);
    expect(await core.configure({ endpoint: tls.endpoint, insecure_skip_verify: true })).toEqual([
      expect.objectContaining({ severity: 'warning', summary: 'Certificates Are Not Checked', path: 'insecure_skip_verify' }),
    ]);
    expect((await core.refresh(made)).diagnostics).toEqual([]);
    await tls.stop();
  });
});

describe('what cannot be used', () => {
  it.each<[string, ValueRecord, string, RegExp]>([
    [
      'a certificate file that is not there',
      { ca_cert: '/nowhere/ca.pem' },
      'Invalid Attribute Value',
      /"ca_cert": it is not PEM text, and the file "\/nowhere\/ca.pem" cannot be read \(ENOENT\)\.$/,
    ],
    [
      'a key without its file',
      { client_cert: createCertificate().pem, client_key: 'c2VjcmV0IGtleQ' },
      'Invalid Attribute Value',
      /"client_key": it is not PEM text, and the given file cannot be read/,
    ],
    [
      'a certificate that is none',
      { ca_cert: '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----' },
      'Invalid TLS Settings',
      /The certificate or key cannot be used/,
    ],
    [
      'a key that is none',
      { client_cert: createCertificate().pem, client_key: '-----BEGIN PRIVATE KEY-----\nsecretnonsense\n-----END PRIVATE KEY-----' },
      'Invalid TLS Settings',
      /The certificate or key cannot be used/,
    ],
  ])('%s is told of when the provider is configured', async (...[, block, summary, detail]) => {
    const { core } = providerCore(artifactapi);
    const told = await core.configure({ endpoint: 'https://127.0.0.1:1', ...block });
    expectError(told, summary, detail);
    expect(told[0]?.detail).not.toMatch(/secretnonsense|c2VjcmV0/);
  });

  it.each(['artifactapi_remote_cargo', '__proto__', 'constructor', ''])(
    'the resource type "%s" is told of by every call',
    async (unknown) => {
      const { core } = providerCore(artifactapi);
      await core.configure({ endpoint: server.endpoint });
      const { provider } = core;
      const none = new Uint8Array(0);
      const told = [
        await provider.validateResource({ type: unknown, config: {} }),
        await provider.plan({ type: unknown, prior: null, proposed: {}, config: {}, private: none }),
        await provider.read({ type: unknown, state: { name: 'x' }, private: none }),
        await provider.apply({ type: unknown, prior: null, planned: {}, config: {}, private: none }),
        await provider.import({ type: unknown, id: 'x' }),
        await provider.upgradeState({ type: unknown, version: 0, json: '{}' }),
        await provider.validateDataSource({ type: unknown, config: {} }),
        await provider.readDataSource({ type: unknown, config: {} }),
        await provider.openEphemeral({ type: unknown, config: {} }),
      ];
      for (const { diagnostics } of told)
        expectError(
          diagnostics as unknown as Told[],
          'Unknown Type',
          new RegExp(`the provider "artifactapi" has no (resource|data source|ephemeral resource) "${unknown}"`),
        );
    },
  );

  it('a call before the provider is configured is told of, and keeps the state', async () => {
    const { core } = providerCore(artifactapi);
    const { diagnostics, instance } = await core.apply(await core.plan(type, { ...config, description: 'new' }, made));
    expectError(diagnostics, 'Provider Not Configured', /the provider block was not read/);
    expect(instance?.state).toEqual(made.state);
  });
});
