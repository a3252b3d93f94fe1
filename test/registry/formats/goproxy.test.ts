import { zipOf } from '../../support/zip';
import { addRemote, addVirtual, call, cleanUp, registry, upstream } from '../helpers';

afterEach(cleanUp);

const MOD = { 'go.mod': 'module example.com/m\n' };
/** An archive of a version whose names are below where they belong. */
const archive = (files: Record<string, string> = MOD, prefix = 'example.com/m@v1.0.0/') =>
  zipOf(Object.fromEntries(Object.entries(files).map(([name, text]) => [prefix + name, text])));
/** The same bytes in place of others, where a library would not write them. */
const replaced = (content: Buffer, from: string, to: string) => Buffer.from(content.toString('latin1').replaceAll(from, to), 'latin1');

async function local(options: Parameters<typeof registry>[0] = {}) {
  const { url } = await registry(options);
  await addRemote(url, { name: 'l', package_type: 'goproxy', repo_type: 'local' });
  const put = (path: string, body: Buffer | string) => call('PUT', `${url}/api/v2/remotes/l/files/${path}`, { body });
  const get = (path: string, place = 'local/l') => call('GET', `${url}/api/v1/${place}/${path}`);
  /** Puts a version of a module there. */
  const publish = async (module: string, version: string) => {
    const content = await archive({ 'go.mod': `module ${module}\n`, 'a.go': `// ${version}` }, `${module}@${version}/`);
    expect((await put(`${module}/@v/${version}.zip`, content)).status).toBe(201);
  };
  return { url, put, get, publish };
}

test('everything that the go command asks follows from the archives', async () => {
  const { put, get, publish } = await local();
  for (const version of ['v1.10.0', 'v1.9.0', 'v1.11.0-rc.1', 'v0.0.0-20240102030405-abcdefabcdef'])
    await publish('example.com/Mod', version);
  const at = (rest: string) => get(`example.com/!mod/${rest}`);
  expect((await at('@v/list')).text).toBe('v1.9.0\nv1.10.0\nv1.11.0-rc.1\n');
  const latest = await at('@latest');
  expect(latest.json).toEqual({ Version: 'v1.10.0', Time: expect.stringMatching(/^\d{4}-.*Z$/) as string });
  expect((await at('@v/v1.10.0.info')).json).toEqual(latest.json);
  expect((await at('@v/v0.0.0-20240102030405-abcdefabcdef.info')).json).toMatchObject({ Time: '2024-01-02T03:04:05Z' });
  expect((await at('@v/v1.9.0.mod')).text).toBe('module example.com/Mod\n');
  expect((await put('example.com/Mod/@v/v1.9.0.info', '{"Version":"v1.9.0","Time":"2020-01-01T00:00:00Z"}')).status).toBe(201);
  expect((await at('@v/v1.9.0.info')).json).toMatchObject({ Time: '2020-01-01T00:00:00Z' });
  for (const absent of ['@v/v3.0.0.info', '@v/v3.0.0.zip', '@v/main.info'])
    expect([absent, (await at(absent)).status]).toEqual([absent, 404]);
  expect((await get('example.com/mod/@v/list')).status).toBe(404);
  expect((await get('example.com/none/@latest')).text).toBe('not found: module example.com/none is not in repository "l"\n');
});

test('an archive without go.mod has the one that the go command takes in its place', async () => {
  const { put, get } = await local();
  expect(
    (await put('example.com/m/@v/v2.0.0+incompatible.zip', await archive({ 'a.go': 'package a' }, 'example.com/m@v2.0.0+incompatible/')))
      .status,
  ).toBe(201);
  expect((await get('example.com/m/@v/v2.0.0+incompatible.mod')).text).toBe('module example.com/m\n');
  expect((await get('example.com/m/@latest')).json).toMatchObject({ Version: 'v2.0.0+incompatible' });
});

test('modules whose names differ in capitals only are two, and a version is published once', async () => {
  const { put, get, publish } = await local();
  await publish('example.com/M', 'v1.0.0');
  await publish('example.com/m', 'v1.0.0');
  expect((await get('example.com/!m/@v/v1.0.0.mod')).text).toBe('module example.com/M\n');
  expect((await get('example.com/m/@v/v1.0.0.mod')).text).toBe('module example.com/m\n');
  for (const spelling of ['example.com/M', 'example.com/!m'])
    expect(
      (await put(`${spelling}/@v/v1.0.0.zip`, await archive({ 'go.mod': 'module example.com/M\n' }, 'example.com/M@v1.0.0/'))).status,
    ).toBe(409);
});

