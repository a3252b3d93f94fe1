import { createHash } from 'node:crypto';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { addRemote, addVirtual, call, cleanUp, registry, tarball, tempFolder, upstream } from '../helpers';
import { type Publication, publication, publish } from './npm-publication';

afterEach(cleanUp);

const ABBREVIATED = 'application/vnd.npm.install-v1+json';
const APP = { name: '@acme/app', version: '1.0.0' };

async function local(options: Parameters<typeof registry>[0] = {}) {
  const { url } = await registry(options);
  await addRemote(url, { name: 'l', package_type: 'npm', repo_type: 'local' });
  const at = (path: string) => `${url}/api/v1/local/l/${path}`;
  const document = async (path: string, accept = 'application/json') => (await call('GET', at(path), { headers: { accept } })).json;
  return { url, at, document };
}

test('a published package has a whole document and an abbreviated one, and its tarball is what was sent', async () => {
  const { url, at, document } = await local();
  const content = tarball({ 'package/package.json': JSON.stringify(APP) });
  const manifest = { description: 'ours', readme: 'long', scripts: { postinstall: 'x' }, dependencies: { a: '1' }, custom: 1 };
  const published = await publish(url, { ...APP, content, manifest, tags: { beta: '1.0.0' } });
  expect([published.status, published.json]).toEqual([201, { ok: true, rev: expect.any(String) as string }]);
  const tgz = at('@acme/app/-/app-1.0.0.tgz');
  const sha1 = createHash('sha1').update(content).digest('hex');
  const dist = { tarball: tgz, shasum: sha1, integrity: `sha512-${createHash('sha512').update(content).digest('base64')}` };
  const whole = await document('@acme%2fapp');
  expect(whole).toEqual({
    _id: '@acme/app',
    _rev: expect.any(String) as string,
    name: '@acme/app',
    'dist-tags': { beta: '1.0.0', latest: '1.0.0' },
    versions: { '1.0.0': { ...APP, ...manifest, dist } },
    time: { created: expect.any(String) as string, modified: expect.any(String) as string, '1.0.0': expect.any(String) as string },
    description: 'ours',
    readme: 'long',
  });
  expect(await document('@acme/app', ABBREVIATED)).toEqual({
    name: '@acme/app',
    'dist-tags': { beta: '1.0.0', latest: '1.0.0' },
    versions: { '1.0.0': { ...APP, dependencies: { a: '1' }, dist, hasInstallScript: true } },
    modified: (whole as { time: { modified: string } }).time.modified,
  });
  for (const wanted of ['1.0.0', 'beta']) expect(await document(`@acme/app/${wanted}`)).toMatchObject({ version: '1.0.0', custom: 1 });
  expect(Buffer.from(await (await fetch(tgz)).arrayBuffer()).equals(content)).toBe(true);
  const head = await call('HEAD', at('@acme%2fapp'));
  expect([head.status, head.text, Number(head.header('content-length'))]).toEqual([200, '', JSON.stringify(whole).length]);
  for (const absent of ['other', '@acme/app/3.0.0']) expect((await call('GET', at(absent))).status).toBe(404);
});

