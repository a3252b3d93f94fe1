import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { call, cleanUp, tarball } from '../helpers';
import { CORE, local, problem, sha256, WHEEL } from './pypi-registry';
import { metadataOf, sdist, upload, wheel, zip } from './python-files';

afterEach(cleanUp);

const named = async (file: string, content?: Buffer) => ({ file, content: content ?? (await wheel(CORE)).content });
const changed = (content: Buffer, change: (copy: Buffer) => void) => {
  const copy = Buffer.from(content);
  change(copy);
  return copy;
};
const INFO = 'acme_core-1.0.dist-info';
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
    'which does not match its name',
  ],
  [
    'a wheel of another project',
    () => wheel({ ...CORE, inside: { name: 'evil' } }),
    'its metadata is that of "evil 1.0", its name that of acme-core 1.0',
  ],
  ['a wheel of another version', () => wheel({ ...CORE, inside: { version: '2.0' } }), 'its metadata is that of "Acme.Core 2.0"'],
  ['a source archive that is none', () => named(SDIST, Buffer.from('hello')), 'not a readable gzipped tar archive'],
  ['half a source archive', () => named(SDIST, sdist(CORE).content.subarray(0, 100)), 'not a readable gzipped tar archive'],
  ['a source archive without metadata', () => named(SDIST, tarball({ 'acme_core-1.0/x': 'x' })), 'this one has none'],
  ['a source archive of another project', () => sdist({ ...CORE, inside: { name: 'evil' } }), 'its metadata is that of "evil 1.0"'],
  ['a name with folders', () => named(`../../${WHEEL}`), 'it contains a slash'],
  ['a name with encoded folders', () => named(`..%2f${WHEEL}`), 'expected a .whl, .tar.gz or .zip with a valid distribution name'],
  ['a name with a backslash', () => named(`x\\${WHEEL}`), 'it contains a slash'],
  ['a name that ends otherwise', () => named('acme_core-1.0.exe'), 'expected a .whl, .tar.gz or .zip'],
  ['a name without tags', () => named('acme_core-1.0.whl'), 'expected a .whl, .tar.gz or .zip'],
  ['a version that is none', () => wheel({ ...CORE, version: '1.0.x' }), '1.0.x is not a valid version of a Python package'],
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
  ['another SHA-256', { sha256_digest: '00' }, 400, 'sha256_digest mismatch: the file has '],
  ['another MD5', { md5_digest: '00' }, 400, 'md5_digest mismatch: the file has '],
  ['another BLAKE2', { blake2_256_digest: '00' }, 400, 'blake2_256_digest mismatch: the file has '],
  ['another name', { name: 'evil' }, 400, 'the form says "evil undefined", but the file is "Acme.Core 1.0"'],
  ['another version', { name: 'acme-core', version: '2.0' }, 400, 'the form says "acme-core 2.0", but the file is "Acme.Core 1.0"'],
  ['another action', { ':action': 'remove' }, 400, 'unsupported :action "remove"; expected "file_upload"'],
  ['a registration', { ':action': 'submit' }, 410, 'projects are not registered here'],
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
