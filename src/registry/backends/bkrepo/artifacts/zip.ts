import { pipeline, type Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

/** A file of an archive. */
export interface ZipEntry {
  /** The path in the archive. */
  readonly name: string;
  readonly size: number;
  /** Opened when the archive gets to it. */
  readonly open: () => Promise<Readable>;
}

interface Written {
  readonly name: Buffer;
  readonly offset: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

const MAX_32 = 0xffffffff;
/** From here on sizes get 64 bits; a little below the limit, for what does not compress grows. */
const LARGE = 0xfff00000;
/** Sizes follow the content, and names are UTF-8. */
const FLAGS = 0x0808;
const DEFLATED = 8;
const VERSION = 45;
/** 1 January 1980, the earliest date there is. */
const DATE = 0x0021;

/** Makes an archive, file by file as it is read. */
export async function* zip(entries: readonly ZipEntry[]): AsyncGenerator<Buffer, void> {
  const written: Written[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name, 'utf8');
    const start = offset;
    const content = { crc: 0, packed: 0, size: 0 };
    const header = localHeader(name, entry.size >= LARGE);
    offset += header.length;
    yield header;
    for await (const chunk of deflated(entry, content)) {
      offset += chunk.length;
      yield chunk;
    }
    const descriptor = dataDescriptor(content, entry.size >= LARGE);
    offset += descriptor.length;
    yield descriptor;
    written.push({ name, offset: start, ...content });
  }
  const directory = Buffer.concat(written.map(directoryEntry));
  yield directory;
  yield ending(written.length, offset, directory.length);
}

type Content = { crc: number; packed: number; size: number };

async function* deflated(entry: ZipEntry, content: Content): AsyncGenerator<Buffer, void> {
  const source = await entry.open();
  const deflate = createDeflateRaw();
  source.on('data', (chunk: Buffer) => {
    content.crc = crc32(chunk, content.crc);
    content.size += chunk.length;
  });
  // The error comes out of the loop below as well; a callback is needed for it not to be unhandled here.
  pipeline(source, deflate, () => undefined);
  try {
    for await (const chunk of deflate) {
      content.packed += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  } finally {
    source.destroy();
    deflate.destroy();
  }
}

function localHeader(name: Buffer, large: boolean): Buffer {
  const extra = large ? extraField([0, 0]) : Buffer.alloc(0);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(FLAGS, 6);
  header.writeUInt16LE(DEFLATED, 8);
  header.writeUInt16LE(DATE, 12);
  header.writeUInt32LE(large ? MAX_32 : 0, 18);
  header.writeUInt32LE(large ? MAX_32 : 0, 22);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, name, extra]);
}

function dataDescriptor({ crc, packed, size }: Content, large: boolean): Buffer {
  const start = Buffer.alloc(8);
  start.writeUInt32LE(0x08074b50, 0);
  start.writeUInt32LE(crc, 4);
  return Buffer.concat([start, large ? longs([packed, size]) : ints([packed, size])]);
}

function directoryEntry({ name, offset, crc, packed, size }: Written): Buffer {
  const fields = [size, packed, offset];
  const extra = fields.some((field) => field >= MAX_32) ? extraField(fields) : Buffer.alloc(0);
  const short = (field: number) => (extra.length > 0 ? MAX_32 : field);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(VERSION, 6);
  header.writeUInt16LE(FLAGS, 8);
  header.writeUInt16LE(DEFLATED, 10);
  header.writeUInt16LE(DATE, 14);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(short(packed), 20);
  header.writeUInt32LE(short(size), 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(short(offset), 42);
  return Buffer.concat([header, name, extra]);
}

/** The end of the directory, with its 64-bit form before it, which counts where the other is full. */
function ending(count: number, offset: number, length: number): Buffer {
  const end64 = Buffer.alloc(24);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeUInt16LE(VERSION, 12);
  end64.writeUInt16LE(VERSION, 14);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + length), 8);
  locator.writeUInt32LE(1, 16);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, 0xffff), 8);
  end.writeUInt16LE(Math.min(count, 0xffff), 10);
  end.writeUInt32LE(Math.min(length, MAX_32), 12);
  end.writeUInt32LE(Math.min(offset, MAX_32), 16);
  return Buffer.concat([end64, longs([count, count, length, offset]), locator, end]);
}

function extraField(fields: readonly number[]): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16LE(1, 0);
  header.writeUInt16LE(fields.length * 8, 2);
  return Buffer.concat([header, longs(fields)]);
}

function longs(values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 8);
  values.forEach((value, index) => buffer.writeBigUInt64LE(BigInt(value), index * 8));
  return buffer;
}

function ints(values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => buffer.writeUInt32LE(value, index * 4));
  return buffer;
}
