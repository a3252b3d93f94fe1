import { inflateRawSync } from 'node:zlib';

/** One of the gzip streams that a file consists of. */
export interface GzipMember {
  /** What it unpacks to. */
  readonly content: Buffer;
  /** Where in the file it begins, and where the next one does. */
  readonly start: number;
  readonly end: number;
}

const FLAG = { checksum: 2, extra: 4, name: 8, comment: 16 } as const;
const HEAD = 10;
const TRAILER = 8;

/** Reads the gzip stream at an offset (RFC 1952); throws if there is none, if it is cut, or if it unpacks to more bytes than a limit. */
export function memberAt(bytes: Buffer, start: number, limit: number): GzipMember {
  if (bytes.length < start + HEAD || bytes.readUInt16BE(start) !== 0x1f8b) throw new Error(`no gzip stream at byte ${start}`);
  const flags = bytes.readUInt8(start + 3);
  let at = start + HEAD;
  if ((flags & FLAG.extra) !== 0) at += 2 + (at + 2 <= bytes.length ? bytes.readUInt16LE(at) : 0);
  for (const flag of [FLAG.name, FLAG.comment]) if ((flags & flag) !== 0) at = bytes.indexOf(0, at) + 1 || bytes.length;
  if ((flags & FLAG.checksum) !== 0) at += 2;
  // With the option, the answer tells how much was read of what may go on after the stream.
  const { buffer: content, engine } = inflateRawSync(bytes.subarray(at), { info: true, maxOutputLength: limit }) as unknown as {
    buffer: Buffer;
    engine: { bytesWritten: number };
  };
  const end = at + engine.bytesWritten + TRAILER;
  if (end > bytes.length) throw new Error('unexpected end of file');
  return { content, start, end };
}
