import { cleanUp } from '../../helpers';
import { addRepository, addUser, after, bkRepo, client, md5, paths, put, sha256, type Client, unzip } from './support';

afterEach(cleanUp);

const at = (path: string) => `/generic/pp/rr/${path}`;
const OVERWRITE = { 'x-bkrepo-overwrite': 'true' };

test('an upload answers with the node and its checksums', async () => {
  const admin = await bkRepo();
  const answer = await admin.send('PUT', at('/dir//a%20b.txt'), { body: 'hello' });
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/) as string;
  const told = {
    createdBy: 'admin',
    createdDate: time,
    lastModifiedBy: 'admin',
    lastModifiedDate: time,
    lastAccessDate: time,
    folder: false,
    path: '/dir/',
    name: 'a b.txt',
    fullPath: '/dir/a b.txt',
    size: 5,
    nodeNum: null,
    sha256: sha256('hello'),
    md5: md5('hello'),
    crc64ecma: '11177612005948864433',
    metadata: {},
    nodeMetadata: [],
    projectId: 'pp',
    repoName: 'rr',
    clusterNames: null,
    archived: null,
    compressed: null,
    federatedSource: null,
  };
  const copied = { copyFromCredentialsKey: null, copyIntoCredentialsKey: null };
  const nodeInfo = { id: expect.stringMatching(/^[0-9a-f]{32}$/) as string, ...told, ...copied };
  expect([answer.status, answer.json]).toEqual([200, { code: 0, message: null, data: { nodeInfo, ...told }, traceId: '' }]);
  expect([answer.header('x-checksum-sha256'), answer.header('x-checksum-md5')]).toEqual([sha256('hello'), md5('hello')]);
  expect(await admin.tell('GET', '/generic/detail/pp/rr/dir/a%20b.txt')).toEqual({ status: 200, code: 0, data: { nodeInfo, ...told } });
  expect(await paths(admin)).toEqual(['/dir', '/dir/a b.txt']);
});

test('an existing file is replaced only when the request says so', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/a', 'one');
  expect(await admin.tell('PUT', at('a'), 'two')).toEqual({ status: 400, code: 251012, data: null });
  expect(await admin.tell('PUT', at('a'), 'two', { 'x-bkrepo-overwrite': 'false' })).toMatchObject({ code: 251012 });
  expect((await admin.send('GET', at('a'))).text).toBe('one');
  await put(admin, 'rr/a', 'two', OVERWRITE);
  expect((await admin.send('GET', at('a'))).text).toBe('two');
});

test('of simultaneous uploads to one path exactly one is stored', async () => {
  const admin = await bkRepo();
  const told = await Promise.all(Array.from({ length: 6 }, (_, index) => admin.tell('PUT', at('dir/a'), `content ${index}`)));
  expect(told.map(({ code }) => code).sort()).toEqual([0, ...Array<number>(5).fill(251012)]);
  const winner = told.findIndex(({ code }) => code === 0);
  expect((await admin.send('GET', at('dir/a'))).text).toBe(`content ${winner}`);
});

test('files and folders stand in each other’s way', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/file', 'x');
  await put(admin, 'rr/folder/x', 'x');
  expect(await admin.tell('PUT', at('file/below'), 'x')).toEqual({ status: 400, code: 251013, data: null });
  expect(await admin.tell('PUT', at('file/far/below'), 'x', OVERWRITE)).toEqual({ status: 400, code: 251013, data: null });
  expect(await admin.tell('PUT', at('folder'), 'x', OVERWRITE)).toEqual({ status: 400, code: 251013, data: null });
  expect(await admin.tell('PUT', at('folder'), 'x')).toEqual({ status: 400, code: 251012, data: null });
});

test('metadata comes in headers: one by one with small keys, or packed as it is', async () => {
  const admin = await bkRepo();
  const packed = Buffer.from('BuildNo=7&na%20me=%C3%BC&empty=&=x').toString('base64');
  await put(admin, 'rr/a', 'x', { 'X-BKREPO-META-PipeLine': 'a%20b', 'X-BKREPO-META-raw': '100%', 'X-BKREPO-META': packed });
  const { data } = await admin.tell('GET', '/generic/detail/pp/rr/a');
  expect((data as { metadata: unknown }).metadata).toEqual({ pipeline: 'a b', raw: '100%', BuildNo: '7', 'na me': 'ü' });
  expect((data as { nodeMetadata: unknown[] }).nodeMetadata[0]).toEqual({
    key: 'pipeline',
    value: 'a b',
    system: false,
    description: null,
    link: null,
    color: null,
  });
  expect(await admin.tell('PUT', at('b'), 'x', { 'x-bkrepo-meta': Buffer.from('scanStatus=x').toString('base64') })).toMatchObject({
    code: 251504,
  });
});

