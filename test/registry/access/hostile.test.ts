import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fastify } from 'fastify';
import { Audit, type AuditEntry } from '../../../src/registry/access/audit';
import { ANYBODY, setPrincipal } from '../../../src/registry/access/principal';
import { events } from '../../../src/registry/backends/artifactapi/events';
import { type Context } from '../../../src/registry/context';
import { Events } from '../../../src/registry/events';
import { silent } from '../../../src/registry/logger';
import { afterwards, call, cleanUp, openTestStore, registry, tempFolder } from '../helpers';
import { basic, bearer, guarded } from './support';

afterEach(cleanUp);

const portOf = (url: string) => Number(new URL(url).port);
const entriesOf = async (url: string, secret: string) =>
  ((await call('GET', `${url}/api/registry/audit?limit=500`, { headers: bearer(secret) })).json as { entries: AuditEntry[] }).entries;

/** Sends text over a connection of its own and reads until the other side ends it. */
function raw(url: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(portOf(url), '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('error', () => undefined).on('close', () => resolve(answer));
  });
}

/** A connection that has sent text. */
function sent(url: string, text: string): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(portOf(url), '127.0.0.1', () => socket.write(text, () => resolve(socket)));
    socket.on('error', () => undefined);
  });
}

const put = (secret: string, more: string) =>
  `PUT /api/v2/remotes/files/files/x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${secret}\r\n${more}`;

