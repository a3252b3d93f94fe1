import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { type Content } from './format';

/** A file of an archive. */
export interface ZipEntry {
  readonly name: string;
  /** Its size, unpacked. */
  readonly size: number;
  /** Its CRC-32 by what the archive says. */
  readonly crc: number;
  /** Opens it; what has another size than the archive says is an error. */
  stream(): Promise<Readable>;
  /** Reads it whole; throws if it is larger than a number of bytes, or than the archive says. */
  read(limit: number): Promise<Buffer>;
}

/** The largest public Go modules have a little more than 100,000. */
const MOST_ENTRIES = 250_000;
/** How much of the list of files is read at once, which is asked for in parts of a few bytes. */
const WINDOW = 256 << 10;

/** Finds the first file of a zip archive that fits; undefined if none does. Throws with the reason if the content is no zip archive. */
export async function findInZip(content: Content, fits: (name: string) => boolean): Promise<ZipEntry | undefined> {
  for await (const entry of entries(content)) if (fits(entry.name)) return entry;
  return undefined;
}

/** Finds all files of a zip archive that fit, of which several may have one name. Throws with the reason if the content is no zip archive. */
export async function findAllInZip(content: Content, fits: (name: string) => boolean): Promise<ZipEntry[]> {
  const found: ZipEntry[] = [];
  for await (const entry of entries(content)) if (fits(entry.name)) found.push(entry);
  return found;
}

async function* entries(content: Content): AsyncGenerator<ZipEntry, void> {
  const archive = await open(content);
  if (archive.entryCount > MOST_ENTRIES) throw new Error(`it has more than ${MOST_ENTRIES} files`);
  for await (const entry of archive.eachEntry()) yield entryOf(archive, entry);
}

async function open(content: Content): Promise<ZipFile> {
  try {
    return await fromRandomAccessReaderPromise(new Parts(content), content.size, { lazyEntries: true, autoClose: false });
  } catch (cause) {
    throw new Error('not a zip archive, or not all of one', { cause });
  }
}

function entryOf(archive: ZipFile, entry: Entry): ZipEntry {
  const { fileName: name, uncompressedSize: size, crc32: crc } = entry;
  const stream = () => archive.openReadStreamPromise(entry);
  const read = async (limit: number) => {
    if (size > limit) throw new Error(`${name} is larger than ${limit} bytes`);
    // That the size is the one announced is checked on the way.
    return buffer(await stream());
  };
  return { name, size, crc, stream, read };
}

/** Reads the parts of an archive that are needed, wherever it is stored. */
class Parts extends RandomAccessReader {
  #window: { readonly start: number; readonly bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) };

  constructor(private readonly content: Content) {
    super();
  }

  override read(...[target, offset, length, position, done]: Parameters<RandomAccessReader['read']>): void {
    this.#at(position, length).then(
      (bytes) => {
        bytes.copy(target, offset);
        done(null);
      },
      (cause: Error) => done(cause),
    );
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#part(start, end - 1), { objectMode: false });
  }

  async #at(position: number, length: number): Promise<Buffer> {
    const { start, bytes } = this.#window;
    if (position < start || position + length > start + bytes.length) {
      const end = Math.min(this.content.size, position + Math.max(length, WINDOW));
      if (position + length > end) throw new Error('it ends too early');
      this.#window = { start: position, bytes: await buffer(this.#part(position, end - 1)) };
    }
    return this.#window.bytes.subarray(position - this.#window.start, position - this.#window.start + length);
  }

  async *#part(start: number, end: number): AsyncGenerator<Buffer, void> {
    if (end < start) return;
    for await (const chunk of await this.content.open({ start, end })) yield chunk as Buffer;
  }
}
