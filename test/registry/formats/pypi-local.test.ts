import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { addRemote, addVirtual, call, cleanUp, registry, tarball, upstream } from '../helpers';
import { metadataOf, sdist, upload, wheel, zip } from './python-files';

afterEach(cleanUp);

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';
const CORE = { name: 'Acme.Core', version: '1.0', headers: ['Summary: of the team', 'Requires-Python: >=3.8,', '  <4'] };

async function local(options: Parameters<typeof registry>[0] = {}) {
  const { url } = await registry(options);
  await addRemote(url, { name: 'l', package_type: 'pypi', repo_type: 'local' });
  const at = (path: string) => `${url}/api/v1/local/l/${path}`;
  const page = async (path: string) => (await call('GET', at(path), { headers: { accept: JSON_TYPE } })).json as Page;
  const stored = async () => ((await call('GET', `${url}/api/v2/locals/l/objects`)).json as { total: number }).total;
  return { url, at, page, stored };
}

interface Page {
  readonly name: string;
  readonly versions: readonly string[];
  readonly files: readonly Record<string, unknown>[];
}

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
const problem = async (response: Response) => [response.status, response.statusText, (await response.json()) as unknown];

test.each(['POST', 'PUT'])('what was uploaded by %s is in the index with its facts, in both representations', async (method) => {
  const { url, at, page } = await local();
  const [whl, source] = [await wheel(CORE), sdist({ ...CORE, name: 'acme-core', version: '1.0.post1' })];
  for (const each of [whl, source]) {
    const answer =
      method === 'POST'
        ? await upload(at(''), each)
        : await fetch(`${url}/api/v2/remotes/l/files/${each.file}`, { method: 'PUT', body: new Uint8Array(each.content) });
    expect([answer.status, method === 'POST' ? await answer.text() : '']).toEqual([method === 'POST' ? 200 : 201, '']);
  }
  const metadata = { sha256: sha256(metadataOf(CORE)) };
  const common = { 'requires-python': '>=3.8, <4', 'upload-time': expect.stringMatching(/^20\d\d-.*Z$/) as string };
  const file = `acme-core/${whl.file}`;
  expect(await page('simple/acme-core/')).toEqual({
    meta: { 'api-version': '1.1' },
    name: 'acme-core',
    versions: ['1.0', '1.0.post1'],
    files: [
      {
        ...{ filename: whl.file, url: at(file), hashes: { sha256: sha256(whl.content) }, size: whl.content.length },
        ...{ ...common, 'core-metadata': metadata, 'dist-info-metadata': metadata },
      },
      {
        ...{ filename: source.file, url: at(`acme-core/${source.file}`), hashes: { sha256: sha256(source.content) } },
        ...{ size: source.content.length, ...common },
      },
    ],
  });
  const html = await call('GET', at('simple/acme-core/'));
  expect([html.status, html.header('content-type'), html.header('vary')]).toEqual([200, 'text/html; charset=utf-8', 'accept']);
  expect(html.text).toContain(
    `<a href="${at(file)}#sha256=${sha256(whl.content)}" data-requires-python="&gt;=3.8, &lt;4" data-core-metadata="sha256=${metadata.sha256}" data-dist-info-metadata="sha256=${metadata.sha256}">${whl.file}</a>`,
  );
  expect((await call('GET', at(`${file}.metadata`))).text).toBe(metadataOf(CORE));
  expect(Buffer.from(await (await fetch(at(file))).arrayBuffer()).equals(whl.content)).toBe(true);
  expect((await call('GET', at(`acme-core/${source.file}.metadata`))).status).toBe(404);
  for (const spelled of ['simple/Acme_Core', 'simple/acme-core', 'simple/ACME.core/', 'simple/acme%5fcore/?x=1']) {
    const moved = await call('GET', at(spelled));
    expect([moved.status, moved.header('location')]).toEqual([301, at('simple/acme-core/') + (/\?.*/.exec(spelled)?.[0] ?? '')]);
  }
  expect(await page('simple/')).toMatchObject({ projects: [{ name: 'acme-core' }] });
  for (const absent of ['simple/other/', 'acme-core/acme_core-2.0-py3-none-any.whl', 'acme-core/acme_core-2.0-py3-none-any.whl.metadata'])
    expect([absent, (await call('GET', at(absent))).status]).toEqual([absent, 404]);
});

