import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tlsSettings } from '../../src/client/tls-settings';
import { reach } from '../../src/doctor/network';
import { startServer, type Reply, type TestServer } from '../../src/testing/http-server';

let folder: string;
let key: string;
const servers: (Pick<TestServer, 'stop'> | Server)[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'repoform-doctor-'));
  key = join(folder, 'key.pem');
  execFileSync('openssl', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', key], { stdio: 'ignore' });
});
afterEach(async () => {
  for (const server of servers.splice(0)) await ('stop' in server ? server.stop() : new Promise((done) => server.close(done)));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A self-signed certificate; its file. */
function certificate(days: number, name = 'DNS:localhost,IP:127.0.0.1'): string {
  const [csr, file, names] = ['csr', 'pem', 'names'].map((end) => join(folder, `${days}-${name}.${end}`)) as [string, string, string];
  writeFileSync(names, `subjectAltName=${name}`);
  execFileSync('openssl', ['req', '-new', '-key', key, '-subj', '/CN=registry', '-out', csr], { stdio: 'ignore' });
  const made = ['-req', '-in', csr, '-signkey', key, '-days', String(days), '-extfile', names, '-out', file];
  execFileSync('openssl', ['x509', ...made], { stdio: 'ignore' });
  return file;
}

interface Way {
  readonly env?: Record<string, string>;
  readonly caCert?: string;
  readonly insecureSkipVerify?: boolean;
  readonly patience?: number;
}

/** What is found, by check, without what differs from run to run. */
async function found(url: string, { env = {}, insecureSkipVerify = false, patience = 10_000, ...pems }: Way = {}) {
  const tls = tlsSettings({ ...pems, insecureSkipVerify, env, maxConcurrency: 1, requestTimeout: 1000 });
  const findings = await reach({ url: new URL(url), env, tls }, AbortSignal.timeout(patience));
  return Object.fromEntries(findings.map(({ check, status, message, fix }) => [check, { status, message, fix }]));
}

async function serve(reply: Reply, tls?: string): Promise<string> {
  const server = await startServer(
    () => reply,
    tls === undefined ? undefined : { key: readFileSync(key, 'utf8'), cert: readFileSync(tls, 'utf8') },
  );
  servers.push(server);
  return server.endpoint;
}

const ok: Reply = { status: 200 };
const status = (value: string, message: RegExp) =>
  expect.objectContaining({ status: value, message: expect.stringMatching(message) as unknown });

test('a server that answers is reached without credentials, and its clock is compared', async () => {
  const server = await startServer(() => ({ status: 401 }));
  servers.push(server);
  const { connection, clock, tls } = await found(`${server.endpoint}/base/path`);
  expect(connection).toEqual(status('ok', /answered in \d+ ms \(HTTP 401\)/));
  expect(clock).toEqual(status('ok', /agree/));
  expect(tls).toBeUndefined();
  expect(server.log.map(({ method, path, headers }) => [method, path, headers.authorization])).toEqual([['GET', '/base/path', undefined]]);
});

test.each([
  [-180, '180 s ahead of'],
  [3600, '3600 s behind'],
])('a clock that is %d s off is a warning', async (seconds, how) => {
  const date = new Date(Date.now() + seconds * 1000).toUTCString();
  const { clock } = await found(await serve({ ...ok, headers: { date } }));
  expect(clock?.status).toBe('warning');
  const [, said] = /the clock of this machine is (\d+) s/.exec(clock?.message ?? '') ?? [];
  expect(Math.abs(Number(said) - Math.abs(seconds))).toBeLessThanOrEqual(2);
  expect(clock?.message).toContain(how.replace(/^\d+ s /, ''));
});

type Case = [string, number, string | undefined, Way, string, RegExp];

describe('certificates', () => {
  test.each<Case>([
    ['self-signed', 400, undefined, {}, 'error', /certificate of registry, issued by registry, is not trusted: it is signed by itself/],
    ['unchecked', 400, undefined, { insecureSkipVerify: true }, 'warning', /is not trusted/],
  ])('%s', async (_what, ...[days, name, way, severity, message]) => {
    const { connection, tls } = await found(await serve(ok, certificate(days, name)), way);
    expect(connection?.status).toBe('ok');
    expect(tls).toEqual(status(severity, message));
    expect(tls?.fix).toMatch(/\S/);
  });

  test.each<Case>([
    ['trusted', 400, undefined, {}, 'ok', /is valid until .* \(TLSv1\.3\)/],
    ['trusted but expired', -1, undefined, {}, 'error', /it has expired/],
    ['trusted but for another host', 400, 'DNS:other.example', {}, 'error', /it is for another host name/],
    ['trusted but about to expire', 5, undefined, {}, 'warning', /expires in 4 days/],
    ['trusted but unchecked', 400, undefined, { insecureSkipVerify: true }, 'warning', /a forged one would be accepted too/],
  ])('%s', async (_what, ...[days, name, way, severity, message]) => {
    const file = certificate(days, name);
    const { tls } = await found(await serve(ok, file), { caCert: file, ...way });
    expect(tls).toEqual(status(severity, message));
  });
});

describe('a server that cannot be reached', () => {
  test('refuses', async () => {
    const url = await serve(ok);
    await (servers.pop() as TestServer).stop();
    expect((await found(url))['connection']).toEqual(status('error', /nothing listens at that port/));
  });

  test('has no name', async () => {
    expect((await found('http://nowhere.invalid'))['connection']).toEqual(status('error', /the name nowhere\.invalid cannot be resolved/));
  });

  test('speaks no TLS', async () => {
    const url = (await serve(ok)).replace('http:', 'https:');
    expect((await found(url))['connection']).toEqual(status('error', /does not speak TLS/));
  });

  test('speaks TLS only', async () => {
    const url = (await serve(ok, certificate(400))).replace('https:', 'http:');
    expect((await found(url))['connection']?.fix).toContain('use https://');
  });

  test('never answers', async () => {
    const silent = createServer((socket) => socket.resume());
    servers.push(silent);
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const { port } = silent.address() as AddressInfo;
    const start = Date.now();
    expect((await found(`http://127.0.0.1:${port}`, { patience: 300 }))['connection']).toEqual(status('error', /no answer in time/));
    expect(Date.now() - start).toBeLessThan(5000);
  });

  test('is behind a proxy that does not work, whose password is not shown', async () => {
    const env = { https_proxy: 'http://user:hush@127.0.0.1:9' };
    const { connection } = await found('https://registry.example', { env });
    expect(connection).toEqual(status('error', /cannot be reached through the proxy 127\.0\.0\.1:9/));
    expect(JSON.stringify(connection)).not.toContain('hush');
  });
});
