import { Readable } from 'node:stream';
import { type ByteRange } from '../blobs';

/** What a server sends. */
export type Body = AsyncIterable<Uint8Array> & { destroy(): unknown };

/** How long a server may send nothing while somebody waits for it, in milliseconds, and how often it is asked to go on. */
const PATIENCE = 30_000;
const TRIES = 3;

/** The bytes of a range, all of them and no more: where the connection breaks off or stalls, the rest is asked for again. */
export function steadyBody(range: ByteRange, open: (rest: ByteRange) => Promise<Body>, first: Body): Readable {
  const stream = Readable.from(bytesOf(range, open, first), { objectMode: false });
  // A generator that nobody has read from does not end by itself.
  return stream.once('close', () => first.destroy());
}

async function* bytesOf(
  { start, end }: ByteRange,
  open: (rest: ByteRange) => Promise<Body>,
  first: Body,
): AsyncGenerator<Uint8Array, void> {
  let position = start;
  let body = first;
  for (let tries = TRIES; position <= end;) {
    const before = position;
    try {
      const chunks = body[Symbol.asyncIterator]();
      for (let next = await waitFor(chunks.next()); !next.done; next = await waitFor(chunks.next())) {
        const chunk = next.value;
        if (position + chunk.length > end + 1) throw new Error('the server sent more than was asked for');
        position += chunk.length;
        yield chunk;
      }
      if (position <= end) throw new Error(`the server sent ${end + 1 - position} bytes too few`);
      return;
    } catch (cause) {
      if (position > before) tries = TRIES;
      if (tries-- === 0) throw cause;
    } finally {
      body.destroy();
    }
    body = await open({ start: position, end });
  }
}

async function waitFor<T>(next: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the server sent nothing for ${PATIENCE / 1000} s`)), PATIENCE);
  });
  try {
    return await Promise.race([next, late]);
  } finally {
    clearTimeout(timer);
  }
}