test('uploads that were not made are not recorded as if they were', async () => {
  const { url, secrets } = await guarded({});
  const body = { name: 'files', package_type: 'generic', repo_type: 'local' };
  expect((await call('POST', `${url}/api/v2/remotes`, { body, headers: bearer(secrets.admin) })).status).toBe(201);
  expect(await raw(url, put(secrets.admin, 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n'))).toContain('HTTP/1.1 400 ');
  // Who ends a connection in the middle of a body is told; who resets it is not.
  const halves = [
    await sent(url, put(secrets.admin, 'Content-Length: 100\r\n\r\nabc')),
    await sent(url, put(secrets.admin, 'Content-Length: 9\r\n\r\n')),
  ];
  await new Promise((resolve) => setTimeout(resolve, 100));
  halves[0]?.end();
  halves[1]?.resetAndDestroy();
  let found: number[] = [];
  while (found.length < 4) found = (await entriesOf(url, secrets.admin)).map(({ status }) => status);
  expect(found.sort()).toEqual([201, 400, 400, 499]);
  expect((await call('GET', `${url}/api/v1/local/files/x`, { headers: bearer(secrets.admin) })).status).toBe(404);
});

test('a request whose connection is reset at once has the address that it came from', async () => {
  const { url, secrets } = await guarded({});
  for (let n = 0; n < 40; n += 1) (await sent(url, put(secrets.admin, 'Content-Length: 100\r\n\r\nabc'))).resetAndDestroy();
  await call('DELETE', `${url}/api/v2/remotes/none`, { headers: bearer(secrets.admin) });
  const addresses = (await entriesOf(url, secrets.admin)).map(({ address }) => address);
  expect(new Set(addresses)).toEqual(new Set(['127.0.0.1']));
});

test('refusals of nobody are recorded up to a bound, and displace no changes', async () => {
  const { url, secrets } = await guarded({ ci: ['read:*'] }, { rateLimit: 0, loginLimit: 0 });
  for (let n = 0; n < 40; n += 1) await call('DELETE', `${url}/api/v2/remotes/r${n}`);
  for (let n = 0; n < 12; n += 1) await call('DELETE', `${url}/api/v2/remotes/r${n}`, { headers: bearer(secrets.ci) });
  const found = await entriesOf(url, secrets.admin);
  const count = (who: string, status: number) => found.filter((one) => one.who === who && one.status === status).length;
  expect([count('anonymous', 401), count('token:ci', 403)]).toEqual([10, 12]);

  const store = await openTestStore(tempFolder());
  const audit = new Audit(store.metadata, silent, { keep: 3 });
  const entry = { at: '', backend: 'b', who: 'w', address: '', method: 'PUT', path: '/', action: 'write', repository: 'r' };
  for (const status of [201, 204, 401, 403, 499, 401, 403]) audit.record({ ...entry, status });
  await audit.flush();
  await audit.prune();
  expect((await audit.page(10)).entries.map(({ status }) => status)).toEqual([403, 401, 499, 204, 201]);
  await store.close();
});

test('a Host that no URL can have is a 400 for every API', async () => {
  const { urls } = await registry({ backends: ['artifactapi', 'bkrepo', 'kubesphere'], bkrepo: { port: 0 }, kubesphere: { port: 0 } });
  for (const host of ['a b', '[::::]', '1.2.3.999', 'x:99999', 'x"y', '../x', 'x/y', 'x\u00e4'])
    for (const url of Object.values(urls)) {
      const head = `Host: ${host}\r\nOrigin: http://x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
      const answer = await raw(url, `POST /v2/ HTTP/1.1\r\n${head}`);
      expect([host, answer]).toEqual([
        host,
        expect.stringMatching(/^HTTP\/1.1 400 [^]*\r\n\r\ninvalid Host header ".*"; expected a name or /),
      ]);
    }
  for (const host of ['x', 'packages.example.com:443', '[::1]:8000', 'my_host', '']) {
    const answer = await raw(urls.artifactapi ?? '', `GET /version HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect([host, answer]).toEqual([host, expect.stringMatching(/^HTTP\/1.1 200 /)]);
  }
});

const EVENTS = 'GET /api/v2/events HTTP/1.1\r\nHost: x\r\n\r\n';

test('a login, or an address without one, has so many streams of events at once', async () => {
  const { url } = await registry();
  const streams = await Promise.all(Array.from({ length: 100 }, () => sent(url, EVENTS)));
  await Promise.all(streams.map((stream) => once(stream, 'data')));
  const refused = await call('GET', `${url}/api/v2/events`);
  const reason = 'too many event streams; a login, or an address without one, may have 100 at once\n';
  expect([refused.status, refused.text]).toEqual([429, reason]);
  for (const stream of streams) stream.destroy();
  let status = 429;
  while (status === 429) {
    const answer = await fetch(`${url}/api/v2/events`);
    status = answer.status;
    await answer.body?.cancel();
  }
  expect(status).toBe(200);
});

test('a client that does not read its events is let go; one that reads them goes on', async () => {
  const published = new Events();
  const app = fastify();
  app.addHook('onRequest', (request, _reply, done) => (setPrincipal(request, ANYBODY), done()));
  const access = { identify: () => Promise.resolve(ANYBODY), onRevoked: () => () => undefined };
  events(app, { events: published, access } as unknown as Context);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  afterwards(() => app.close());
  const [idle, reading] = [await sent(url, EVENTS), await sent(url, EVENTS)];
  await Promise.all([once(idle, 'data'), once(reading, 'data')]);
  idle.pause();
  let read = 0;
  reading.on('data', ({ length }: Buffer) => (read += length));
  const open = () => new Promise<number>((resolve) => app.server.getConnections((_cause, count) => resolve(count)));
  let emitted = 0;
  for (; (await open()) === 2 && emitted < 1000; emitted += 1) {
    published.emit('file.uploaded', { name: 'l', path: 'p'.repeat(100_000) });
    while (read < emitted * 100_000) await once(reading, 'data');
  }
  expect([await open(), read >= (emitted - 1) * 100_000, emitted < 1000]).toEqual([1, true, true]);
  reading.destroy();
});

describe('the logins of the other APIs', () => {
  const running = () =>
    registry({
      backends: ['bkrepo', 'kubesphere'],
      bkrepo: { port: 0, adminPassword: 'Right-1' },
      kubesphere: { port: 0, adminPassword: 'Right-1' },
      host: '0.0.0.0',
      loginLimit: 3,
    });
  test.each([
    ['bkrepo', '/repository/api/project/list'],
    ['kubesphere', '/kapis/application.kubesphere.io/v2/workspaces/demo/repos'],
  ] as const)('a password of %s that was right before is right at an address from which others guess', async (backend, path) => {
    const { urls } = await running();
    const at = new URL(urls[backend] ?? '');
    at.hostname = '127.0.0.1';
    const status = async (secret: string) => (await call('GET', at.origin + path, { headers: basic(secret, 'admin') })).status;
    const before = await status('Right-1');
    const guesses: number[] = [];
    for (let n = 0; n < 5; n += 1) guesses.push(await status(`guess${n}`));
    expect([before, guesses]).toEqual([200, [401, 401, 401, 429, 429]]);
    expect([await status('Right-1'), await status('guess0')]).toEqual([200, 429]);
  });

  test('guesses at /oauth/token of kubesphere count as any others do, and a token that it gives goes on', async () => {
    const { urls } = await running();
    const root = `http://127.0.0.1:${new URL(urls.kubesphere ?? '').port}`;
    const ask = (password: string) => {
      const form = { grant_type: 'password', client_id: 'kubesphere', client_secret: 'kubesphere', username: 'admin', password };
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return call('POST', `${root}/oauth/token`, { body: new URLSearchParams(form).toString(), headers });
    };
    const { access_token } = (await ask('Right-1')).json as { access_token: string };
    const guesses: number[] = [];
    for (let n = 0; n < 5; n += 1) guesses.push((await ask(`guess${n}`)).status);
    expect(guesses).toEqual([400, 400, 400, 429, 429]);
    expect((await ask('Right-1')).status).toBe(200);
    const repos = await call('GET', `${root}/kapis/application.kubesphere.io/v2/workspaces/demo/repos`, { headers: bearer(access_token) });
    expect(repos.status).toBe(200);
  });
});