const named = async (file: string, content?: Buffer) => ({ file, content: content ?? (await wheel(CORE)).content });
const changed = (content: Buffer, change: (copy: Buffer) => void) => {
  const copy = Buffer.from(content);
  change(copy);
  return copy;
};
const INFO = 'acme_core-1.0.dist-info';
const WHEEL = 'acme_core-1.0-py3-none-any.whl';
const SDIST = 'acme_core-1.0.tar.gz';
/** The offset of a file's sizes in the list at the end of an archive. */
const listed = (content: Buffer, name: string) => content.lastIndexOf(name) - 22;

test.each<[what: string, file: () => Promise<{ file: string; content: Buffer }> | { file: string; content: Buffer }, reason: string]>([
  ['a wheel that is no zip archive', () => named(WHEEL, Buffer.from('hello')), 'not a zip archive'],
  ['an empty wheel', () => named(WHEEL, Buffer.alloc(0)), 'not a zip archive'],
  ['half a wheel', async () => named(WHEEL, (await wheel(CORE)).content.subarray(0, 300)), 'not a zip archive'],
  [
    'a wheel whose metadata unpacks to gigabytes',
    () => wheel({ ...CORE, headers: [`Summary: ${'0'.repeat(5 << 20)}`] }),
    'METADATA is larger than 4194304 bytes',
  ],
  [
    'a wheel whose metadata unpacks to more than is announced',
    async () => {
      const { file, content } = await wheel({ ...CORE, headers: [`Summary: ${'0'.repeat(1 << 20)}`] });
      return { file, content: changed(content, (copy) => copy.writeUInt32LE(100, listed(copy, `${INFO}/METADATA`))) };
    },
    'too many bytes',
  ],
  ['a wheel without metadata', async () => named(WHEEL, await zip([['acme_core.py', '']])), 'this one has 0'],
  [
    'a wheel with two',
    async () =>
      named(
        WHEEL,
        await zip([
          [`${INFO}/METADATA`, metadataOf(CORE)],
          [`${INFO}/METADATA`, metadataOf({ ...CORE, name: 'evil' })],
        ]),
      ),
    'this one has 2',
  ],
  [
    'a wheel with the metadata of another folder',
    async () => named(WHEEL, await zip([['evil-1.0.dist-info/METADATA', metadataOf(CORE)]])),
    'which does not fit its name',
  ],
  [
    'a wheel of another project',
    () => wheel({ ...CORE, inside: { name: 'evil' } }),
    'its metadata is that of "evil 1.0", its name that of acme-core 1.0',
  ],
  ['a wheel of another version', () => wheel({ ...CORE, inside: { version: '2.0' } }), 'its metadata is that of "Acme.Core 2.0"'],
  ['a source archive that is none', () => named(SDIST, Buffer.from('hello')), 'not a gzipped tar archive that can be read'],
  ['half a source archive', () => named(SDIST, sdist(CORE).content.subarray(0, 100)), 'not a gzipped tar archive that can be read'],
  ['a source archive without metadata', () => named(SDIST, tarball({ 'acme_core-1.0/x': 'x' })), 'this one has none'],
  ['a source archive of another project', () => sdist({ ...CORE, inside: { name: 'evil' } }), 'its metadata is that of "evil 1.0"'],
  ['a name with folders', () => named(`../../${WHEEL}`), 'it has a slash'],
  ['a name with encoded folders', () => named(`..%2f${WHEEL}`), 'expected a .whl, .tar.gz or .zip with a valid distribution name'],
  ['a name with a backslash', () => named(`x\\${WHEEL}`), 'it has a slash'],
  ['a name that ends otherwise', () => named('acme_core-1.0.exe'), 'expected a .whl, .tar.gz or .zip'],
  ['a name without tags', () => named('acme_core-1.0.whl'), 'expected a .whl, .tar.gz or .zip'],
  ['a version that is none', () => wheel({ ...CORE, version: '1.0.x' }), '1.0.x is no version that Python packages can have'],
])('%s is refused with a reason, and nothing is stored', async (_what, make, reason) => {
  const { url, at, stored } = await local();
  const given = await make();
  const [status, phrase, json] = await problem(await upload(at(''), given));
  const expected = expect.stringContaining(reason) as string;
  const code = expect.stringMatching(/^400 /) as string;
  expect([status, phrase, json]).toEqual([400, expected, { message: expected, code, title: 'Bad Request' }]);
  if (!/[/\\%]/.test(given.file)) {
    const put = await call('PUT', `${url}/api/v2/remotes/l/files/${given.file}`, { body: new Uint8Array(given.content) });
    expect([put.status, put.text]).toEqual([400, expected]);
  }
  expect(await stored()).toBe(0);
});

