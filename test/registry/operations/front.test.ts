import { once } from 'node:events';
import { readFileSync, renameSync } from 'node:fs';
import { Agent, get, type IncomingMessage, request as sendRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, silent } from '../../../src/registry/logger';
import { masked } from '../../../src/registry/operations/masked';
import { identify } from '../../../src/registry/operations/request-id';
import { addRepository, basic, client } from '../bkrepo/artifacts/support';
import { addRemote, call, cleanUp, registry, tempFolder, upstream } from '../helpers';

afterEach(cleanUp);

/** The value of a series in the text format of Prometheus. */
function value(text: string, series: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

/** Waits until something holds; fails with the last reason otherwise. */
async function eventually(check: () => Promise<void> | void): Promise<void> {
  for (const end = Date.now() + 5000; ; await sleep(20)) {
    try {
      return await check();
    } catch (cause) {
      if (Date.now() > end) throw cause;
    }
  }
}

const metricsOf = async (url: string) => (await call('GET', `${url}/metrics`)).text;

test('requests are counted by backend, type, repository and status, cache hits apart from misses, bytes as they were sent', async () => {
  const body = Buffer.alloc(70_000, 1);
  const { url: base_url } = await upstream((request, response) =>
    request.url === '/none' ? response.writeHead(404).end() : response.end(body),
  );
  const { url } = await registry();
  await addRemote(url, { name: 'files', base_url });
  const file = `${url}/api/v1/remote/files/a`;
  for (let time = 0; time < 3; time++) expect((await call('GET', file)).status).toBe(200);
  expect((await call('GET', `${url}/api/v1/remote/files/none`)).status).toBe(404);
  expect((await call('GET', `${url}/api/v1/remote/absent/a`)).status).toBe(404);
  const text = await metricsOf(url);
  const own = 'backend="artifactapi",type="generic",repository="files"';
  expect(value(text, `repoform_http_requests_total{${own},status="200"}`)).toBe(3);
  expect(value(text, `repoform_http_requests_total{${own},status="404"}`)).toBe(1);
  // A name that no repository has makes no series.
  expect(text).not.toContain('absent');
  expect(value(text, 'repoform_http_requests_total{backend="artifactapi",type="",repository="",status="404"}')).toBe(1);
  expect(value(text, `repoform_cache_requests_total{${own},result="miss"}`)).toBe(1);
  expect(value(text, `repoform_cache_requests_total{${own},result="hit"}`)).toBe(2);
  const sent = value(text, `repoform_http_response_bytes_total{${own}}`) ?? 0;
  expect(sent).toBeGreaterThan(3 * body.length);
  expect(sent).toBeLessThan(3 * body.length + 4000);
  expect(value(text, 'repoform_http_request_duration_seconds_count{backend="artifactapi",type="generic"}')).toBe(4);
  expect(value(text, 'repoform_http_request_duration_seconds_bucket{backend="artifactapi",type="generic",le="+Inf"}')).toBe(4);
  expect(value(text, 'repoform_http_requests_in_flight{backend="artifactapi"}')).toBe(0);
  expect(text).toContain('process_cpu_seconds_total');
});

test('the series of a repository go with it, so that they are not as many as there ever were', async () => {
  const files = await upstream((_request, response) => response.end('content'));
  const { url, urls } = await registry({ backends: ['artifactapi', 'bkrepo'], bkrepo: { port: 0 } });
  const admin = client(urls.bkrepo ?? '', basic('admin', 'password'));
  await admin.tell('POST', '/repository/api/project/create', { name: 'pp', displayName: 'pp', description: '' });
  const configuration = { type: 'remote', url: files.url, cache: { enabled: true, expiration: -1 } };
  const own = async () => (await metricsOf(url)).split('\n').filter((line) => line.includes('gone-'));
  for (let round = 0; round < 20; round++) {
    const name = `gone-${round}`;
    await addRemote(url, { name, base_url: files.url });
    expect((await call('GET', `${url}/api/v1/remote/${name}/a`)).status).toBe(200);
    await addRepository(admin, { name, category: 'REMOTE', configuration });
    expect((await admin.send('GET', `/generic/pp/${name}/a`)).status).toBe(200);
    if (round === 0) {
      const text = (await own()).join('\n');
      for (const label of ['repository="gone-0"', 'repository="pp/gone-0"', 'remote="gone-0"', 'remote="pp/gone-0/remote"'])
        expect(text).toContain(label);
    }
    await call('DELETE', `${url}/api/v2/remotes/${name}`);
    await admin.tell('DELETE', `/repository/api/repo/delete/pp/${name}?forced=true`);
    await eventually(async () => expect(await own()).toEqual([]));
  }
});

test('the bytes of an upload are counted, also those that came with its head', async () => {
  const { url } = await registry();
  await addRemote(url, { name: 'own', repo_type: 'local' });
  expect((await call('PUT', `${url}/api/v2/remotes/own/files/a`, { body: 'x'.repeat(500) })).status).toBe(201);
  const series = 'repoform_http_request_bytes_total{backend="artifactapi",type="generic",repository="own"}';
  const received = value(await metricsOf(url), series) ?? 0;
  expect(received).toBeGreaterThan(500);
  expect(received).toBeLessThan(1000);
});

test('strict has none of the endpoints and no id; a port of their own has them, whatever is strict', async () => {
  const strict = await registry({ strict: true });
  for (const path of ['/metrics', '/livez', '/readyz']) expect((await call('GET', strict.url + path)).text).toBe('404 page not found\n');
  expect((await call('GET', `${strict.url}/health`, { headers: { 'x-request-id': 'a' } })).header('x-request-id')).toBeNull();
  const apart = await registry({ strict: true, metricsPort: 0 });
  expect((await call('GET', `${apart.metricsUrl}/readyz`)).json).toEqual({ status: 'ok', checks: { database: 'ok', storage: 'ok' } });
  expect((await call('GET', `${apart.metricsUrl}/livez`)).text).toBe('ok\n');
  expect((await call('GET', `${apart.metricsUrl}/health`)).status).toBe(404);
  expect((await call('GET', `${apart.url}/metrics`)).status).toBe(404);
});

test.each([['artifactapi'], ['bkrepo'], ['kubesphere']] as const)('%s has the endpoints, without a login', async (name) => {
  const { urls } = await registry({ backends: [name], bkrepo: { port: 0 }, kubesphere: { port: 0 } });
  expect((await call('GET', `${urls[name]}/livez`)).text).toBe('ok\n');
  expect((await call('GET', `${urls[name]}/metrics`)).text).toContain(`repoform_http_requests_in_flight{backend="${name}"} 0`);
});

test('a request has the id that its client gave; one that could break a log is replaced', async () => {
  const { url } = await registry();
  const idOf = async (id: string) => (await call('GET', `${url}/health`, { headers: { 'x-request-id': id } })).header('x-request-id');
  expect(await idOf('build-17.a')).toBe('build-17.a');
  expect(await idOf('a "b"')).toMatch(/^[\da-f-]{36}$/);
  expect(await idOf('x'.repeat(129))).toMatch(/^[\da-f-]{36}$/);
  // The example of W3C Trace Context, section 3.2.
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  expect(identify({ traceparent })).toEqual({ id: trace, trace });
  expect(identify({ traceparent, 'x-request-id': 'own' })).toEqual({ id: 'own', trace });
  for (const bad of [`ff${traceparent.slice(2)}`, traceparent.replace(trace, '0'.repeat(32)), 'x', traceparent.toUpperCase()])
    expect(identify({ traceparent: bad }).trace).toBe('');
});

test('the access log has a line for each request, without secrets, and a client cannot write another line', async () => {
  const accessLog = join(tempFolder(), 'logs/access.log');
  const running = await registry({ accessLog });
  const { url } = running;
  const headers = {
    referer: 'https://u:secret1@h.example/?token=secret2',
    'user-agent': 'a"b\\c\x80',
    authorization: `Basic ${btoa('al ice:secret3')}`,
  };
  const answer = await call('GET', `${url}/api/v1/remote/none/a?x=1&access_token=secret4&%74oken=secret5&sig=`, { headers });
  expect(answer.header('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  await call('DELETE', `${url}/api/v1/local/none/-/user/token/secret6`);
  const lines = () => readFileSync(accessLog, 'utf8').split('\n').slice(0, -1);
  await eventually(() => expect(lines()).toHaveLength(2));
  const [first = '', second = ''] = lines();
  expect(first.replace(/\[.*?\]/, '[]')).toBe(
    '127.0.0.1 - al\\x20ice [] "GET /api/v1/remote/none/a?x=1&access_token=***&%74oken=***&sig= HTTP/1.1" 404 24 "https://***@h.example/?token=***" "a\\"b\\\\c\\xc2\\x80"',
  );
  expect(second).toContain('"DELETE /api/v1/local/none/-/user/token/*** HTTP/1.1" 404 ');
  renameSync(accessLog, `${accessLog}.1`);
  running.reload();
  await call('GET', `${url}/health`);
  await eventually(() => expect(lines()).toHaveLength(1));
});

test('as JSON, a line of the access log has the repository, the source, and the ids', async () => {
  const accessLog = join(tempFolder(), 'access.log');
  const { url: base_url } = await upstream((_request, response) => response.end('x'));
  const { url } = await registry({ accessLog, accessLogFormat: 'json', trustForwarded: true });
  await addRemote(url, { name: 'files', base_url });
  const headers = {
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    'x-request-id': 'r1',
    'x-forwarded-for': '6.6.6.6, 10.1.2.3',
    'user-agent': 'agent\x9b31m',
  };
  await call('GET', `${url}/api/v1/remote/files/a`, { headers });
  const lines = () => readFileSync(accessLog, 'utf8').split('\n').slice(0, -1);
  await eventually(() => expect(lines()).toHaveLength(2));
  expect(lines()[1]).toContain('"user_agent":"agent\\u009b31m"');
  expect(JSON.parse(lines()[1] ?? '')).toMatchObject({
    request_id: 'r1',
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    client: '10.1.2.3',
    method: 'GET',
    url: '/api/v1/remote/files/a',
    status: 200,
    bytes: 1,
    backend: 'artifactapi',
    type: 'generic',
    repository: 'files',
    source: 'miss',
  });
});

test('without its storage, the registry is alive and not ready, whoever asks how often', async () => {
  const data = tempFolder();
  const { url } = await registry({ data });
  renameSync(join(data, 'tmp'), join(data, 'away'));
  const problem = 'the data folder cannot be used: ENOENT';
  const asked = await Promise.all(Array.from({ length: 20 }, () => call('GET', `${url}/readyz`)));
  for (const { status, json } of asked)
    expect([status, json]).toEqual([503, { status: 'error', checks: { database: 'ok', storage: problem } }]);
  expect((await call('GET', `${url}/livez`)).status).toBe(200);
  expect((await call('GET', `${url}/api/v2/health`)).json).toEqual({ status: 'error', services: { database: 'ok', storage: problem } });
  renameSync(join(data, 'away'), join(data, 'tmp'));
  expect((await call('GET', `${url}/readyz`)).status).toBe(200);
});

test('a log that cannot be opened is an error of the start', async () => {
  await expect(registry({ accessLog: '/dev/null/access.log' })).rejects.toThrow(
    'the access log cannot be written: /dev/null is a file, not a folder',
  );
});

test('a download that has begun is whole after the registry was told to stop, its connection is closed then, and new ones are refused', async () => {
  const body = Buffer.alloc(30_000_000, 7);
  const { url: base_url } = await upstream((_request, response) => response.end(body));
  const running = await registry({ closeGraceMs: 20_000, closeDelayMs: 1500 });
  const { url } = running;
  await addRemote(url, { name: 'files', base_url });
  const file = `${url}/api/v1/remote/files/a`;
  await call('GET', file);
  const agent = new Agent({ keepAlive: true });
  const [response] = (await once(get(file, { agent }), 'response')) as [IncomingMessage];
  await once(response, 'readable');
  await eventually(() => expect(running.inFlight()).toBe(1));
  const closed = running.close();
  await eventually(async () => {
    const { status, json } = await call('GET', `${url}/readyz`);
    expect([status, json]).toEqual([503, { status: 'stopping', checks: { database: 'ok', storage: 'ok' } }]);
  });
  expect((await call('GET', `${url}/health`)).header('connection')).toBe('close');
  await eventually(() => expect(call('GET', `${url}/health`)).rejects.toThrow());
  let size = 0;
  for await (const chunk of response) size += (chunk as Buffer).length;
  expect(size).toBe(body.length);
  await closed;
  agent.destroy();
});

test('requests that have not ended when the registry stops are broken off, which is told of them and counted in the log, and no fault of their clients', async () => {
  const accessLog = join(tempFolder(), 'access.log');
  const lines: unknown[] = [];
  const logger: Logger = { ...silent, warn: (...told) => void lines.push(told), error: (...told) => void lines.push(told) };
  const part = Buffer.alloc(100_000, 7);
  const files = await upstream((request, response) => {
    if (request.url === '/begun') response.writeHead(200, { 'content-length': 3 * part.length }).write(part);
  });
  const running = await registry({ accessLog, accessLogFormat: 'json', closeGraceMs: 300, logger });
  const { url } = running;
  await addRemote(url, { name: 'files', base_url: files.url });
  await addRemote(url, { name: 'own', repo_type: 'local' });
  const [begun] = (await once(get(`${url}/api/v1/remote/files/begun`), 'response')) as [IncomingMessage];
  begun.on('error', () => undefined).resume();
  const waiting = get(`${url}/api/v1/remote/files/waiting`);
  const upload = sendRequest(`${url}/api/v2/remotes/own/files/a`, { method: 'PUT', headers: { 'content-length': 1000 } });
  upload.write('x'.repeat(500));
  const lost = [waiting, upload].map((each) => once(each, 'error'));
  await eventually(() => expect([running.inFlight(), files.requests.length]).toEqual([3, 2]));
  await running.close();
  await Promise.all(lost);
  const logged = readFileSync(accessLog, 'utf8').trim().split('\n').slice(2);
  const told = logged.map((line) => JSON.parse(line) as { method: string; url: string; status: number; broken_off?: boolean });
  expect(told.map((each) => `${each.method} ${each.url} ${each.status} ${each.broken_off}`).sort()).toEqual([
    'GET /api/v1/remote/files/begun 200 true',
    'GET /api/v1/remote/files/waiting 503 true',
    'PUT /api/v2/remotes/own/files/a 503 true',
  ]);
  expect(lines).toContainEqual(['3 requests were broken off after 0.3 s']);
});

test('secrets in URLs are masked wherever they stand', () => {
  expect(masked('/a?b=c')).toBe('/a?b=c');
  expect(masked('/a?X-Amz-Signature=1&X-Amz-Credential=2&expires=3')).toBe('/a?X-Amz-Signature=***&X-Amz-Credential=***&expires=3');
  expect(masked('/a?password=1&PassWd=2&apiKey=3&page=4&keyword=5')).toBe('/a?password=***&PassWd=***&apiKey=***&page=4&keyword=5');
  expect(masked('/-/npm/v1/tokens/token/abc')).toBe('/-/npm/v1/tokens/token/***');
  expect(masked('/a?%zz=1&token')).toBe('/a?%zz=1&token');
});