test.each([
  ['x-bkrepo-sha256', sha256('hello'), sha256('other')],
  ['x-bkrepo-md5', md5('hello').toUpperCase(), md5('other')],
  ['x-bkrepo-crc64ecma', '11177612005948864433', '1'],
])('%s is compared', async (header, right, wrong) => {
  const admin = await bkRepo();
  expect(await admin.tell('PUT', at('a'), 'hello', { [header]: wrong })).toEqual({ status: 400, code: 251003, data: null });
  expect(await paths(admin)).toEqual([]);
  expect(await admin.tell('PUT', at('a'), 'hello', { [header]: right })).toMatchObject({ status: 200, code: 0 });
});

test('a file is downloaded whole, in parts, as a preview, and by its headers', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/dir/a.txt', '0123456789');
  const whole = await admin.send('GET', at('dir/a.txt?download=true'));
  expect([whole.status, whole.text, whole.header('content-type'), whole.header('etag')]).toEqual([
    200,
    '0123456789',
    'text/plain',
    sha256('0123456789'),
  ]);
  expect(whole.header('content-disposition')).toBe(`attachment;filename="a.txt";filename*=UTF-8''a.txt`);
  expect([whole.header('x-checksum-md5'), whole.header('accept-ranges')]).toEqual([md5('0123456789'), 'bytes']);
  const part = await admin.send('GET', at('dir/a.txt'), { headers: { range: 'bytes=2-4' } });
  expect([part.status, part.text, part.header('content-range'), part.header('content-length')]).toEqual([206, '234', 'bytes 2-4/10', '3']);
  expect(await admin.tell('GET', at('dir/a.txt'), undefined, { range: 'bytes=10-' })).toEqual({ status: 416, code: 250120, data: null });
  const preview = await admin.send('GET', at('dir/a.txt?preview=true'));
  expect([preview.text, preview.header('content-disposition')]).toEqual(['0123456789', null]);
  const head = await admin.send('HEAD', at('dir/a.txt'));
  expect([head.status, head.text, head.header('content-length'), head.header('x-checksum-sha256')]).toEqual([
    200,
    '',
    '10',
    sha256('0123456789'),
  ]);
  expect((await admin.send('HEAD', at('none'))).status).toBe(404);
});

test('what is missing is 404 for content and 400 for details', async () => {
  const admin = await bkRepo();
  expect(await admin.tell('GET', at('none'))).toEqual({ status: 404, code: 251010, data: null });
  expect(await admin.tell('GET', '/generic/detail/pp/rr/none')).toEqual({ status: 400, code: 251010, data: null });
  expect(await admin.tell('DELETE', at('none'))).toEqual({ status: 404, code: 251010, data: null });
  expect(await admin.tell('GET', '/generic/pp/none/x')).toEqual({ status: 404, code: 251006, data: null });
  expect(await admin.tell('PUT', '/generic/pp/none/x', 'x')).toEqual({ status: 404, code: 251006, data: null });
  expect(await admin.tell('PUT', at('a%00b'), 'x')).toEqual({ status: 400, code: 251011, data: null });
});

test('a folder is a page, unless the repository says otherwise, and an archive', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/dir/<b>.txt', 'b');
  await put(admin, 'rr/dir/sub/c.txt', 'cc');
  const moved = await admin.send('GET', `${at('dir')}?x=1`);
  expect([moved.status, moved.header('location')]).toEqual([302, `${at('dir')}/`]);
  const page = await admin.send('GET', at('dir/'));
  expect([page.status, page.header('content-type')]).toEqual([200, 'text/html;charset=UTF-8']);
  expect(page.text).toContain('<title>Index of /pp/rr/dir</title>');
  expect([...page.text.matchAll(/href="([^"]*)"/g)].map(([, link]) => link)).toEqual([
    '/generic/pp/rr/',
    '/generic/pp/rr/dir/sub/',
    '/generic/pp/rr/dir/%3Cb%3E.txt',
  ]);
  expect(page.text).toContain('>&lt;b&gt;.txt</a>');
  expect((await admin.send('GET', '/generic/pp/rr/')).text).toContain('<title>Index of /pp/rr/</title>');

  const response = await fetch(admin.url + at('dir?download=true'), { headers: { authorization: `Basic ${btoa('admin:password')}` } });
  expect([response.headers.get('content-type'), response.headers.get('content-disposition')]).toEqual([
    'application/zip',
    `attachment;filename="dir.zip";filename*=UTF-8''dir.zip`,
  ]);
  expect(unzip(Buffer.from(await response.arrayBuffer()))).toEqual({ '<b>.txt': 'b', 'sub/c.txt': 'cc' });

  await addRepository(admin, { name: 'closed', configuration: { type: 'local', settings: { autoIndex: { enabled: false } } } });
  await put(admin, 'closed/dir/a', 'x');
  expect(await admin.tell('GET', '/generic/pp/closed/dir')).toEqual({ status: 403, code: 251202, data: null });
});