const ZIP = 'example.com/m/@v/v1.0.0.zip';
const large = 'x'.repeat((16 << 20) + 1);

test.each<[what: string, path: string, content: () => Promise<Buffer> | Buffer | string, reason: string]>([
  ['no archive', ZIP, () => 'hello', 'not a zip archive'],
  ['half an archive', ZIP, async () => (await archive()).subarray(0, 60), 'not a zip archive'],
  ['an empty archive', ZIP, () => archive({}), 'it has no file below example.com/m@v1.0.0/'],
  ['files elsewhere', ZIP, () => archive(MOD, 'm/'), '"m/go.mod" is not below example.com/m@v1.0.0/'],
  ['files of another version', ZIP, () => archive(MOD, 'example.com/m@v1.0.1/'), 'is not below example.com/m@v1.0.0/'],
  [
    'the go.mod of another module',
    ZIP,
    () => archive({ 'go.mod': 'module ( // m\n"evil.example/m"\n)\n' }),
    'its go.mod is that of module "evil.example/m"',
  ],
  ['a go.mod that names none', ZIP, () => archive({ 'go.mod': '// module example.com/m\ngo 1.21\n' }), 'its go.mod has no module line'],
  ['a large go.mod', ZIP, () => archive({ 'go.mod': large }), 'go.mod is larger than 16777216 bytes'],
  ['a large LICENSE', ZIP, () => archive({ ...MOD, LICENSE: large }), 'LICENSE is larger than 16777216 bytes'],
  ['a go.mod further down', ZIP, () => archive({ ...MOD, 'sub/go.mod': 'module x' }), 'go.mod is allowed only in the root'],
  ['a go.mod in capitals', ZIP, () => archive({ 'GO.MOD': 'module example.com/m' }), 'go.mod is allowed only in the root, in lower case'],
  [
    'names that differ in capitals',
    ZIP,
    () => archive({ ...MOD, 'a.go': '', 'A.go': '' }),
    '"a.go" and "A.go" cannot coexist on every file system',
  ],
  [
    'folders that differ in capitals',
    ZIP,
    () => archive({ ...MOD, 'a/x': '', 'A/y': '' }),
    '"a/" and "A/" cannot coexist on every file system',
  ],
  ['a file that is a folder too', ZIP, () => archive({ ...MOD, a: '', 'a/b': '' }), '"a" and "a/" cannot coexist on every file system'],
  ['a name twice', ZIP, async () => replaced(await archive({ ...MOD, 'a.go': '1', 'b.go': '2' }), 'b.go', 'a.go'), 'it has "a.go" twice'],
  ['a name that leads out', ZIP, async () => replaced(await archive({ ...MOD, 'xx/a': '' }), 'xx/a', '../a'), 'invalid relative path'],
  ['a name for Windows', ZIP, () => archive({ ...MOD, 'aux.go': '' }), 'invalid file name "aux.go"'],
  ['a name with a colon', ZIP, () => archive({ ...MOD, 'a:b': '' }), 'invalid file name "a:b"'],
  ['a damaged file', ZIP, async () => damaged(await archive({ ...MOD, 'a.go': 'package a' })), '"a.go" is damaged'],
  [
    'a file that is larger than it says',
    ZIP,
    async () => sized(await archive({ ...MOD, 'a.go': 'x'.repeat(1000) }), 1),
    'too many bytes in the stream',
  ],
  [
    'what unpacks to more than the go command takes',
    ZIP,
    async () => sized(await archive({ ...MOD, 'a.go': 'x' }), 501 << 20),
    'unpacked, it has more than 524288000 bytes',
  ],
  ['a .mod of another module', 'example.com/m/@v/v1.0.0.mod', () => 'module evil.example/m\n', 'is that of module "evil.example/m"'],
  ['a .info of another version', 'example.com/m/@v/v1.0.0.info', () => '{"Version":"v2.0.0"}', 'its Version is "v2.0.0"'],
  ['a list', 'example.com/m/@v/list', () => 'v1.0.0\n', 'made by the registry itself'],
  ['something else', 'example.com/m.zip', () => 'x', 'expected MODULE/@v/VERSION.zip'],
  ['a short version', 'example.com/m/@v/v1.0.zip', () => 'x', 'invalid version "v1.0"'],
  ['a version with build metadata', 'example.com/m/@v/v1.0.0+b.zip', () => 'x', 'invalid version "v1.0.0+b"'],
  [
    'a major version that the path lacks',
    'example.com/m/@v/v2.0.0.zip',
    () => 'x',
    'version v2.0.0 does not fit the module path "example.com/m"',
  ],
  ['a major version that the path has', 'example.com/m/v2/@v/v1.0.0.zip', () => 'x', 'does not fit the module path'],
  ['a path without a host', 'tool/@v/v1.0.0.zip', () => 'x', 'invalid module path "tool"'],
  ['a host in capitals', 'Example.com/m/@v/v1.0.0.zip', () => 'x', 'invalid module path "Example.com/m"'],
  ['a path to /v1', 'example.com/m/v1/@v/v1.0.0.zip', () => 'x', 'a major version at its end is /v2 or higher'],
  ['a path that leads out', 'example.com/m/@v/..%2fv1.0.0.zip', () => 'x', 'invalid path: encoded slash'],
])('%s is refused with a reason, and nothing is stored', async (...[, path, content, reason]) => {
  const { url, put } = await local();
  const answer = await put(path, await content());
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(reason) as string]);
  expect((await call('GET', `${url}/api/v2/locals/l/objects`)).json).toMatchObject({ total: 0 });
});

