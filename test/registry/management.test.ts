import { addRemote, addVirtual, call, cleanUp, registry, tempFolder, upstream, isOnPostgres } from './helpers';

afterEach(cleanUp);

const TYPES = ['alpine', 'docker', 'generic', 'goproxy', 'helm', 'npm', 'puppet', 'pypi', 'rpm', 'terraform'];
const BASE = { name: 'a', package_type: 'generic', base_url: 'https://files.example.com' };

test('a remote is created with defaults, null for empty lists and no password', async () => {
  const { url } = await registry();
  const created = await call('POST', `${url}/api/v2/remotes`, { body: { ...BASE, username: 'u', password: 'secret' } });
  const times = created.json as { created_at: string; updated_at: string };
  expect(created.status).toBe(201);
  expect(created.json).toEqual({
    ...BASE,
    repo_type: 'remote',
    description: '',
    username: 'u',
    immutable_ttl: 0,
    mutable_ttl: 3600,
    patterns: null,
    blocklist: null,
    mutable_patterns: null,
    immutable_patterns: null,
    ban_tags_enabled: false,
    ban_tags: null,
    created_at: times.created_at,
    updated_at: times.created_at,
  });
  const read = await call('GET', `${url}/api/v2/remotes/a`);
  expect([read.status, read.json]).toEqual([200, created.json]);
});

test.each(TYPES)('a %s remote and local can be created, replaced and deleted', async (package_type) => {
  const { url } = await registry({ strict: true });
  await addRemote(url, { name: 'r', package_type, base_url: 'http://example.com/base' });
  await addRemote(url, { name: 'l', package_type, repo_type: 'local' });
  const listed = (await call('GET', `${url}/api/v2/remotes`)).json as { name: string; repo_type: string }[];
  expect(listed.map(({ name, repo_type }) => [name, repo_type])).toEqual([
    ['l', 'local'],
    ['r', 'remote'],
  ]);
  const replaced = await call('PUT', `${url}/api/v2/remotes/r`, { body: { package_type, base_url: 'http://example.com', mutable_ttl: 5 } });
  expect([replaced.status, (replaced.json as { mutable_ttl: number }).mutable_ttl]).toEqual([200, 5]);
  expect((await call('DELETE', `${url}/api/v2/remotes/r`)).status).toBe(204);
  expect((await call('GET', `${url}/api/v2/remotes/r`)).text).toBe('remote "r" not found\n');
});

test('PUT replaces the whole remote, so that what is left out returns to its default', async () => {
  const { url } = await registry();
  await addRemote(url, { ...BASE, description: 'd', patterns: ['^a'], mutable_ttl: 9 });
  const replaced = await call('PUT', `${url}/api/v2/remotes/a`, { body: BASE });
  expect(replaced.json).toMatchObject({ description: '', patterns: null, mutable_ttl: 3600 });
});

test('empty lists of repositories are null', async () => {
  const { url } = await registry();
  expect((await call('GET', `${url}/api/v2/remotes`)).text).toBe('null');
  expect((await call('GET', `${url}/api/v2/virtuals`)).text).toBe('null');
});

test.each([
  [{ ...BASE, repo_type: 'proxy' }, 'invalid body: repo_type: Invalid option: expected one of "remote"|"local"\n'],
  [{ ...BASE, package_type: 'cargo' }, `invalid body: package_type: must be one of ${TYPES.join(', ')}\n`],
  [{ ...BASE, base_url: undefined }, 'invalid body: base_url: is required for remotes\n'],
  [{ ...BASE, base_url: 'ftp://x' }, 'invalid body: base_url: must be an http or https URL\n'],
  [{ ...BASE, base_url: 'http://u:p@x' }, 'invalid body: base_url: must not hold credentials; use username and password\n'],
  [{ ...BASE, mutable_ttl: -1 }, 'invalid body: mutable_ttl: Too small: expected number to be >=0\n'],
  [{ ...BASE, immutable_ttl: 1.5 }, 'invalid body: immutable_ttl: Invalid input: expected int, received number\n'],
  [{ ...BASE, patterns: 'x' }, 'invalid body: patterns: Invalid input: expected array, received string\n'],
  [
    { ...BASE, blocklist: ['ok', '(?=a)'] },
    'invalid body: blocklist.1: invalid regex "(?=a)": error parsing regexp: invalid or unsupported Perl syntax: `(?=`\n',
  ],
  [{ ...BASE, name: 'a/b' }, 'invalid body: name: must begin with a letter or digit and hold only letters, digits, ".", "_" and "-"\n'],
  [{ ...BASE, name: undefined }, 'invalid body: name: is required\n'],
  [[], 'invalid body: body: Invalid input: expected object, received array\n'],
  ['', 'invalid body: empty, expected a JSON object\n'],
])('a wrong remote is a 400 with the reason: %j', async (body, reason) => {
  const { url } = await registry();
  const answer = await call('POST', `${url}/api/v2/remotes`, { body });
  expect([answer.status, answer.text, answer.header('content-type')]).toEqual([400, reason, 'text/plain; charset=utf-8']);
});