test.each<[what: string, fields: Record<string, string>, status: number, reason: string]>([
  ['another SHA-256', { sha256_digest: '00' }, 400, 'the file does not have the announced sha256_digest'],
  ['another MD5', { md5_digest: '00' }, 400, 'the file does not have the announced md5_digest'],
  ['another BLAKE2', { blake2_256_digest: '00' }, 400, 'the file does not have the announced blake2_256_digest'],
  ['another name', { name: 'evil' }, 400, 'the form is about "evil undefined", the file is "Acme.Core 1.0"'],
  ['another version', { name: 'acme-core', version: '2.0' }, 400, 'the form is about "acme-core 2.0", the file is "Acme.Core 1.0"'],
  ['another action', { ':action': 'remove' }, 400, 'the form has the :action "remove"; the only one here is "file_upload"'],
  ['a registration', { ':action': 'submit' }, 410, 'projects need not be registered'],
  ['a field without end', { description: 'x'.repeat((4 << 20) + 1) }, 400, 'the field "description" is larger than 4194304 bytes'],
])('a form with %s is refused', async (_what, ...[fields, status, reason]) => {
  const { at, stored } = await local();
  const [found, , json] = await problem(await upload(at(''), await wheel(CORE), { fields }));
  expect([found, json]).toMatchObject([status, { message: expect.stringContaining(reason) as string }]);
  expect(await stored()).toBe(0);
});

test('a file whose digests and fields are right is taken', async () => {
  const { at } = await local();
  const given = await wheel(CORE);
  const fields = {
    name: 'acme_core',
    version: '1.0.0',
    sha256_digest: sha256(given.content).toUpperCase(),
    md5_digest: createHash('md5').update(given.content).digest('hex'),
  };
  expect((await upload(at(''), given, { fields })).status).toBe(200);
  // As `b2sum --length 256` has it.
  const archive = { file: 'b2-1.0.zip', content: Buffer.from('') };
  const blake2_256_digest = '0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8';
  const [, phrase] = await problem(await upload(at(''), archive, { fields: { blake2_256_digest } }));
  expect(phrase).toContain('not a zip archive');
});

test.each<[what: string, contentType: string, body: string, reason: string]>([
  ['JSON', 'application/json', '{}', 'the body must be a form of the type multipart/form-data, not "application/json"'],
  ['a form without boundary', 'multipart/form-data', '', 'the body must be a form'],
  ['a form with an empty boundary', 'multipart/form-data; x=y', '', 'invalid form'],
  [
    'a form without an end',
    'multipart/form-data; boundary=b',
    '--b\r\ncontent-disposition: form-data; name="content"; filename="a"\r\n\r\nx',
    'invalid form',
  ],
  [
    'a form without a file',
    'multipart/form-data; boundary=b',
    '--b\r\ncontent-disposition: form-data; name=":action"\r\n\r\nfile_upload\r\n--b--\r\n',
    'this one has 0',
  ],
  ['nothing', 'multipart/form-data; boundary=b', '', 'invalid form'],
])('%s is no upload', async (_what, ...[contentType, body, reason]) => {
  const { at } = await local();
  const answer = await call('POST', at(''), { body, headers: { 'content-type': contentType } });
  expect([answer.status, answer.json]).toMatchObject([400, { message: expect.stringContaining(reason) as string }]);
});

