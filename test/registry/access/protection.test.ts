import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { limitKey } from '../../../src/registry/access/address';
import { Audit, type AuditEntry } from '../../../src/registry/access/audit';
import { Limiter } from '../../../src/registry/access/limiter';
import { silent } from '../../../src/registry/logger';
import { addRemote, call, cleanUp, openTestStore, registry, tempFolder, upstream } from '../helpers';
import { basic, bearer, guarded } from './support';

afterEach(cleanUp);

test('a limiter lets a burst pass and then so many a second, for each key by itself', () => {
  let now = 0;
  const limiter = new Limiter({ perSecond: 2, burst: 3 }, () => now);
  expect([1, 2, 3, 4].map(() => limiter.take('a'))).toEqual([0, 0, 0, 1]);
  expect(limiter.take('b')).toBe(0);
  now += 500;
  expect([limiter.wait('a'), limiter.take('a'), limiter.take('a')]).toEqual([0, 0, 1]);
  now += 60_000;
  expect([1, 2, 3, 4].map(() => limiter.take('a'))).toEqual([0, 0, 0, 1]);
});

test('of too many requests some are answered with 429 and when to try again, by address and by login', async () => {
  const { url, secrets } = await guarded({ ci: ['read:*'] }, { rateLimit: 1, loginLimit: 0 });
  const statuses = await Promise.all(Array.from({ length: 30 }, () => call('GET', `${url}/version`, { headers: bearer(secrets.ci) })));
  expect(statuses.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(20);
  const refused = statuses.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect([refused[0]?.header('retry-after'), refused[0]?.text]).toEqual(['1', 'too many requests; try again in 1 s\n']);
  // Who watches whether it is well does not get a 429.
  expect((await call('GET', `${url}/health`)).status).toBe(200);
});

test('who guesses is stopped, and whose login was right before goes on, at the same address; others go on, too', async () => {
  const { url, secrets } = await guarded({ ci: ['read:*'], other: ['read:*'] }, { loginLimit: 5, trustForwarded: true });
  const status = async (headers: Record<string, string>) => (await call('GET', `${url}/version`, { headers })).status;
  expect(await status(bearer(secrets.ci))).toBe(200);
  const guesses: number[] = [];
  for (let n = 0; n < 8; n += 1) guesses.push(await status(basic(`guess${n}`)));
  expect(guesses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
  expect([await status(bearer(secrets.ci)), await status(bearer(secrets.other))]).toEqual([200, 429]);
  // The last entry is the proxy's; the first one is what the client says.
  expect(await status({ ...bearer(secrets.other), 'x-forwarded-for': '127.0.0.1, 198.51.100.7' })).toBe(200);
  expect(await status({ ...basic('guess'), 'x-forwarded-for': '198.51.100.7, 127.0.0.1' })).toBe(429);
});

test('one client has all addresses of an IPv6 network', () => {
  for (const [address, key] of [
    ['2001:db8:0:1:a:b:c:d', '2001:db8:0:1'],
    ['2001:db8:0:1::1', '2001:db8:0:1'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::', 'fe80:0:0:0'],
    ['192.0.2.7', '192.0.2.7'],
  ] as const)
    expect([address, limitKey(address)]).toEqual([address, key]);
});

test('X-Forwarded-For says nothing where no proxy is trusted', async () => {
  const { url } = await guarded({}, { loginLimit: 2 });
  const statuses: number[] = [];
  for (let n = 0; n < 4; n += 1)
    statuses.push((await call('GET', `${url}/version`, { headers: { ...basic('guess'), 'x-forwarded-for': `198.51.100.${n}` } })).status);
  expect(statuses).toEqual([401, 401, 429, 429]);
});

test('a page of another site cannot make a browser change anything, also where no login is required', async () => {
  const { url } = await registry();
  const create = (headers: Record<string, string>) =>
    call('POST', `${url}/api/v2/remotes`, {
      headers,
      body: JSON.stringify({ name: `r${Math.random()}`.replace('.', ''), package_type: 'generic', repo_type: 'local' }),
    });
  const text = { 'content-type': 'text/plain' };
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example.com' },
    { origin: 'null' },
  ])
    expect([headers, (await create({ ...text, ...headers })).status]).toEqual([headers, 403]);
  for (const headers of [{}, { 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }, { origin: url }])
    expect([headers, (await create({ ...text, ...headers })).status]).toEqual([headers, 201]);
});

test('what strangers wrote is shown in browsers but does nothing there', async () => {
  const up = await upstream((_request, response) => response.setHeader('content-type', 'text/html').end('<script>steal()</script>'));
  const { url } = await registry();
  await addRemote(url, { name: 'r', base_url: up.url });
  const page = await call('GET', `${url}/api/v1/remote/r/page.html`);
  expect(page.text).toContain('<script>');
  expect(page.header('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  const names = ['x-content-type-options', 'x-frame-options', 'referrer-policy'];
  expect(names.map((name) => page.header(name))).toEqual(['nosniff', 'DENY', 'no-referrer']);
  expect(page.header('content-security-policy')).toContain('sandbox');
  expect((await call('GET', `${url}/api/v2/remotes`)).header('content-security-policy')).toBeNull();
});

test('changes are recorded, made and refused, with who and from where, and neither reads nor secrets', async () => {
  const file = join(tempFolder(), 'audit.jsonl');
  const { url, secrets } = await guarded({ ci: ['read:*'] }, { auditFile: file, trustForwarded: true });
  const headers = { ...bearer(secrets.admin), 'x-forwarded-for': '203.0.113.9' };
  const body = { name: 'r', package_type: 'npm', base_url: 'https://npm.example.com', username: 'u', password: 'upstream-secret' };
  await call('POST', `${url}/api/v2/remotes`, { headers, body });
  await call('GET', `${url}/api/v2/remotes/r`, { headers });
  await call('PUT', `${url}/api/v1/local/l/x?token=in-the-query`, { headers: bearer(secrets.ci), body: 'x' });
  await call('DELETE', `${url}/api/v2/remotes/r`, { headers: basic('wrong-secret') });
  const made = await call('POST', `${url}/api/registry/tokens`, { headers, body: { name: 'new', scopes: ['read:*'] } });
  const { entries } = (await call('GET', `${url}/api/registry/audit`, { headers })).json as { entries: AuditEntry[] };
  expect(
    entries.map(({ who, address, method, path, action, repository, status }) => [who, address, method, path, action, repository, status]),
  ).toEqual([
    ['token:admin', '203.0.113.9', 'POST', '/api/registry/tokens/new', 'admin', '*', 201],
    ['anonymous', '127.0.0.1', 'DELETE', '/api/v2/remotes/r', '', '', 401],
    ['token:ci', '127.0.0.1', 'PUT', '/api/v1/local/l/x', 'write', 'l', 403],
    ['token:admin', '203.0.113.9', 'POST', '/api/v2/remotes', 'admin', 'r', 201],
  ]);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as AuditEntry)).toEqual([...entries].reverse());
  for (const secret of ['upstream-secret', 'in-the-query', 'wrong-secret', secrets.admin, (made.json as { token: string }).token])
    expect(lines.join() + JSON.stringify(entries)).not.toContain(secret);
});

test('changes by the other APIs are recorded with their users', async () => {
  const data = tempFolder();
  const { urls, close } = await registry({ data, backends: ['bkrepo', 'kubesphere'], bkrepo: { port: 0 }, kubesphere: { port: 0 } });
  const password = (user: string, secret: string) => ({ authorization: `Basic ${btoa(`${user}:${secret}`)}` });
  const project = { headers: password('admin', 'password'), body: { name: 'pp', displayName: 'pp', description: '' } };
  expect((await call('POST', `${urls.bkrepo}/repository/api/project/create`, project)).status).toBe(200);
  const repos = `${urls.kubesphere}/kapis/application.kubesphere.io/v2/workspaces/demo/repos`;
  await call('DELETE', `${repos}/none`, { headers: password('admin', 'P@88w0rd') });
  await call('GET', repos, { headers: password('admin', 'P@88w0rd') });
  await close();
  const store = await openTestStore(data);
  const { entries } = await new Audit(store.metadata, silent).page(10);
  await store.close();
  expect(entries.map(({ backend, who, method, path }) => [backend, who, method, path])).toEqual([
    ['kubesphere', 'admin', 'DELETE', '/kapis/application.kubesphere.io/v2/workspaces/demo/repos/none'],
    ['bkrepo', 'admin', 'POST', '/repository/api/project/create'],
  ]);
});

test('the record does not grow without end', async () => {
  const folder = tempFolder();
  const file = join(folder, 'audit.jsonl');
  writeFileSync(file, 'x'.repeat(65 << 20));
  const store = await openTestStore(folder);
  const audit = new Audit(store.metadata, silent, { keep: 10, file });
  const entry = { at: '', backend: 'b', who: 'w', address: '', method: 'PUT', path: '/', action: 'write', repository: 'r', status: 201 };
  for (let n = 0; n < 250; n += 1) audit.record({ ...entry, path: `/${n}` });
  await audit.flush();
  await audit.prune();
  const { entries, next } = await audit.page(6);
  const rest = await audit.page(6, next);
  expect([...entries, ...rest.entries].map(({ path }) => path)).toEqual(Array.from({ length: 10 }, (_, n) => `/${249 - n}`));
  expect(rest.next).toBeUndefined();
  expect([existsSync(`${file}.1`), readFileSync(file, 'utf8').split('\n').length]).toEqual([true, 251]);
  await store.close();
});

test('metrics name repositories, so they are for who may read all of them', async () => {
  const { url, secrets } = await guarded({ some: ['read:a'], all: ['read:*'] });
  const status = async (headers = {}) => (await call('GET', `${url}/metrics`, { headers })).status;
  expect([await status(), await status(bearer(secrets.some)), await status(basic(secrets.all))]).toEqual([401, 401, 200]);
  for (const path of ['/livez', '/readyz']) expect((await call('GET', url + path)).status).toBe(200);
});

test('who guesses at /metrics is stopped as anywhere else', async () => {
  const { url, secrets } = await guarded({ all: ['read:*'] }, { loginLimit: 3 });
  const get = (path: string, headers: Record<string, string>) => call('GET', url + path, { headers });
  expect((await get('/metrics', bearer(secrets.all))).status).toBe(200);
  const guesses: number[] = [];
  for (let n = 0; n < 5; n += 1) guesses.push((await get('/metrics', basic(`guess${n}`))).status);
  expect(guesses).toEqual([401, 401, 401, 429, 429]);
  const refused = await get('/metrics', basic('guess'));
  expect([refused.text, Number(refused.header('retry-after'))]).toEqual([
    expect.stringMatching(/^too many failed logins/),
    expect.any(Number),
  ]);
  expect([(await get('/version', basic('guess'))).status, (await get('/metrics', bearer(secrets.all))).status]).toEqual([429, 200]);
});

test.each(['text/html', 'text/xsl', 'application/xslt+xml', 'application/atom+xml', 'image/svg+xml', 'application/pdf'])(
  'an upload of the type %s is shown without scripts',
  async (type) => {
    const { url, secrets } = await guarded({ ci: ['read,write:files'] });
    const body = { name: 'files', package_type: 'generic', repo_type: 'local' };
    expect((await call('POST', `${url}/api/v2/remotes`, { body, headers: bearer(secrets.admin) })).status).toBe(201);
    const headers = { ...bearer(secrets.ci), 'content-type': type };
    expect((await call('PUT', `${url}/api/v2/remotes/files/files/page`, { body: '<script>', headers })).status).toBe(201);
    const shown = await call('GET', `${url}/api/v1/local/files/page`, { headers: bearer(secrets.ci) });
    expect([shown.status, shown.header('content-security-policy')]).toEqual([200, expect.stringContaining('sandbox')]);
  },
);

test('the secret of a remote does not go to another server than it was given for', async () => {
  const { url, secrets } = await guarded({ one: ['admin:up'] });
  const fields = { name: 'up', package_type: 'generic', repo_type: 'remote', username: 'u', base_url: 'https://one.example.com/a' };
  const made = await call('POST', `${url}/api/v2/remotes`, { body: { ...fields, password: 'geheim' }, headers: bearer(secrets.admin) });
  expect(made.status).toBe(201);
  const put = (more: object) => call('PUT', `${url}/api/v2/remotes/up`, { body: { ...fields, ...more }, headers: bearer(secrets.one) });
  expect((await put({ base_url: 'https://one.example.com/b' })).status).toBe(200);
  expect(await put({ base_url: 'https://two.example.com/' })).toMatchObject({
    status: 400,
    reason: expect.stringContaining('send the secrets') as string,
  });
  expect((await put({ base_url: 'https://two.example.com/', password: 'other' })).status).toBe(200);
});

test('who may not read a repository learns nothing of it from the health, nor from a virtual that would have it', async () => {
  const { url, secrets } = await guarded({ vv: ['admin:vv-*'] }, { circuit: { failures: 3, pause: 60 } });
  const add = (body: object) => call('POST', `${url}/api/v2/remotes`, { body, headers: bearer(secrets.admin) });
  await add({ name: 'secret', package_type: 'generic', base_url: 'http://127.0.0.1:1' });
  const fetched = () => call('GET', `${url}/api/v1/remote/secret/x`, { headers: bearer(secrets.admin) });
  for (let n = 0; n < 6; n += 1) await fetched();
  const upstreams = async (headers: Record<string, string>) =>
    ((await call('GET', `${url}/api/v2/health`, { headers })).json as { upstreams?: object }).upstreams;
  expect([await upstreams({}), await upstreams(bearer(secrets.vv)), await upstreams(bearer(secrets.admin))]).toEqual([
    undefined,
    undefined,
    { secret: 'open' },
  ]);
  const reasonFor = async (member: string, package_type = 'npm') =>
    (await call('POST', `${url}/api/v2/virtuals`, { body: { name: 'vv-1', package_type, members: [member] }, headers: bearer(secrets.vv) }))
      .reason;
  const refused = (member: string) => `invalid body: members.0: "${member}" is not a remote or local repository\n`;
  expect([await reasonFor('secret'), await reasonFor('secret', 'generic'), await reasonFor('nothere')]).toEqual([
    refused('secret'),
    refused('secret'),
    refused('nothere'),
  ]);
});
