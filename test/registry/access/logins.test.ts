import { Access } from '../../../src/registry/access/access';
import { silent } from '../../../src/registry/logger';
import { tarball, call, cleanUp, openTestStore, registry, tempFolder, upstream } from '../helpers';
import { zipOf } from '../../support/zip';
import { basic, bearer, guarded, scopesOf } from './support';

afterEach(cleanUp);

const made = async (url: string, secret: string, body: Record<string, unknown>) => {
  const kind = body['members'] ? 'virtuals' : 'remotes';
  const answer = await call('POST', `${url}/api/v2/${kind}`, { body, headers: bearer(secret) });
  expect([answer.status, answer.status === 201 ? '' : answer.text]).toEqual([201, '']);
};

test('a token is taken as a bearer and as the password of any user, and tells who it is', async () => {
  const { url, secrets } = await guarded({ ci: ['read:npm-*', 'write:npm-own'] });
  for (const headers of [
    bearer(secrets.ci),
    basic(secrets.ci, '__token__'),
    basic(secrets.ci, ''),
    { authorization: `bearer ${secrets.ci}` },
  ]) {
    const answer = await call('GET', `${url}/api/registry/login`, { headers });
    expect([answer.status, answer.json]).toEqual([200, { login: 'token:ci', scopes: ['read:npm-*', 'write:npm-own'] }]);
  }
  const almost = secrets.ci.slice(0, -1) + (secrets.ci.endsWith('A') ? 'B' : 'A');
  for (const headers of [bearer(almost), bearer(`${secrets.ci}x`), basic(''), basic('admin', secrets.ci), bearer('')])
    expect((await call('GET', `${url}/api/registry/login`, { headers })).status).toBe(401);
});

test('a token that has expired is refused, with its name for who has it; one that is revoked is unknown at once', async () => {
  const data = tempFolder();
  const store = await openTestStore(data);
  const { tokens } = new Access(store, { isRequired: true, isLimited: false }, silent);
  const expiresAt = new Date(Date.now() - 1).toISOString();
  const old = await tokens.create({ name: 'old', scopes: scopesOf('read:*'), expiresAt, by: 'test' });
  const admin = await tokens.create({ name: 'admin', scopes: scopesOf('admin:*'), by: 'test' });
  const rows = JSON.stringify(await store.metadata.tables<{ access_tokens: object }>().selectFrom('access_tokens').selectAll().execute());
  expect(rows).not.toContain(old?.secret.slice(-43));
  await store.close();
  const { url } = await registry({ data, auth: true });
  const refused = await call('GET', `${url}/version`, { headers: bearer(old?.secret ?? '') });
  expect([refused.status, refused.text]).toEqual([401, `the token "old" expired at ${expiresAt}; ask for a new one\n`]);
  const headers = bearer(admin?.secret ?? '');
  const later = await call('POST', `${url}/api/registry/tokens`, { headers, body: { name: 'later', scopes: ['read:*'] } });
  const { token } = later.json as { token: string };
  expect([later.status, later.header('cache-control')]).toEqual([201, 'no-store']);
  expect((await call('GET', `${url}/version`, { headers: bearer(token) })).status).toBe(200);
  const list = await call('GET', `${url}/api/registry/tokens`, { headers });
  expect((list.json as { name: string }[]).map(({ name }) => name).sort()).toEqual(['admin', 'later', 'old']);
  expect(list.text).not.toMatch(/rft_|hash/);
  expect((await call('DELETE', `${url}/api/registry/tokens/later`, { headers })).status).toBe(204);
  expect((await call('GET', `${url}/version`, { headers: bearer(token) })).status).toBe(401);
});

test('only who may do everything makes tokens, and nobody where no login is required', async () => {
  const { url, secrets } = await guarded({ team: ['admin:team-*'], all: ['read,write,delete:*'] });
  const body = { name: 'mine', scopes: ['admin:*'] };
  for (const secret of [secrets.team, secrets.all]) {
    const answer = await call('POST', `${url}/api/registry/tokens`, { headers: bearer(secret), body });
    expect([answer.status, answer.text]).toEqual([403, expect.stringContaining('lacks the scope "admin:*"')]);
    expect((await call('GET', `${url}/api/registry/audit`, { headers: bearer(secret) })).status).toBe(403);
  }
  for (const wrong of [
    { ...body, scopes: [] },
    { ...body, scopes: ['x:*'] },
    { ...body, name: '' },
    { ...body, expires_at: 'soon' },
    { ...body, hash: 'x' },
  ])
    expect((await call('POST', `${url}/api/registry/tokens`, { headers: bearer(secrets.admin), body: wrong })).status).toBe(400);
  const open = await registry();
  expect((await call('POST', `${open.url}/api/registry/tokens`, { body })).status).toBe(409);
});