test('a name is taken by remotes and virtuals alike', async () => {
  const { url } = await registry();
  await addRemote(url, BASE);
  await addVirtual(url, { name: 'v', package_type: 'generic' });
  for (const [path, name] of [
    ['remotes', 'a'],
    ['remotes', 'v'],
    ['virtuals', 'a'],
    ['virtuals', 'v'],
  ]) {
    const answer = await call('POST', `${url}/api/v2/${path}`, { body: { ...BASE, name } });
    expect([answer.status, answer.text]).toEqual([409, `repository "${name}" already exists\n`]);
  }
});

test('a virtual is created, read, replaced and deleted', async () => {
  const { url } = await registry();
  await addRemote(url, BASE);
  await addVirtual(url, { name: 'v', package_type: 'generic', members: ['a'] });
  expect((await call('GET', `${url}/api/v2/virtuals/v`)).json).toMatchObject({ name: 'v', description: '', members: ['a'] });
  const replaced = await call('PUT', `${url}/api/v2/virtuals/v`, { body: { package_type: 'generic', description: 'd' } });
  expect(replaced.json).toMatchObject({ name: 'v', description: 'd', members: null });
  expect((await call('DELETE', `${url}/api/v2/virtuals/v`)).status).toBe(204);
  expect((await call('DELETE', `${url}/api/v2/virtuals/v`)).text).toBe('virtual "v" not found\n');
});

test.each([
  [['x'], 'invalid body: members.0: "x" is not a remote or local repository\n'],
  [['a', 'a'], 'invalid body: members.1: "a" is repeated\n'],
  [['h'], 'invalid body: members.0: "h" has package type helm, not generic\n'],
])('a virtual with members %j is a 400', async (members, reason) => {
  const { url } = await registry();
  await addRemote(url, BASE);
  await addRemote(url, { ...BASE, name: 'h', package_type: 'helm' });
  const answer = await call('POST', `${url}/api/v2/virtuals`, { body: { name: 'v', package_type: 'generic', members } });
  expect([answer.status, answer.text]).toEqual([400, reason]);
});

test('a remote that a virtual names can be deleted', async () => {
  const { url } = await registry();
  await addRemote(url, BASE);
  await addVirtual(url, { name: 'v', package_type: 'generic', members: ['a'] });
  expect((await call('DELETE', `${url}/api/v2/remotes/a`)).status).toBe(204);
  expect((await call('GET', `${url}/api/v2/virtuals/v`)).json).toMatchObject({ members: ['a'] });
});

test('objects are listed page by page, counted and evicted', async () => {
  const files = await upstream((request, response) => response.end(request.url));
  const { url } = await registry();
  await addRemote(url, { ...BASE, base_url: files.url });
  for (const path of ['1', '2', '3', '3']) await call('GET', `${url}/api/v1/remote/a/${path}`);
  const page = await call('GET', `${url}/api/v2/remotes/a/objects?page=2&per_page=2`);
  expect(page.json).toMatchObject({ items: [{ path: '3', size: 2, access_count: 2, fetch_count: 1, bytes_served: 4 }], total: 3, page: 2 });
  expect((await call('GET', `${url}/api/v2/remotes/a/objects?per_page=9999`)).json).toMatchObject({ per_page: 5000 });
  expect((await call('GET', `${url}/api/v2/remotes/a/objects?page=0`)).status).toBe(400);
  const top = (await call('GET', `${url}/api/v2/stats/top-files-by-hits?limit=1`)).json;
  expect(top).toMatchObject([{ remote: 'a', path: '3', access_count: 2 }]);
  expect((await call('GET', `${url}/api/v2/stats/top-files-by-bandwidth`)).json).toHaveLength(3);
  expect((await call('GET', `${url}/api/v2/stats`)).json).toMatchObject({ remotes: 1, artifacts: 3, total_hits: 4, total_fetches: 3 });
  expect((await call('DELETE', `${url}/api/v2/remotes/a/objects/3`)).status).toBe(204);
  expect((await call('DELETE', `${url}/api/v2/remotes/a/objects/3`)).status).toBe(404);
  expect((await call('GET', `${url}/api/v1/remote/a/3`)).header('x-artifact-source')).toBe('remote');
});

