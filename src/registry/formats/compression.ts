import { Readable, Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';

/** What content begins with by the way in which it is compressed. */
const MAGIC = { gzip: '1f8b', xz: 'fd377a585a00', zstd: '28b52ffd', bzip2: '425a68', zchunk: '005a434b31' } as const;

/**
 * Decompresses content by what it begins with: gzip, xz and zstd; anything else is as it is. It is never whole in memory. Throws if it is
 * compressed in another known way, or becomes larger than a number of bytes.
 */
export async function* decompressed(content: Buffer, limit: number): AsyncGenerator<Buffer, void> {
  let size = 0;
  for await (const chunk of opened(content)) {
    size += chunk.length;
    if (size > limit) throw new Error(`unpacked it has more than ${limit} bytes`);
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}

function opened(content: Buffer): AsyncIterable<Uint8Array> {
  const is = (magic: string): boolean => content.subarray(0, magic.length / 2).toString('hex') === magic;
  if (is(MAGIC.gzip)) return through(content, zlib.createGunzip());
  if (is(MAGIC.zstd)) return zstd(content);
  if (is(MAGIC.xz)) return xz(content);
  if (is(MAGIC.bzip2) || is(MAGIC.zchunk))
    throw new Error(`it is compressed with ${is(MAGIC.bzip2) ? 'bzip2' : 'zchunk'}; supported are gzip, xz and zstd`);
  return pieces(content);
}

const PIECE = 256 << 10;

function* cut(content: Buffer): Generator<Buffer, void> {
  for (let at = 0; at < content.length; at += PIECE) yield content.subarray(at, at + PIECE);
}

async function* pieces(content: Buffer): AsyncGenerator<Buffer, void> {
  yield* cut(content);
}

async function* through(content: Buffer, transform: Transform | zlib.Gunzip): AsyncGenerator<Buffer, void> {
  // Errors come out of the loop.
  const done = pipeline(Readable.from(cut(content)), transform).catch(() => undefined);
  for await (const chunk of transform) yield chunk as Buffer;
  await done;
}

/** Node has it since 22.15. */
function zstd(content: Buffer): AsyncIterable<Uint8Array> {
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };
  return through(content, createZstdDecompress?.() ?? new ZstdInJavaScript());
}

class ZstdInJavaScript extends Transform {
  #stream: { push(chunk: Uint8Array, isLast?: boolean): void } | undefined;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#opened()
      .then((stream) => stream.push(chunk))
      .then(() => done(), done);
  }

  override _flush(done: TransformCallback): void {
    this.#opened()
      .then((stream) => stream.push(new Uint8Array(0), true))
      .then(() => done(), done);
  }

  async #opened() {
    const { Decompress } = await import('fzstd');
    return (this.#stream ??= new Decompress((chunk) => void this.push(Buffer.from(chunk))));
  }
}

async function* xz(content: Buffer): AsyncGenerator<Uint8Array, void> {
  const { XzReadableStream } = await import('xz-decompress');
  yield* new XzReadableStream(
    Readable.toWeb(Readable.from(cut(content))) as ReadableStream<Uint8Array>,
  ) as unknown as AsyncIterable<Uint8Array>;
}
