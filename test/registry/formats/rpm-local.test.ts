import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { checkPayload, readHeaders } from '../../../src/registry/formats/types/rpm/header';
import { packageOf } from '../../../src/registry/formats/types/rpm/package';
import { RENDER } from '../../../src/registry/formats/types/rpm/render';
import { addRemote, call, cleanUp, openTestStore, registry, tempFolder } from '../helpers';
import { header, rpmPackage } from './rpm-packages';

afterEach(cleanUp);

async function local(options: Parameters<typeof registry>[0] = {}) {
  const { url, close } = await registry(options);
  await addRemote(url, { name: 'l', package_type: 'rpm', repo_type: 'local' });
  return {
    url,
    close,
    put: (path: string, body: Buffer) => call('PUT', `${url}/api/v2/remotes/l/files/${path}`, { body }),
    get: (path: string) => call('GET', `${url}/api/v1/local/l/${path}`),
    bytes: async (path: string) => Buffer.from(await (await fetch(`${url}/api/v1/local/l/${path}`)).arrayBuffer()),
  };
}

const hrefOf = (repomd: string, name: string) => new RegExp(`repodata/[0-9a-f]{64}-${name}\\.xml\\.gz`).exec(repomd)?.[0] ?? '';
const names = (document: Buffer) =>
  [
    ...gunzipSync(document)
      .toString()
      .matchAll(/<name>(.*?)<\/name>/g),
  ].map(([, name]) => name);
const contentOf = (bytes: Buffer) => ({
  size: bytes.length,
  open: ({ start = 0, end = bytes.length - 1 } = {}) => Promise.resolve(Readable.from([bytes.subarray(start, end + 1)])),
});

test('what is no package, is damaged or has the name of another is refused with the reason', async () => {
  const { put } = await local();
  const { file, content } = rpmPackage({ name: 'app' });
  const cut = content.subarray(0, content.length - 3);
  const changed = Buffer.from(content);
  changed.write('The App', content.indexOf('The app'));
  const huge = Buffer.from(content);
  huge.writeUInt32BE(0x7fffffff, 96 + 12);
  for (const [path, body, reason] of [
    ['app-1.0-1.noarch.rpm', Buffer.from('content'), 'not an rpm package, or cut: it ends at byte 7, within its headers'],
    ['app-1.0-1.noarch.rpm', Buffer.alloc(5000), 'not an rpm package: it does not begin as one'],
    ['app-1.0-1.noarch.rpm', cut, expect.stringContaining('damaged or cut: the SHA-256 of its content is')],
    ['app-1.0-1.noarch.rpm', changed, expect.stringContaining('damaged: the SHA-256 of its header is')],
    ['app-1.0-1.noarch.rpm', huge, expect.stringContaining('its header is too large: 2 entries with 2147483647 bytes')],
    ['app-2.0-1.noarch.rpm', content, 'its header is that of app-1.0-1.noarch.rpm; upload it under that name'],
  ] as const) {
    const refused = await put(path, body);
    const [, said] = /^invalid file "[^"]+": (.*)\n$/.exec(refused.text) ?? [];
    expect([refused.status, said ?? refused.text]).toEqual([400, reason]);
  }
  expect((await put(`deep/${file}`, content)).status).toBe(201);
  expect((await put(`deep/${file}`, content)).status).toBe(409);
});

test('repomd.xml stays as it is while nothing changes, also after a restart, and what an older one names can still be read', async () => {
  const data = tempFolder();
  const first = await local({ data });
  const empty = await first.get('repodata/repomd.xml');
  expect(names(await first.bytes(hrefOf(empty.text, 'primary')))).toEqual([]);
  const [a, b] = [rpmPackage({ name: 'a' }), rpmPackage({ name: 'b' })];
  await first.put(a.file, a.content);
  const old = await first.get('repodata/repomd.xml');
  await first.put(`pool/${b.file}`, b.content);
  const now = await first.get('repodata/repomd.xml');
  const unsigned = (await first.get('repodata/repomd.xml.asc')).text;
  expect(new Set([empty.text, old.text, now.text]).size).toBe(3);
  await first.close();
  const second = await registry({ data });
  const again = await fetch(`${second.url}/api/v1/local/l/repodata/repomd.xml`);
  expect([await again.text(), again.headers.get('etag')]).toEqual([now.text, now.header('etag')]);
  expect(await (await fetch(`${second.url}/api/v1/local/l/repodata/repomd.xml.asc`)).text()).toBe(unsigned);
  const read = async (path: string) => Buffer.from(await (await fetch(`${second.url}/api/v1/local/l/${path}`)).arrayBuffer());
  expect(names(await read(hrefOf(now.text, 'primary')))).toEqual(['a', 'b']);
  expect(names(await read(hrefOf(old.text, 'primary')))).toEqual(['a']);
  const described = await read(hrefOf(old.text, 'primary'));
  expect(old.text).toContain(`<checksum type="sha256">${createHash('sha256').update(described).digest('hex')}</checksum>`);
  expect(old.text).toContain(
    `<open-checksum type="sha256">${createHash('sha256').update(gunzipSync(described)).digest('hex')}</open-checksum>`,
  );
  // A folder is a repository, too.
  const pool = await (await fetch(`${second.url}/api/v1/local/l/pool/repodata/repomd.xml`)).text();
  const inPool = gunzipSync(await read(`pool/${hrefOf(pool, 'primary')}`)).toString();
  expect(inPool).toContain(`<location href="${b.file}"/>`);
  expect((await call('GET', `${second.url}/api/v1/local/l/none/repodata/repomd.xml`)).status).toBe(404);
  expect((await call('GET', `${second.url}/api/v1/local/l/repodata/${'0'.repeat(64)}-primary.xml.gz`)).status).toBe(404);
});