test.each<[what: string, given: Publication, error: string]>([
  ['a tarball of another package', { ...APP, inside: { ...APP, name: 'evil' } }, 'is that of "evil@1.0.0"'],
  ['a tarball of another version', { ...APP, inside: { ...APP, version: '2.0.0' } }, 'is that of "@acme/app@2.0.0"'],
  ['a manifest of another package', { ...APP, manifest: { name: 'evil' } }, 'the manifest of @acme/app@1.0.0 is that of "evil@1.0.0"'],
  ['another integrity', { ...APP, dist: { integrity: 'sha512-AAAA' } }, 'integrity mismatch: the tarball has sha512-'],
  ['another shasum', { ...APP, dist: { shasum: '00' } }, 'shasum mismatch: the tarball has '],
  ['another length', { ...APP, attachment: { length: 3 } }, 'bytes, the document says 3'],
  ['no Base64', { ...APP, attachment: { data: '!' } }, 'not in Base64'],
  ['no archive', { ...APP, content: Buffer.from('hello') }, 'the tarball of @acme/app@1.0.0 cannot be read'],
  ['an archive without package.json', { ...APP, content: tarball({ 'package/x': 'x' }) }, 'has no package.json'],
  ['a package.json that is none', { ...APP, content: tarball({ 'package/package.json': '{' }) }, 'is not valid JSON'],
  ['capitals in the name', { ...APP, name: 'App' }, 'invalid package name "App": allowed are lower-case letters'],
  ['a version that is none', { ...APP, version: '1.0' }, 'invalid version "1.0"'],
  ['a version with build metadata', { ...APP, version: '1.0.0+x' }, 'invalid version "1.0.0+x"'],
  ['a tag that reads as a range', { ...APP, tags: { 'v1.x': '1.0.0' } }, 'invalid tag "v1.x"'],
  ['two versions', { ...APP, document: { versions: { '1.0.0': APP, '2.0.0': APP } } }, 'expected one version and one tarball, got 2 and 1'],
  ['another name', { ...APP, document: { name: 'evil' } }, 'the document is of "evil", but its URL is that of "@acme/app"'],
])('%s is refused with a reason, and nothing is stored', async (_what, given, error) => {
  const { url, at } = await local();
  const answer = await publish(url, given);
  expect([answer.status, answer.json]).toEqual([400, { error: expect.stringContaining(error) as string }]);
  expect((await call('GET', at(given.name))).status).toBe(404);
  expect((await call('GET', `${url}/api/v2/locals/l/objects`)).json).toMatchObject({ total: 0 });
});

test('names that objects have of their own are versions and tags like others, or refused', async () => {
  const { url, at, document } = await local();
  expect((await publish(url, { name: 'constructor', version: '1.0.0', tags: { constructor: '1.0.0' } })).status).toBe(201);
  expect(await document('constructor/constructor')).toMatchObject({ version: '1.0.0' });
  expect((await call('GET', at('constructor/toString'))).status).toBe(404);
  expect((await call('PUT', at('-/package/constructor/dist-tags/__proto__'), { body: '"1.0.0"' })).status).toBe(200);
  expect(Object.entries((await document('-/package/constructor/dist-tags')) as object)).toContainEqual(['__proto__', '1.0.0']);
});

test('a published version cannot be replaced', async () => {
  const { url, document } = await local();
  expect((await publish(url, { ...APP, manifest: { description: 'first' } })).status).toBe(201);
  const again = await publish(url, { ...APP, manifest: { description: 'second' } });
  expect([again.status, again.json]).toEqual([
    409,
    { error: '@acme/app@1.0.0 is already published; a published version cannot be replaced' },
  ]);
  expect(await document('@acme/app')).toMatchObject({ versions: { '1.0.0': { description: 'first' } } });
});