test('who sends everything before reading the answer gets one, also of a form that is refused before its end', async () => {
  const { url } = await local();
  const field = `--b\r\ncontent-disposition: form-data; name="description"\r\n\r\n${'x'.repeat((4 << 20) + 1)}\r\n`;
  const rest = `--b\r\ncontent-disposition: form-data; name="content"; filename="${WHEEL}"\r\n\r\n${'y'.repeat(20 << 20)}\r\n--b--\r\n`;
  const socket = connect(Number(new URL(url).port), '127.0.0.1').pause();
  const headers = `host: x\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: ${field.length + rest.length}`;
  const write = (text: string) => new Promise((resolve) => socket.write(text, resolve));
  await write(`POST /api/v1/local/l/ HTTP/1.1\r\n${headers}\r\n\r\n${field}`);
  await write(rest);
  const answer = await new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())).resume());
  socket.destroy();
  expect(answer).toMatch(/^HTTP\/1\.1 400 invalid form: the field "description" is larger than 4194304 bytes/);
});

test('an upload that breaks off leaves nothing, and another one succeeds', async () => {
  const { url, at, stored } = await local();
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const head = '--b\r\ncontent-disposition: form-data; name="content"; filename="acme_core-1.0-py3-none-any.whl"\r\n\r\nhalf';
  socket.write(
    `POST /api/v1/local/l/ HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 5000\r\n\r\n${head}`,
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  socket.destroy();
  expect((await upload(at(''), await wheel(CORE))).status).toBe(200);
  expect(await stored()).toBe(1);
});

test('the same file again changes nothing, and another one of its name is refused, however that is spelled', async () => {
  const { url, at, page } = await local();
  const given = await wheel(CORE);
  for (let time = 0; time < 2; time++) expect((await upload(at(''), given)).status).toBe(200);
  const other = await wheel({ ...CORE, headers: ['Summary: another'] });
  const [status, phrase] = await problem(await upload(at(''), other));
  expect([status, phrase]).toEqual([400, expect.stringMatching(/^File already exists: acme-core\/acme_core-1.0-py3-none-any.whl, with/)]);
  for (const file of ['Acme_Core-1.0-py3-none-any.whl', 'acme.core-1.0-PY3-none-any.whl', 'acme_core-1.0.0-py3-none-any.whl']) {
    expect([file, (await upload(at(''), { ...given, file })).status]).toEqual([file, 400]);
    const put = await call('PUT', `${url}/api/v2/remotes/l/files/${file}`, { body: new Uint8Array(given.content) });
    expect([put.status, put.text]).toEqual([409, 'file "acme-core/acme_core-1.0-py3-none-any.whl" already exists in "l"\n']);
  }
  expect((await page('simple/acme-core/')).files).toHaveLength(1);
});

test('of files that are uploaded at once none is lost, and of two with one name one is taken', async () => {
  const { at, page } = await local();
  const versions = Array.from({ length: 10 }, (_, n) => `1.${n}`);
  const files = await Promise.all(versions.map((version) => wheel({ ...CORE, version })));
  const rivals = await Promise.all(['a', 'b', 'c'].map((text) => wheel({ ...CORE, version: '2.0', headers: [`Summary: ${text}`] })));
  const answers = await Promise.all([...files, ...rivals].map((file) => upload(at(''), file)));
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(11).fill(200), 400, 400]);
  expect((await page('simple/acme-core/')).versions).toEqual([...versions, '2.0']);
});

