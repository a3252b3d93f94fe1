import { gzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { decompressed } from '../../compression';
import { readFromTarball } from '../../tar';
import { type IndexEntry, LETTERS } from './apk';

/** Of one index, unpacked: Alpine's largest have some 10 MB. */
const LARGEST = 128 << 20;
const APKINDEX = { matches: (path: string) => path === 'APKINDEX', limit: LARGEST, within: 2 * LARGEST };
const END_OF_ARCHIVE = 1024;

/** Reads the packages of an `APKINDEX.tar.gz`; throws with the reason if it is none. */
export async function readIndex(content: Uint8Array): Promise<readonly IndexEntry[]> {
  const found = await readFromTarball(decompressing(content), APKINDEX);
  if (!found) throw new Error('it has no APKINDEX');
  return found
    .toString('utf8')
    .split(/\n{2,}/)
    .map((paragraph) => Object.fromEntries(paragraph.split('\n').flatMap(lineOf)))
    .filter((entry: IndexEntry) => entry['P'] !== undefined && entry['V'] !== undefined);
}

/** Writes the packages of an index as `APKINDEX.tar.gz`, without a signature; the same ones always give the same bytes. */
export async function writeIndex(entries: readonly IndexEntry[], description: string): Promise<Buffer> {
  const text = entries.map(
    (entry) => `${LETTERS.flatMap((letter) => (entry[letter] === undefined ? [] : [`${letter}:${entry[letter]}\n`])).join('')}\n`,
  );
  return gzipSync(await tarOf({ DESCRIPTION: description, APKINDEX: text.join('') }));
}

/** A gzip stream with files that goes before another one: an archive without an end. */
export async function leadingStream(files: Readonly<Record<string, Buffer>>): Promise<Buffer> {
  const archive = await tarOf(files);
  return gzipSync(archive.subarray(0, archive.length - END_OF_ARCHIVE));
}

async function tarOf(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name, mtime: new Date(0), mode: 0o644 }, content);
  archive.finalize();
  return buffer(archive);
}

function lineOf(line: string): [letter: string, value: string][] {
  return /^[A-Za-z]:/.test(line) ? [[line.slice(0, 1), line.slice(2)]] : [];
}

/** The streams of a file are one archive; that of a signature before it has no end. */
async function* decompressing(content: Uint8Array): AsyncGenerator<Buffer, void> {
  const archive: Buffer[] = [];
  for await (const chunk of decompressed(Buffer.from(content), 2 * LARGEST)) archive.push(chunk);
  yield gzipSync(Buffer.concat(archive), { level: 0 });
}
