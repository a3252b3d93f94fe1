import { Readable } from 'node:stream';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { type Content } from './format';

/** A file of an archive. */
export interface ZipEntry {
  readonly name: string;
  /** Its size, unpacked. */
  readonly size: number;
  /** Reads it whole; throws if it is larger than a number of bytes, or than the archive says. */
  read(limit: number): Promise<Buffer>;
}

const MOST_ENTRIES = 100_000;

/** Finds the first file of a zip archive that fits; undefined if none does. Throws with the reason if the content is no zip archive. */
export async function findInZip(content: Content, fits: (name: string) => boolean): Promise<ZipEntry | undefined> {
  const archive = await open(content);
  if (archive.entryCount > MOST_ENTRIES) throw new Error(`it has more than ${MOST_ENTRIES} files`);
  for await (const entry of archive.eachEntry()) if (fits(entry.fileName)) return entryOf(archive, entry);
  return undefined;
}

async function open(content: Content): Promise<ZipFile> {
  try {
    return await fromRandomAccessReaderPromise(new Parts(content), content.size, { lazyEntries: true, autoClose: false });
  } catch (cause) {
    throw new Error('not a zip archive, or not all of one', { cause });
  }
}

function entryOf(archive: ZipFile, entry: Entry): ZipEntry {
  const { fileName: name, uncompressedSize: size } = entry;
  const read = async (limit: number) => {
    if (size > limit) throw new Error(`${name} is larger than ${limit} bytes`);
    const chunks: Buffer[] = [];
    // That the size is the one announced is checked on the way.
    for await (const chunk of await archive.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  };
  return { name, size, read };
}

/** Reads the parts of an archive that are needed, wherever it is stored. */
class Parts extends RandomAccessReader {
  constructor(private readonly content: Content) {
    super();
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#part(start, end - 1), { objectMode: false });
  }

  async *#part(start: number, end: number): AsyncGenerator<Buffer, void> {
    if (end < start) return;
    for await (const chunk of await this.content.open({ start, end })) yield chunk as Buffer;
  }
}