test('a version is yanked and is no more, with a reason or none', async () => {
  const { at, page } = await local();
  for (const version of ['1.0', '1.1']) await upload(at(''), await wheel({ ...CORE, version }));
  const yanked = async () => (await page('simple/acme-core/')).files.map((file) => file['yanked']);
  expect((await call('PUT', at('Acme-Core/1.0.0/yanked'), { body: 'breaks\n on "Windows"' })).status).toBe(200);
  expect(await yanked()).toEqual(['breaks on "Windows"', undefined]);
  expect((await call('GET', at('simple/acme-core/'))).text).toContain('data-yanked="breaks on &quot;Windows&quot;"');
  expect((await call('GET', at('acme-core/1.0/yanked'))).text).toBe('breaks on "Windows"');
  expect((await call('PUT', at('acme-core/1.0/yanked'))).status).toBe(200);
  expect(await yanked()).toEqual([true, undefined]);
  expect((await call('DELETE', at('acme-core/1.0/yanked'))).status).toBe(200);
  expect(await yanked()).toEqual([undefined, undefined]);
  const refused = async (method: string, path: string, body?: string) => {
    const { status, json } = await call(method, at(path), { body });
    return [status, (json as { message: string }).message];
  };
  expect(await refused('DELETE', 'acme-core/1.0/yanked')).toEqual([404, 'acme-core/1 is not yanked']);
  expect(await refused('PUT', 'acme-core/3.0/yanked')).toEqual([404, 'acme-core 3 was not uploaded here']);
  expect(await refused('PUT', 'acme-core/1.0/yanked', 'x'.repeat(3000))).toEqual([413, 'body is larger than 2048 bytes']);
  expect(await refused('PUT', 'acme-core/latest/yanked')).toEqual([
    405,
    `nothing takes a PUT at this address; twine and uv upload to ${at('')}`,
  ]);
});

test('a public project never answers for one that has a file in a local member, however its name is spelled', async () => {
  const { url, at } = await local();
  const evil = await wheel({ name: 'acme-core', version: '9.9' });
  const open = await upstream((request, response) => {
    if (String(request.url).endsWith('.whl')) return void response.end(evil.content);
    response.setHeader('content-type', 'text/html').end(`<a href="/packages/${evil.file}">${evil.file}</a>`);
  });
  const broken = await upstream((_request, response) => void response.writeHead(500).end());
  for (const [name, base_url] of Object.entries({ open: open.url, broken: broken.url }))
    await addRemote(url, { name, package_type: 'pypi', base_url });
  await addVirtual(url, { name: 'v', package_type: 'pypi', members: ['open', 'broken', 'l'] });
  await addVirtual(url, { name: 'w', package_type: 'pypi', members: ['open', 'l'] });
  await upload(at(''), await wheel(CORE));
  const get = (path: string) => call('GET', `${url}/api/v1/virtual/v/${path}`, { headers: { accept: JSON_TYPE } });
  for (const spelled of ['acme-core', 'Acme.Core', 'ACME__core', 'acme_-_core']) {
    const followed = await fetch(`${url}/api/v1/virtual/v/simple/${spelled}/`, { headers: { accept: JSON_TYPE } });
    expect([spelled, ((await followed.json()) as Page).versions]).toEqual([spelled, ['1.0']]);
  }
  for (const path of [
    'simple/acme-core/acme_core-9.9-py3-none-any.whl',
    'packages/acme_core-9.9-py3-none-any.whl',
    'packages/Acme.Core-9.9.tar.gz',
    'packages/acme_core-9.9-py3-none-any.whl.metadata',
    'pypi/acme_core/json',
    'pypi/acme-core/9.9/json',
    'pypi/acme_core/json/',
    'simple/acme-core/9.9/more.html',
    'packages/acme_core-9.9-py3-none-any.whl/',
    'packages/acme_core-9.9-py3-none-any.whl/more',
    'packages/acme_core-9.9-py3-none-any.whl.sig',
    'packages/acme_core-latest.tar.gz',
    'Acme.Core/more',
  ])
    expect([path, (await get(path)).status]).toEqual([path, 404]);
  expect([open.requests.length, broken.requests.length]).toEqual([0, 0]);
  // Nothing internal is of this name: whoever fails is told, and no index is made without it.
  const failed = await get('simple/other/');
  expect([failed.status, failed.json]).toMatchObject([
    502,
    { message: expect.stringContaining('member "broken" of virtual "v" failed') as string },
  ]);
  const other = await call('GET', `${url}/api/v1/virtual/w/simple/other/`);
  expect([other.status, other.text]).toEqual([200, expect.stringContaining(evil.file)]);
  await call('DELETE', `${url}/api/v2/remotes/l/files/acme-core/${WHEEL}`);
  expect((await call('GET', `${url}/api/v1/virtual/w/simple/acme-core/`)).text).toContain(evil.file);
});