test('a whole document changes what is deprecated and nothing else, and adds no version without its tarball', async () => {
  const { url, at, document } = await local();
  await publish(url, APP);
  const change = (versions: object) =>
    call('PUT', at('@acme%2fapp'), { body: { name: '@acme/app', 'dist-tags': { latest: '9.9.9' }, versions } });
  expect((await change({ '1.0.0': { deprecated: 'old', dist: { tarball: 'http://evil.example.com' } } })).status).toBe(201);
  const tarballUrl = at('@acme/app/-/app-1.0.0.tgz');
  const changed = { 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': { deprecated: 'old', dist: { tarball: tarballUrl } } } };
  expect(await document('@acme/app')).toMatchObject(changed);
  expect((await change({ '1.0.0': { deprecated: '' } })).status).toBe(201);
  expect(await document('@acme/app/1.0.0')).not.toHaveProperty('deprecated');
  expect((await change({ '2.0.0': {} })).json).toEqual({
    error: '@acme/app@2.0.0 is not published, and this document contains no tarball of it',
  });
});

test('what was decided about an older state of a package is refused', async () => {
  const { url, at, document } = await local();
  await publish(url, APP);
  const old = (await document('@acme/app')) as { _rev: string };
  await publish(url, { ...APP, version: '1.1.0' });
  const body = { ...old, versions: {} };
  for (const answer of [
    await call('PUT', at(`@acme%2fapp/-rev/${old._rev}`), { body }),
    await call('DELETE', at(`@acme%2fapp/-rev/${old._rev}`)),
  ]) {
    expect([answer.status, answer.json]).toEqual([409, { error: 'package "@acme/app" has changed in the meantime; try again' }]);
  }
  const inUse = await call('DELETE', at('@acme/app/-/app-1.1.0.tgz/-rev/x'));
  expect([inUse.status, (await call('GET', at('@acme/app/-/app-1.1.0.tgz'))).status]).toEqual([409, 200]);
  const now = (await document('@acme/app')) as { _rev: string };
  expect((await call('DELETE', at(`@acme%2fapp/-rev/${now._rev}`))).status).toBe(200);
  expect((await call('GET', `${url}/api/v2/locals/l/objects`)).json).toMatchObject({ total: 0 });
});

test('the document of a package is kept, and made anew only when the package changes', async () => {
  const data = tempFolder();
  const { url, at, document } = await local({ data });
  await publish(url, APP);
  const first = await document('@acme/app');
  const { items } = (await call('GET', `${url}/api/v2/locals/l/objects`)).json as { items: { path: string; sha256: string }[] };
  const { sha256 } = items.find(({ path }) => path === '.npm/@acme/app/package.json')!;
  const file = join(data, 'blobs', 'sha256', sha256.slice(0, 2), sha256);
  renameSync(file, `${file}.away`);
  expect(await document('@acme/app')).toEqual(first);
  expect((await call('GET', at('@acme/app'), { headers: { accept: ABBREVIATED } })).status).toBe(500);
  renameSync(`${file}.away`, file);
  await publish(url, { ...APP, version: '1.1.0' });
  expect(Object.keys(((await document('@acme/app')) as { versions: object }).versions)).toEqual(['1.0.0', '1.1.0']);
});

test('what was uploaded as files is served as files', async () => {
  const { url, at } = await local();
  for (const path of ['uploaded', 'dir/file.txt', 'uploaded/-/uploaded-1.0.0.tgz'])
    expect((await call('PUT', `${url}/api/v2/remotes/l/files/${path}`, { body: path })).status).toBe(201);
  for (const path of ['uploaded', 'dir/file.txt', 'uploaded/-/uploaded-1.0.0.tgz']) expect((await call('GET', at(path))).text).toBe(path);
});

test('uploads of files and publications do not replace each other', async () => {
  const { url, at } = await local();
  const upload = (path: string) => call('PUT', `${url}/api/v2/remotes/l/files/${path}`, { body: 'mine' });
  const own = await upload('.npm/app/package.json');
  expect([own.status, own.text]).toEqual([400, 'invalid file name: .npm/app/package.json is reserved for the registry\n']);
  expect((await upload('@acme/app/-/app-1.0.0.tgz')).status).toBe(201);
  const published = await publish(url, APP);
  expect([published.status, (published.json as { error: string }).error]).toEqual([
    409,
    '@acme/app/-/app-1.0.0.tgz already exists as a file that was not published; delete it, or publish another version',
  ]);
  expect([(await call('GET', at('@acme/app/-/app-1.0.0.tgz'))).text, (await call('GET', at('@acme/app'))).status]).toEqual(['mine', 404]);
  expect((await publish(url, { ...APP, version: '1.1.0' })).status).toBe(201);
  expect((await upload('@acme/app/-/app-1.1.0.tgz')).status).toBe(409);
});

test('a search finds words in names, descriptions and keywords, page by page', async () => {
  const { url, document } = await local();
  for (const [name, description] of [
    ['pad', 'pads'],
    ['pad-left', 'also pads'],
    ['other', 'like pad'],
    ['none', 'nothing'],
  ] as const)
    await publish(url, { name, version: '1.0.0', manifest: { description, keywords: name === 'none' ? ['useless'] : [] } });
  const names = async (query: string) => {
    const { objects, total } = (await document(`-/v1/search?${query}`)) as { objects: { package: { name: string } }[]; total: number };
    return [objects.map((each) => each.package.name), total];
  };
  expect(await names('text=pad')).toEqual([['pad', 'pad-left', 'other'], 3]);
  expect(await names('text=pad&from=1&size=1')).toEqual([['pad-left'], 3]);
  expect(await names('text=keywords:useless')).toEqual([['none'], 1]);
  expect(await names('text=also+pads')).toEqual([['pad-left'], 1]);
  expect((await names(''))[1]).toBe(4);
});

test('a virtual has its own packages first, their tags and what a search finds too', async () => {
  const { url } = await local();
  await addRemote(url, { name: 'm', package_type: 'npm', repo_type: 'local' });
  await addVirtual(url, { name: 'v', package_type: 'npm', members: ['l', 'm'] });
  await publish(url, { ...APP, manifest: { description: 'first' } });
  for (const version of ['1.0.0', '2.0.0'])
    await call('PUT', `${url}/api/v1/local/m/@acme%2fapp`, { body: publication({ ...APP, version, manifest: { description: 'second' } }) });
  const get = async (path: string) => (await call('GET', `${url}/api/v1/virtual/v/${path}`)).json;
  const tarballOf = (version: string) => `${url}/api/v1/virtual/v/@acme/app/-/app-${version}.tgz`;
  expect(await get('@acme%2fapp')).toMatchObject({
    'dist-tags': { latest: '1.0.0' },
    versions: {
      '1.0.0': { description: 'first', dist: { tarball: tarballOf('1.0.0') } },
      '2.0.0': { description: 'second', dist: { tarball: tarballOf('2.0.0') } },
    },
  });
  for (const version of ['1.0.0', '2.0.0']) expect((await call('GET', tarballOf(version))).status).toBe(200);
  expect(await get('-/package/@acme%2fapp/dist-tags')).toEqual({ latest: '1.0.0' });
  const { objects } = (await get('-/v1/search?text=app')) as { objects: { package: object }[] };
  expect(objects.map((each) => each.package)).toMatchObject([{ name: '@acme/app', description: 'first' }]);
});

test('a virtual has of an internal package nothing that is public, whatever the internal one lacks and however the public one is', async () => {
  const { url } = await local();
  const version = (name: string, number: string) => ({
    name,
    version: number,
    dist: { tarball: `https://evil.example.com/${number}.tgz` },
  });
  const open = await upstream((request, response) => {
    const name = decodeURIComponent(String(request.url)).slice(1);
    if (name.endsWith('.tgz')) return void response.end('evil');
    if (name.endsWith('/9.9.9')) return void response.end(JSON.stringify(version('@acme/app', '9.9.9')));
    response.end(JSON.stringify({ name, 'dist-tags': { latest: '9.9.9', evil: '9.9.9' }, versions: { '9.9.9': version(name, '9.9.9') } }));
  });
  const broken = await upstream((_request, response) => response.writeHead(500).end());
  for (const [name, base_url] of [
    ['open', open.url],
    ['broken', broken.url],
  ] as const)
    await addRemote(url, { name, package_type: 'npm', base_url });
  await addVirtual(url, { name: 'v', package_type: 'npm', members: ['open', 'broken', 'l'] });
  await publish(url, APP);
  const get = (path: string) => call('GET', `${url}/api/v1/virtual/v/${path}`);
  const { 'dist-tags': tags, versions } = (await get('@acme%2fapp')).json as { 'dist-tags': object; versions: object };
  expect([tags, Object.keys(versions)]).toEqual([{ latest: '1.0.0' }, ['1.0.0']]);
  for (const path of ['@acme/app/9.9.9', '@acme/app/evil', '@acme/app/-/app-9.9.9.tgz', '@acme/app/-/9.9.9/9.9.9.tgz'])
    expect([path, (await get(path)).status]).toEqual([path, 404]);
  expect((await get('-/package/@acme%2fapp/dist-tags')).json).toEqual({ latest: '1.0.0' });
  expect([open.requests.length, broken.requests.length]).toEqual([0, 0]);
  expect((await get('other')).status).toBe(502);
  expect(open.requests.length).toBeGreaterThan(0);
});

test('who publishes into a remote or a virtual is told where else', async () => {
  const { url } = await local();
  await addRemote(url, { name: 'r', package_type: 'npm', base_url: 'http://127.0.0.1:9' });
  await addVirtual(url, { name: 'v', package_type: 'npm', members: ['l', 'r'] });
  const put = async (place: string) => {
    const { status, json } = await call('PUT', `${url}/api/v1/${place}/app`, { body: {} });
    return [status, json];
  };
  expect(await put('virtual/v')).toEqual([
    405,
    { error: 'repository "v" is virtual and takes no changes; publish into its local members: l' },
  ]);
  expect(await put('remote/r')).toEqual([405, { error: 'repository "r" is remote and takes no changes; publish into a local repository' }]);
});

test('a strict registry takes no publication and makes no document', async () => {
  const { url, at } = await local({ strict: true });
  expect((await publish(url, APP)).status).toBe(404);
  expect([(await call('GET', at('-/v1/search'))).status, (await call('GET', at('@acme/app'))).status]).toEqual([404, 404]);
});