test('repositories are made where the token may, and lists and events have what it may read', async () => {
  const { url, secrets } = await guarded({ team: ['admin:team-*'], reader: ['read:team-a', 'read:none'] });
  await made(url, secrets.team, { name: 'team-a', package_type: 'generic', repo_type: 'local' });
  await made(url, secrets.admin, { name: 'other', package_type: 'generic', repo_type: 'local' });
  const refused = await call('POST', `${url}/api/v2/remotes`, {
    headers: bearer(secrets.team),
    body: { name: 'mine', package_type: 'generic', repo_type: 'local' },
  });
  expect([refused.status, refused.text]).toEqual([403, 'the token "team" lacks the scope "admin:mine"; its scopes are admin:team-*\n']);
  const none = await call('POST', `${url}/api/v2/remotes`, { headers: bearer(secrets.reader), body: { name: 'team-b' } });
  expect([none.status, none.text]).toEqual([
    403,
    'the token "reader" has no scope with the action "admin"; its scopes are read:team-a read:none\n',
  ]);
  const names = async (secret: string) =>
    ((await call('GET', `${url}/api/v2/remotes`, { headers: bearer(secret) })).json as { name: string }[] | null)?.map(({ name }) => name);
  expect([await names(secrets.team), await names(secrets.reader), await names(secrets.admin)]).toEqual([
    ['team-a'],
    ['team-a'],
    ['other', 'team-a'],
  ]);
  expect((await call('GET', `${url}/api/v2/stats`, { headers: bearer(secrets.team) })).status).toBe(403);

  const stream = await fetch(`${url}/api/v2/events`, { headers: bearer(secrets.reader) });
  const reader = stream.body?.getReader();
  for (const name of ['other', 'team-a'])
    await call('PUT', `${url}/api/v2/remotes/${name}/files/x`, { headers: bearer(secrets.admin), body: 'x' });
  let text = '';
  while (!text.includes('team-a')) text += new TextDecoder().decode((await reader?.read())?.value);
  await reader?.cancel();
  expect(text).not.toContain('other');
});

test('members that may not be read are passed over, what they own stays internal, and the refusal names them', async () => {
  const packument = {
    name: 'app',
    'dist-tags': { latest: '9.9.9' },
    versions: { '9.9.9': { name: 'app', version: '9.9.9', dist: { tarball: 'x' } } },
  };
  const open = await upstream((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url?.includes('other') ? { ...packument, name: 'other' } : packument));
  });
  const { url, secrets } = await guarded(
    { some: ['read:v', 'read:open'], all: ['read:*'], front: ['read:v'] },
    { anonymousRead: ['v', 'open'] },
  );
  await made(url, secrets.admin, { name: 'own', package_type: 'npm', repo_type: 'local' });
  await made(url, secrets.admin, { name: 'open', package_type: 'npm', base_url: open.url });
  await made(url, secrets.admin, { name: 'v', package_type: 'npm', members: ['own', 'open'] });
  const data = tarball({ 'package/package.json': JSON.stringify({ name: 'app', version: '1.0.0' }) }).toString('base64');
  const body = {
    name: 'app',
    versions: { '1.0.0': { name: 'app', version: '1.0.0' } },
    'dist-tags': { latest: '1.0.0' },
    _attachments: { 'app-1.0.0.tgz': { data } },
  };
  expect((await call('PUT', `${url}/api/v1/local/own/app`, { headers: bearer(secrets.admin), body })).status).toBe(201);
  const versions = async (name: string, secret?: string) => {
    const answer = await call('GET', `${url}/api/v1/virtual/v/${name}`, secret === undefined ? {} : { headers: bearer(secret) });
    return answer.status === 200 ? Object.keys((answer.json as { versions: object }).versions) : [answer.status, answer.reason];
  };
  expect(await versions('app', secrets.all)).toEqual(['1.0.0']);
  // The one that may be read has a public package of this name, which must not take the place of the internal one.
  expect(await versions('app', secrets.some)).toEqual([404, expect.stringContaining('because your login may not read them: "own"')]);
  expect(await versions('app')).toEqual([404, expect.stringContaining('because clients without a login may not read them: "own"')]);
  expect(open.requests.some(({ url: asked }) => asked === '/app')).toBe(false);
  expect(await versions('other', secrets.some)).toEqual(['9.9.9']);
  expect(await versions('other', secrets.front)).toEqual([403, 'the token "front" lacks the scope "read:own"; its scopes are read:v']);
});