test('an internal index that is a remote is waited for, comes before what is public, and is told of when it fails', async () => {
  const { url } = await registry();
  let status = 200;
  const linked = (text: string) => `<a href="/packages/${WHEEL}#sha256=${sha256(text)}">${WHEEL}</a>`;
  const corp = await upstream((_request, response) => {
    setTimeout(() => response.writeHead(status, { 'content-type': 'text/html' }).end(linked('internal')), 300);
  });
  const open = await upstream((_request, response) => void response.setHeader('content-type', 'text/html').end(linked('public')));
  for (const [name, { url: base_url }] of Object.entries({ corp, open }))
    await addRemote(url, { name, package_type: 'pypi', base_url, mutable_ttl: 0 });
  await addVirtual(url, { name: 'v', package_type: 'pypi', members: ['corp', 'open'] });
  const hashes = async (project: string) => {
    const answer = await call('GET', `${url}/api/v1/virtual/v/simple/${project}/`);
    return [answer.status, ...[...answer.text.matchAll(/sha256=(\w+)/g)].map(([, hash]) => hash)];
  };
  expect(await hashes('acme-core')).toEqual([200, sha256('internal')]);
  status = 503;
  // The last good copy, or nothing.
  expect(await hashes('acme-core')).toEqual([200, sha256('internal')]);
  expect(await hashes('acme-other')).toEqual([502]);
  status = 404;
  expect(await hashes('acme-third')).toEqual([200, sha256('public')]);
});

test('who uploads into a remote, a virtual or an index is told where else', async () => {
  const { url, at } = await local();
  await addRemote(url, { name: 'r', package_type: 'pypi', base_url: 'http://127.0.0.1:9' });
  await addVirtual(url, { name: 'v', package_type: 'pypi', members: ['l', 'r'] });
  const given = await wheel(CORE);
  const refused = async (place: string) => (await problem(await upload(`${url}/api/v1/${place}`, given))).slice(0, 2);
  const virtual = 'repository "v" is virtual and takes no changes; publish into its local members: l';
  for (const place of ['virtual/v/', 'virtual/v', 'virtual/v/simple/']) expect(await refused(place)).toEqual([405, virtual]);
  expect(await refused('remote/r/')).toEqual([405, 'repository "r" is remote and takes no changes; publish into a local repository']);
  expect(await refused('local/l/simple/')).toEqual([405, `nothing takes a POST at this address; twine and uv upload to ${at('')}`]);
  expect((await upload(`${url}/api/v1/local/l`, given)).status).toBe(200);
});

test('a strict registry takes no form and shows names and hashes alone', async () => {
  const { url, at } = await local({ strict: true });
  const { file, content } = await wheel(CORE);
  expect((await upload(at(''), { file, content })).status).toBe(404);
  const body = new Uint8Array(content);
  expect((await call('PUT', `${url}/api/v2/remotes/l/files/${file}`, { body })).status).toBe(201);
  const { text } = await call('GET', at('simple/acme-core/'), { headers: { accept: JSON_TYPE } });
  expect(text).toContain(`<a href="${at(`acme-core/${file}`)}#sha256=${sha256(content)}">${file}</a>`);
  expect((await call('GET', at(`acme-core/${file}.metadata`))).status).toBe(404);
});