/** The checksum of the last file in the directory is another one. */
function damaged(content: Buffer): Buffer {
  const at = content.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'));
  return Buffer.concat([content.subarray(0, at + 16), Buffer.of(0, 0, 0, 0), content.subarray(at + 20)]);
}

/** The last file in the directory says that it has another size. */
function sized(content: Buffer, size: number): Buffer {
  const changed = Buffer.from(content);
  changed.writeUInt32LE(size, content.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1')) + 24);
  return changed;
}

test('strictly it is a repository of files', async () => {
  const { put, get } = await local({ strict: true });
  expect((await put('example.com/m/@v/list', 'v1.0.0\n')).status).toBe(201);
  expect([(await get('example.com/m/@v/list')).text, (await get('example.com/m/@latest')).status]).toEqual(['v1.0.0\n', 404]);
});

/** A virtual of a local and of an upstream that has every module in one version. */
async function virtual(answerOf: (path: string) => [status: number, body: string] = () => [200, '']) {
  const made = await local();
  const open = await upstream((request, response) => {
    const path = String(request.url);
    const [status, body] = answerOf(path);
    const info = '{"Version":"v9.9.9"}';
    response.writeHead(status).end(body || (path.endsWith('list') ? 'v0.1.0\nv9.9.9\n' : /latest$|info$/.test(path) ? info : 'public'));
  });
  await addRemote(made.url, { name: 'open', package_type: 'goproxy', base_url: open.url });
  await addVirtual(made.url, { name: 'v', package_type: 'goproxy', members: ['open', 'l'] });
  return { ...made, open, ask: (path: string) => made.get(path, 'virtual/v') };
}

test('a virtual never asks an upstream about a module that a local member has, one below it, or another major version of it', async () => {
  const { publish, ask, open } = await virtual();
  await publish('corp.example/tool', 'v1.0.0');
  await publish('corp.example/lib/v2', 'v2.0.0');
  expect((await ask('corp.example/tool/@v/list')).text).toBe('v1.0.0\n');
  expect((await ask('corp.example/tool/@v/list/')).text).toBe('v1.0.0\n');
  expect((await ask('corp.example/tool/@latest')).json).toMatchObject({ Version: 'v1.0.0' });
  const absent = [
    'corp.example/tool/@v/v9.9.9.info',
    'corp.example/tool/@v/v9.9.9.zip',
    'corp.example/tool/sub/@v/list',
    'corp.example/tool/v2/@v/list',
    'corp.example/tool/@v/v9.9.9.zip/',
    'corp.example/tool/@v/list/more',
    'corp.example/tool/@v/v9.9.9.zip.sig',
    'corp.example/tool/@latest.json',
  ];
  const others = ['corp.example/lib/@latest', 'corp.example/lib/v3/@v/list', 'sumdb/sum.example/lookup/corp.example/tool@v9.9.9'];
  for (const path of [...absent, ...others]) expect([path, (await ask(path)).status]).toEqual([path, 404]);
  expect(open.requests).toHaveLength(0);
  expect((await ask('corp.example/toolbox/@v/list')).text).toBe('v0.1.0\nv9.9.9\n');
  expect((await ask('sumdb/sum.example/lookup/example.org/pub@v1.0.0')).text).toBe('public');
});

test('a virtual merges the lists of upstreams, and the newest version is that of all', async () => {
  const { url, get } = await local();
  const lists = { a: ['v1.0.0', 'v1.2.0'], b: ['v1.10.0', 'v1.2.0', 'v2.0.0-rc.1'] };
  for (const [name, versions] of Object.entries(lists)) {
    const newest = versions.at(-1);
    const one = await upstream(
      (request, response) => void response.end(String(request.url).endsWith('list') ? versions.join('\n') : `{"Version":"${newest}"}`),
    );
    await addRemote(url, { name, package_type: 'goproxy', base_url: one.url });
  }
  await addVirtual(url, { name: 'v', package_type: 'goproxy', members: ['l', 'b', 'a'] });
  expect((await get('example.com/m/@v/list', 'virtual/v')).text).toBe('v1.0.0\nv1.2.0\nv1.10.0\nv2.0.0-rc.1\n');
  expect((await get('example.com/m/@latest', 'virtual/v')).json).toEqual({ Version: 'v1.2.0' });
});

test.each([500, 403])('an upstream that answers %d does not make a virtual say that there is no such module', async (status) => {
  const { ask } = await virtual(() => [status, 'no']);
  for (const path of ['example.org/m/@v/list', 'example.org/m/@latest', 'example.org/m/@v/v1.0.0.info'])
    expect([path, (await ask(path)).status]).toEqual([path, 502]);
});

test.each([404, 410])('what an upstream answers with %d is passed on as absent', async (status) => {
  const { url, ask } = await virtual(() => [status, 'not found: unknown revision']);
  expect((await ask('example.org/m/@v/v1.0.0.info')).status).toBe(404);
  expect((await call('GET', `${url}/api/v1/remote/open/example.org/m/@v/v1.0.0.info`)).status).toBe(status);
});

test('an internal proxy that is slow is waited for, and one that fails does not leave its modules to the public one', async () => {
  const { url, get } = await local();
  let failure = 0;
  const internal = await upstream((request, response) => {
    if (failure > 0) return void response.writeHead(failure).end();
    const answer = String(request.url).endsWith('list') ? 'v1.0.0\n' : '{"Version":"v1.0.0"}';
    setTimeout(() => response.end(answer), 300);
  });
  const open = await upstream(
    (request, response) => void response.end(String(request.url).endsWith('list') ? 'v0.1.0\n' : '{"Version":"v0.1.0"}'),
  );
  for (const [name, { url: base_url }] of Object.entries({ internal, open }))
    await addRemote(url, { name, package_type: 'goproxy', base_url, mutable_ttl: 0 });
  await addVirtual(url, { name: 'v', package_type: 'goproxy', members: ['l', 'internal', 'open'] });
  const ask = (path: string) => get(path, 'virtual/v');
  expect((await ask('corp.example/a/@v/list')).text).toBe('v0.1.0\nv1.0.0\n');
  expect((await ask('corp.example/a/@latest')).json).toEqual({ Version: 'v1.0.0' });
  expect((await ask('corp.example/a/@v/main.info')).json).toEqual({ Version: 'v1.0.0' });
  failure = 503;
  for (const path of ['b/@v/list', 'b/@latest', 'b/@v/v1.0.0.info', 'b/@v/v1.0.0.zip']) {
    const { status, text } = await ask(`corp.example/${path}`);
    expect([path, status, text]).toEqual([path, 502, expect.stringContaining('member "internal" of virtual "v" failed') as string]);
  }
});

test('uploads to remotes and virtuals are refused with the repository that takes them', async () => {
  const { url } = await virtual();
  const answers = await Promise.all(
    [`${url}/api/v2/remotes/open/files/${ZIP}`, `${url}/api/v1/virtual/v/${ZIP}`, `${url}/api/v1/remote/open/${ZIP}`].map((at) =>
      call('PUT', at, { body: 'x' }),
    ),
  );
  expect(answers.map(({ status, text }) => [status, text])).toEqual([
    [400, 'repository "open" is not local; files cannot be uploaded to it\n'],
    [405, 'repository "v" is virtual and takes no changes; publish into its local members: l\n'],
    [405, 'repository "open" is remote and takes no changes; publish into a local repository\n'],
  ]);
});