test('an upload that one has begun is not for another to go on with, and a blob of what may not be read is not mounted', async () => {
  const { url, secrets } = await guarded({ one: ['read,write:d'], other: ['read,write:d'] });
  for (const name of ['d', 'secret']) await made(url, secrets.admin, { name, package_type: 'docker', repo_type: 'local' });
  const begun = await call('POST', `${url}/v2/d/app/blobs/uploads/`, { headers: bearer(secrets.one) });
  const place = new URL(begun.header('location') ?? '', url).href;
  expect((await call('PATCH', place, { headers: bearer(secrets.other), body: 'x' })).status).toBe(404);
  expect((await call('DELETE', place, { headers: bearer(secrets.other) })).status).toBe(404);
  expect((await call('PATCH', place, { headers: bearer(secrets.one), body: 'x' })).status).toBe(202);
  const digest = 'sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';
  await call('POST', `${url}/v2/secret/app/blobs/uploads/?digest=${digest}`, { headers: bearer(secrets.admin), body: 'x' });
  const mount = `${url}/v2/d/app/blobs/uploads/?mount=${digest}&from=secret/app`;
  expect((await call('POST', mount, { headers: bearer(secrets.one) })).status).toBe(202);
  expect((await call('POST', mount, { headers: bearer(secrets.admin) })).status).toBe(201);
});

test('what is read without a login is what was opened, and a login that is wrong is refused there, too', async () => {
  const { url, secrets } = await guarded({}, { anonymousRead: ['open-*'] });
  for (const name of ['open-a', 'shut']) {
    await made(url, secrets.admin, { name, package_type: 'generic', repo_type: 'local' });
    await call('PUT', `${url}/api/v2/remotes/${name}/files/x`, { headers: bearer(secrets.admin), body: 'x' });
  }
  const status = async (path: string, method = 'GET', headers = {}) => (await call(method, url + path, { headers })).status;
  expect(await status('/api/v1/local/open-a/x')).toBe(200);
  expect(await status('/api/v1/local/open-a/x', 'GET', basic('wrong'))).toBe(401);
  expect(await status('/api/v1/local/shut/x')).toBe(401);
  expect(await status('/api/v1/local/nothing/x')).toBe(401);
  expect(await status('/api/v1/local/open-a/x', 'DELETE')).toBe(401);
  expect((await call('GET', `${url}/api/v2/remotes`)).text).not.toContain('shut');
  expect(await status('/api/registry/tokens')).toBe(401);
  const missing = await call('POST', `${url}/api/v2/remotes`, {
    body: { name: 'open-b', package_type: 'npm', base_url: 'http://x.example' },
  });
  expect([missing.status, missing.header('www-authenticate')]).toEqual([401, 'Basic realm="repoform registry", charset="UTF-8"']);
});

test('a virtual that may be read without a login asks for one where no member may', async () => {
  const { url, secrets } = await guarded({}, { anonymousRead: ['v-*'] });
  for (const type of ['rpm', 'docker']) {
    await made(url, secrets.admin, { name: `${type}-own`, package_type: type, repo_type: 'local' });
    await made(url, secrets.admin, { name: `v-${type}`, package_type: type, members: [`${type}-own`] });
  }
  const rpm = await call('GET', `${url}/api/v1/virtual/v-rpm/repodata/repomd.xml`);
  expect([rpm.status, rpm.header('www-authenticate')]).toEqual([401, 'Basic realm="repoform registry", charset="UTF-8"']);
  expect(rpm.text).toContain('clients without a login may not read "rpm-own"; log in, or add it to --anonymous-read');
  const image = await call('GET', `${url}/v2/v-docker/app/manifests/latest`);
  expect([image.status, image.header('www-authenticate')]).toEqual([401, `Bearer realm="${url}/v2/auth",service="repoform"`]);
});