test('a probe tells how a fetch went', async () => {
  const files = await upstream((request, response) => response.writeHead(request.url === '/ok' ? 200 : 404).end('hello'));
  const { url } = await registry();
  await addRemote(url, { ...BASE, base_url: files.url, blocklist: ['^secret'] });
  const probe = async (path: string) => (await call('POST', `${url}/api/v2/probe`, { body: { remote: 'a', path } })).json;
  expect(await probe('ok')).toMatchObject({ ok: true, status: 200, size: 5, source: 'remote' });
  expect(await probe('/ok')).toMatchObject({ ok: true, source: 'cache' });
  expect(await probe('gone')).toMatchObject({ ok: false, status: 404, error: 'upstream of remote "a" answered 404' });
  expect(await probe('secret')).toMatchObject({ ok: false, status: 403 });
  expect((await call('POST', `${url}/api/v2/probe`, { body: { remote: 'x', path: 'y' } })).status).toBe(404);
});

test('health, version and the front page answer', async () => {
  const { url } = await registry();
  expect((await call('GET', `${url}/health`)).json).toEqual({ status: 'ok' });
  expect((await call('GET', `${url}/api/v2/health`)).json).toEqual({ status: 'ok', services: { database: 'ok', storage: 'ok' } });
  expect((await call('GET', `${url}/version`)).json).toEqual({
    name: 'artifactapi',
    version: '3.7.6',
    serves: [
      'local/alpine',
      'virtual/alpine',
      'local/generic',
      'virtual/generic',
      'local/goproxy',
      'virtual/goproxy',
      'local/helm',
      'local/npm',
      'virtual/npm',
      'local/puppet',
      'virtual/puppet',
      'virtual/rpm',
      'virtual/terraform',
    ],
  });
  const strict = await registry({ strict: true });
  expect((await call('GET', `${strict.url}/version`)).json).toEqual({ name: 'artifactapi', version: '3.7.6' });
  const front = await call('GET', url);
  expect([front.status, front.header('location')]).toEqual([302, '/ui/']);
  expect((await call('GET', `${url}/ui/`)).status).toBe(200);
  expect((await call('GET', `${url}/nothing`)).text).toBe('404 page not found\n');
});

test('events are streamed while they happen, and closing ends the stream', async () => {
  const running = await registry();
  const response = await fetch(`${running.url}/api/v2/events`);
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  await addRemote(running.url, BASE);
  let seen = '';
  while (!seen.includes('\n\nevent: ') || !seen.endsWith('\n\n')) seen += (await reader.read()).value ?? '';
  expect(seen).toContain('event: remote.created\ndata: {"type":"remote.created",');
  await running.close();
  expect((await reader.read()).done).toBe(true);
});

test('what is configured survives a restart, and a second registry on the folder is refused', async () => {
  const data = tempFolder();
  const first = await registry({ data });
  await addRemote(first.url, BASE);
  // With a database, several may have the folder.
  if (!isOnPostgres())
    await expect(registry({ data })).rejects.toThrow(
      `the data folder ${data} is in use by process ${process.pid}; stop it, or choose another data folder`,
    );
  await first.close();
  const second = await registry({ data });
  expect((await call('GET', `${second.url}/api/v2/remotes/a`)).status).toBe(200);
});

test('a taken port is told in words, and the folder is free again', async () => {
  const taken = await registry();
  const data = tempFolder();
  const port = Number(new URL(taken.url).port);
  await expect(registry({ data, port })).rejects.toThrow(
    `port ${port} on 127.0.0.1 is in use; stop the program that uses it, or choose another port`,
  );
  await registry({ data });
});