test('of packages that are published at once none is missing', async () => {
  const { put, get, bytes } = await local();
  const all = Array.from({ length: 24 }, (_each, index) => rpmPackage({ name: `p${String(index).padStart(2, '0')}` }));
  await Promise.all(all.flatMap(({ file, content }) => [put(file, content), get('repodata/repomd.xml')]));
  const repomd = await get('repodata/repomd.xml');
  expect(names(await bytes(hrefOf(repomd.text, 'primary')))).toEqual(all.map(({ file }) => file.slice(0, 3)));
});

test('a strict registry takes any .rpm, and lists those that are packages', async () => {
  const { put, get, bytes } = await local({ strict: true });
  const { content } = rpmPackage({ name: 'app' });
  expect((await put('broken.rpm', Buffer.from('content'))).status).toBe(201);
  expect((await put('any.rpm', content)).status).toBe(201);
  expect(names(await bytes(hrefOf((await get('repodata/repomd.xml')).text, 'primary')))).toEqual(['app']);
});

test('indexes that nobody has asked for in a week are forgotten, with their content', async () => {
  const store = await openTestStore(tempFolder());
  const blob = await store.blobs.receive(Readable.from([Buffer.from('index')]));
  const files = store.generated.of('one');
  await files.put([{ path: 'repodata/x', blob, contentType: 'application/gzip' }]);
  const day = 24 * 60 * 60_000;
  await store.generated.sweep(Date.now() + 6 * day);
  expect(await files.find('repodata/x')).toMatchObject({ hash: blob.hash, size: 5, content_type: 'application/gzip' });
  expect(await store.generated.of('other').find('repodata/x')).toBeUndefined();
  const later = new Date(Date.now() + day).toISOString();
  expect(await store.blobs.collect(later)).toBe(0);
  await store.generated.sweep(Date.now() + 8 * day);
  expect(await files.find('repodata/x')).toBeUndefined();
  expect(await store.blobs.collect(later)).toBe(1);
  await store.close();
});

/** Whether a file is taken as a package, or refused in words; anything else is a fault. */
async function outcome(bytes: Buffer): Promise<'taken' | 'refused'> {
  try {
    const headers = await readHeaders(contentOf(bytes));
    const described = packageOf(headers);
    await checkPayload(contentOf(bytes), headers);
    for (const render of Object.values(RENDER)) for (const _text of render(described, { path: 'a', hash: '', size: 0, time: 0 }));
    return 'taken';
  } catch (cause) {
    if (cause instanceof Error && /^(?:not an rpm|damaged|its header is|the paths of)/.test(cause.message)) return 'refused';
    throw cause;
  }
}

test('a package that is changed or cut anywhere is taken or refused with a reason, and nothing else happens', async () => {
  const { content } = rpmPackage({ name: 'app', provides: ['x'], files: ['/a/b', '/c'] });
  const place = fc.nat(content.length - 1);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 4 }), fc.option(place), async (changes, end) => {
      const bytes = Buffer.from(content);
      for (const [at, byte] of changes) bytes.writeUInt8(byte, at);
      await outcome(bytes.subarray(0, end ?? content.length));
    }),
    { numRuns: 500 },
  );
  expect(await outcome(content)).toBe('taken');
});

test('headers of any values are taken or refused with a reason', async () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }),
    fc.array(fc.nat(0xffffffff), { maxLength: 5 }),
    fc.array(fc.nat(0xffff), { maxLength: 5 }).map((short) => ({ short })),
  );
  const tag = fc.constantFrom(
    1000,
    1001,
    1002,
    1003,
    1006,
    1022,
    1030,
    1037,
    1047,
    1112,
    1113,
    1048,
    1049,
    1050,
    1080,
    1081,
    1082,
    1116,
    1117,
    1118,
    5092,
  );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(tag.map(String), value, { maxKeys: 21 }), async (tags) => {
      const lead = rpmPackage({ name: 'a' }).content.subarray(0, 96);
      const signature = header({ 1007: [1] });
      const padding = Buffer.alloc((8 - (signature.length % 8)) % 8);
      await outcome(Buffer.concat([lead, signature, padding, header({ 1000: 'a', 1001: '1', 1002: '1', 1022: 'noarch', ...tags })]));
    }),
    { numRuns: 300 },
  );
});