test('links that terraform follows without a login are signed: for their path, for reading, as far as the token reads, and for nothing else', async () => {
  const { url, secrets } = await guarded({ reader: ['read,write:tf'] });
  for (const name of ['tf', 'other']) await made(url, secrets.admin, { name, package_type: 'terraform', repo_type: 'local' });
  const file = 'acme/net/terraform-provider-net_1.0.0_linux_amd64.zip';
  const body = await zipOf({ 'terraform-provider-net_v1.0.0': '#!/bin/sh\n' });
  for (const name of ['tf', 'other'])
    await call('PUT', `${url}/api/v2/remotes/${name}/files/${file}`, { headers: bearer(secrets.admin), body });
  const answer = await call('GET', `${url}/terraform/v1/providers/tf/net/1.0.0/download/linux/amd64`, { headers: bearer(secrets.reader) });
  const { download_url, shasums_url, signing_keys } = answer.json as { download_url: string; shasums_url: string; signing_keys: object };
  expect(JSON.stringify(signing_keys)).not.toContain('rfs_');
  const status = async (path: string, method = 'GET', headers = {}) => (await call(method, url + path, { headers })).status;
  expect([await status(download_url), await status(download_url, 'HEAD'), await status(shasums_url)]).toEqual([200, 200, 200]);
  const [path = '', query = ''] = download_url.split('?');
  const ticket = query.replace('signature=', '');
  expect(ticket).toMatch(/^rfs_/);
  expect([await status(path), await status(`${path}?x=1&${query}`)]).toEqual([401, 200]);
  for (const other of [`${path}/`, path.replace('/tf/', '/other/'), '/api/v2/remotes'])
    expect([other, await status(`${other}?${query}`)]).toEqual([other, 401]);
  expect([await status(download_url, 'DELETE'), await status(download_url, 'PUT'), await status(path, 'GET', bearer(ticket))]).toEqual([
    401, 401, 401,
  ]);
});

test('links do not outlive the token that they were made for', async () => {
  const { url, secrets } = await guarded({ reader: ['read:tf'] });
  await made(url, secrets.admin, { name: 'tf', package_type: 'terraform', repo_type: 'local' });
  const body = await zipOf({ 'terraform-provider-net_v1.0.0': '#!/bin/sh\n' });
  const file = 'acme/net/terraform-provider-net_1.0.0_linux_amd64.zip';
  await call('PUT', `${url}/api/v2/remotes/tf/files/${file}`, { headers: bearer(secrets.admin), body });
  const asked = await call('GET', `${url}/terraform/v1/providers/tf/net/1.0.0/download/linux/amd64`, { headers: bearer(secrets.reader) });
  const { download_url: link } = asked.json as { download_url: string };
  expect((await call('GET', url + link)).status).toBe(200);
  await call('DELETE', `${url}/api/registry/tokens/reader`, { headers: bearer(secrets.admin) });
  const after = await call('GET', url + link);
  expect([after.status, after.reason]).toEqual([401, expect.stringContaining('it may have been revoked')]);
});

test('a stream of events ends with the token that it was opened with', async () => {
  const { url, secrets } = await guarded({ reader: ['read:*'], other: ['read:*'] });
  const open = async (secret: string) => (await fetch(`${url}/api/v2/events`, { headers: bearer(secret) })).body!.getReader();
  const [gone, stays] = [await open(secrets.reader), await open(secrets.other)];
  await call('DELETE', `${url}/api/registry/tokens/reader`, { headers: bearer(secrets.admin) });
  await made(url, secrets.admin, { name: 'late', package_type: 'generic', repo_type: 'local' });
  let text = '';
  for (let read = await gone.read(); !read.done; read = await gone.read()) text += new TextDecoder().decode(read.value);
  expect(text).toBe(': connected\n\n');
  for (text = ''; !text.includes('late');) text += new TextDecoder().decode((await stays.read()).value);
  await stays.cancel();
});

test('what a request does is not always what its method says', async () => {
  const { url, secrets } = await guarded({ reader: ['read:*'], writer: ['read,write:*'] });
  for (const type of ['npm', 'pypi', 'docker']) await made(url, secrets.admin, { name: type, package_type: type, repo_type: 'local' });
  const status = async (method: string, path: string, secret: string) =>
    (await call(method, url + path, { headers: bearer(secret), body: {} })).status;
  const { reader, writer } = secrets;
  expect(await status('POST', '/api/v1/local/npm/-/npm/v1/security/advisories/bulk', reader)).toBe(200);
  expect(await status('PUT', '/api/v1/local/npm/app/-rev/1', writer)).toBe(403);
  expect(await status('DELETE', '/api/v1/local/npm/app/-rev/1', writer)).toBe(403);
  expect(await status('DELETE', '/api/v1/local/npm/-/package/app/dist-tags/old', reader)).toBe(403);
  expect(await status('DELETE', '/api/v1/local/npm/-/package/app/dist-tags/old', writer)).toBe(404);
  expect(await status('DELETE', '/api/v1/local/pypi/app/1.0/yanked', writer)).toBe(404);
  expect(await status('DELETE', '/api/v1/local/pypi/app/1.0/app-1.0.tar.gz', writer)).toBe(403);
  expect(await status('DELETE', '/v2/docker/app/blobs/uploads/1', writer)).toBe(404);
  expect(await status('DELETE', '/v2/docker/app/manifests/1', writer)).toBe(403);
});
