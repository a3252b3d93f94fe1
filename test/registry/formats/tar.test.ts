import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { readFromTarball } from '../../../src/registry/formats/tar';
import { tarball } from '../helpers';

const WANTED = { matches: (path: string) => /^[^/]+\/package\.json$/i.test(path), limit: 1 << 20 };

type Entry = Partial<Header> & { name: string; text?: string };

/** An archive as another tool makes it. */
async function archive(...entries: readonly Entry[]): Promise<Buffer> {
  const packed = pack();
  for (const { text = '', ...header } of entries) packed.entry(header, text);
  packed.finalize();
  return gzipSync(await buffer(packed));
}

async function* chunks(content: Buffer) {
  for (let from = 0; from < content.length; from += 100) yield await Promise.resolve(content.subarray(from, from + 100));
}

const read = (content: Buffer, wanted: Partial<Parameters<typeof readFromTarball>[1]> = {}) =>
  readFromTarball(chunks(content), { ...WANTED, ...wanted });

test('a file is found by the path that it is unpacked to', async () => {
  const long = `${'d'.repeat(150)}/package.json`;
  for (const name of ['package/package.json', './package/package.json', 'package/./package.json', long])
    expect(String(await read(await archive({ name: 'package/x', text: 'x' }, { name, text: '{}' })))).toBe('{}');
  expect(String(await read(await archive({ name: 'x', pax: { path: 'package/package.json' }, text: '{}' })))).toBe('{}');
  expect(await read(await archive({ name: 'package.json', text: '{}' }, { name: 'a/b/package.json', text: '{}' }))).toBeUndefined();
});

test.each<[what: string, entries: Entry[], error: string]>([
  ['two of them', [{ name: 'a/package.json' }, { name: 'b/package.json' }], 'it has more than one b/package.json'],
  ['two in one folder', [{ name: 'a/package.json' }, { name: 'a/./package.json' }], 'it has more than one a/package.json'],
  ['two by case', [{ name: 'a/package.json' }, { name: 'a/Package.JSON' }], 'it has more than one a/Package.JSON'],
  ['a hard link', [{ name: 'a/x' }, { name: 'a/package.json', type: 'link', linkname: 'a/x' }], 'a/package.json is a link'],
  ['a symbolic link', [{ name: 'a/package.json', type: 'symlink', linkname: '/etc/passwd' }], 'a/package.json is a symlink'],
])('%s: which file is unpacked is not left open', async (_what, entries, error) => {
  await expect(read(await archive(...entries))).rejects.toThrow(error);
});

test.each<[what: string, content: Buffer, error: string | RegExp]>([
  ['text', Buffer.from('hello'), 'incorrect header check'],
  ['no archive inside', gzipSync('hello '.repeat(500)), /tar header/i],
  ['half an archive', tarball({ 'a/x': 'x'.repeat(5000) }).subarray(0, 60), 'unexpected end of file'],
  ['an archive that ends early', gzipSync(Buffer.alloc(1536, 'a')), /tar header/i],
])('%s is not read', async (_what, content, error) => {
  await expect(read(content)).rejects.toThrow(error);
});

test('nothing larger than anybody sends is read', async () => {
  await expect(read(tarball({ 'a/package.json': 'x'.repeat(11) }), { limit: 10 })).rejects.toThrow(
    'a/package.json is larger than 10 bytes',
  );
  const big = tarball({ 'package/zeros': '\0'.repeat(2 << 20) });
  expect(big.length).toBeLessThan(10_000);
  await expect(read(big, { within: 1 << 20 })).rejects.toThrow('unpacked it has more than 1048576 bytes');
});
