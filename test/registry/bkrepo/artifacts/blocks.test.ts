import { cleanUp } from '../../helpers';
import { bkRepo, md5, paths, put, sha256, type Client } from './support';

afterEach(cleanUp);

const FILE = '/generic/pp/rr/dir/a';
const BLOCK = '/generic/block/pp/rr/dir/a';

async function start(admin: Client, headers: Record<string, string> = {}): Promise<string> {
  const told = await admin.tell('POST', BLOCK, undefined, headers);
  expect(told).toEqual({
    status: 200,
    code: 0,
    data: { uploadId: expect.stringMatching(/^[0-9a-f]{32}$/) as string, expireSeconds: 43_200 },
  });
  return (told.data as { uploadId: string }).uploadId;
}

const part = (uploadId: string, sequence: number, headers = {}) => ({
  'x-bkrepo-upload-id': uploadId,
  'x-bkrepo-sequence': String(sequence),
  ...headers,
});
const of = (uploadId: string, headers = {}) => ({ 'x-bkrepo-upload-id': uploadId, ...headers });

test('a file is put together from its parts in their order, not in that of their arrival', async () => {
  const admin = await bkRepo();
  const id = await start(admin);
  expect(await admin.tell('PUT', FILE, 'world', part(id, 2))).toEqual({ status: 200, code: 0, data: null });
  expect(await admin.tell('PUT', FILE, 'hello ', part(id, 1))).toEqual({ status: 200, code: 0, data: null });
  expect(await paths(admin)).toEqual([]);
  expect(await admin.tell('GET', BLOCK, undefined, of(id))).toEqual({
    status: 200,
    code: 0,
    data: [
      { size: 6, sha256: sha256('hello '), sequence: 1 },
      { size: 5, sha256: sha256('world'), sequence: 2 },
    ],
  });
  const headers = of(id, { 'x-bkrepo-size': '11', 'x-bkrepo-sha256': sha256('hello world'), 'x-bkrepo-meta-k': 'v' });
  expect(await admin.tell('PUT', BLOCK, undefined, headers)).toEqual({ status: 200, code: 0, data: null });
  expect((await admin.send('GET', FILE)).text).toBe('hello world');
  expect((await admin.tell('GET', '/generic/detail/pp/rr/dir/a')).data).toMatchObject({
    md5: md5('hello world'),
    size: 11,
    metadata: { k: 'v' },
  });
  expect(await admin.tell('GET', BLOCK, undefined, of(id))).toEqual({ status: 400, code: 251201, data: null });
});

test('an upload that was never begun, was aborted or belongs elsewhere is 251201', async () => {
  const admin = await bkRepo();
  expect(await admin.tell('PUT', FILE, 'x', part('none', 1))).toEqual({ status: 400, code: 251201, data: null });
  expect(await admin.tell('PUT', BLOCK, undefined, of('none'))).toEqual({ status: 400, code: 251201, data: null });
  expect(await admin.tell('PUT', BLOCK)).toEqual({ status: 400, code: 250118, data: null });
  const id = await start(admin);
  expect(await admin.tell('PUT', '/generic/pp/rr/other', 'x', part(id, 1))).toEqual({ status: 400, code: 251201, data: null });
  expect(await admin.tell('DELETE', BLOCK, undefined, of(id))).toEqual({ status: 200, code: 0, data: null });
  expect(await admin.tell('PUT', FILE, 'x', part(id, 1))).toEqual({ status: 400, code: 251201, data: null });
});

test('sizes, checksums and gaps are found out', async () => {
  const admin = await bkRepo();
  const id = await start(admin);
  expect(await admin.tell('PUT', BLOCK, undefined, of(id))).toEqual({ status: 400, code: 251212, data: null });
  expect(await admin.tell('PUT', FILE, 'abc', part(id, 1, { 'x-bkrepo-size': '4' }))).toEqual({ status: 400, code: 251031, data: null });
  expect(await admin.tell('PUT', FILE, 'abc', part(id, 1, { 'x-bkrepo-md5': md5('x') }))).toEqual({
    status: 400,
    code: 251003,
    data: null,
  });
  expect(await admin.tell('PUT', FILE, 'abc', part(id, 0))).toEqual({ status: 400, code: 250105, data: null });
  expect(await admin.tell('PUT', FILE, 'abc', part(id, 2))).toMatchObject({ code: 0 });
  expect(await admin.tell('PUT', BLOCK, undefined, of(id))).toEqual({ status: 400, code: 251212, data: null });
  expect(await admin.tell('PUT', FILE, 'abc', part(id, 1))).toMatchObject({ code: 0 });
  expect(await admin.tell('PUT', BLOCK, undefined, of(id, { 'x-bkrepo-size': '7' }))).toEqual({ status: 400, code: 251031, data: null });
  expect(await paths(admin)).toEqual([]);
});

test('a part that is there stays unless it may be overwritten', async () => {
  const admin = await bkRepo();
  const id = await start(admin);
  for (const [body, headers] of [
    ['first', {}],
    ['second', {}],
  ] as const)
    await admin.tell('PUT', FILE, body, part(id, 1, headers));
  expect((await admin.tell('GET', BLOCK, undefined, of(id))).data).toEqual([{ size: 5, sha256: sha256('first'), sequence: 1 }]);
  await admin.tell('PUT', FILE, 'second', part(id, 1, { 'x-bkrepo-overwrite': 'true' }));
  expect((await admin.tell('GET', BLOCK, undefined, of(id))).data).toEqual([{ size: 6, sha256: sha256('second'), sequence: 1 }]);
});

test('an existing file is replaced only when both ends of the upload say so', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/dir/a', 'old');
  expect(await admin.tell('POST', BLOCK)).toEqual({ status: 400, code: 251012, data: null });
  const id = await start(admin, { 'x-bkrepo-overwrite': 'true' });
  await admin.tell('PUT', FILE, 'new', part(id, 1));
  expect(await admin.tell('PUT', BLOCK, undefined, of(id))).toEqual({ status: 400, code: 251012, data: null });
  expect(await admin.tell('PUT', BLOCK, undefined, of(id, { 'x-bkrepo-overwrite': 'true' }))).toMatchObject({ code: 0 });
  expect((await admin.send('GET', FILE)).text).toBe('new');
});