test('a folder is deleted only when it has no files', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/dir/sub/a', 'x');
  expect(await admin.tell('DELETE', at('dir'))).toEqual({ status: 400, code: 251009, data: null });
  expect(await admin.tell('DELETE', at('dir/sub/a'))).toEqual({ status: 200, code: 0, data: null });
  expect(await admin.tell('DELETE', at('dir'))).toEqual({ status: 200, code: 0, data: null });
  expect(await paths(admin)).toEqual([]);
  expect(await admin.tell('DELETE', at(''))).toEqual({ status: 400, code: 250112, data: null });
});

test('a file whose days are over is gone, and its path is free', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/a', 'x', { 'x-bkrepo-expires': '1' });
  await put(admin, 'rr/b', 'x', { 'x-bkrepo-expires': '0' });
  await after(86_400_000 + 1000, async () => {
    expect(await admin.tell('GET', at('a'))).toMatchObject({ status: 404, code: 251010 });
    expect(await paths(admin)).toEqual(['/b']);
    await put(admin, 'rr/a', 'new');
  });
  expect((await admin.send('GET', at('a'))).text).toBe('new');
});

test('a search of a repository stays in it whatever the rules say', async () => {
  const admin = await bkRepo();
  await addRepository(admin, { name: 'other' });
  await put(admin, 'rr/a.txt', 'x');
  await put(admin, 'rr/b.zip', 'xx');
  await put(admin, 'other/c.txt', 'x');
  const rules = [
    { field: 'projectId', value: 'elsewhere', operation: 'EQ' },
    { field: 'repoName', value: 'other', operation: 'EQ' },
    { field: 'name', value: '*.txt', operation: 'MATCH' },
  ];
  const told = await admin.tell('POST', '/generic/pp/rr/search', { select: ['name', 'size'], rule: { relation: 'AND', rules } });
  expect(told).toMatchObject({ code: 0, data: { records: [{ name: 'a.txt', size: 1, fullPath: '/a.txt', category: 'LOCAL' }] } });
  const or = { rule: { relation: 'OR', rules } };
  expect(await admin.tell('POST', '/generic/pp/rr/search', or)).toEqual({ status: 400, code: 250105, data: null });
});

test('permissions are asked for every verb', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/a', 'x');
  const reader = await addUser(admin, 'reader', { repos: ['rr'], actions: ['READ', 'DOWNLOAD'] });
  const stranger = await addUser(admin, 'stranger', { repos: [], actions: [] });
  const nobody = client(admin.url);
  const codes = async (who: Client) => {
    const told = [await who.send('GET', at('a')), await who.send('PUT', at('b'), { body: 'x' }), await who.send('DELETE', at('a'))];
    return told.map(({ status, text }) => [status, status === 200 ? 0 : (JSON.parse(text) as { code: number }).code]);
  };
  expect(await codes(reader)).toEqual([
    [200, 0],
    [403, 250113],
    [403, 250113],
  ]);
  expect(await codes(stranger)).toEqual([
    [403, 250113],
    [403, 250113],
    [403, 250113],
  ]);
  expect(await codes(nobody)).toEqual([
    [401, 250114],
    [401, 250114],
    [401, 250114],
  ]);
});

test('other types of repositories are none of the generic service', async () => {
  const admin = await bkRepo();
  await addRepository(admin, { name: 'npm', type: 'NPM' });
  expect(await admin.tell('PUT', '/generic/pp/npm/a', 'x')).toEqual({ status: 404, code: 251006, data: null });
});

test('a large upload is stored as it comes', async () => {
  const admin = await bkRepo();
  const body = new Uint8Array(30 << 20).map((_, index) => index * 31);
  const told = await admin.tell('PUT', at('large'), body);
  expect(told.data).toMatchObject({ size: body.length, sha256: sha256(body) });
  const response = await fetch(admin.url + at('large'), { headers: { authorization: `Basic ${btoa('admin:password')}` } });
  expect(sha256(new Uint8Array(await response.arrayBuffer()))).toBe(sha256(body));
});
