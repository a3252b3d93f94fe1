import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { parseJson } from '../common/exact-json';
import type { Digest } from '../schema/define/binding';

const largestAnswer = 64 * 1024 * 1024;

/** A body that says nothing: another try would bring the same. */
export class BadBody extends Error {}

/** A whole body. Throws a `BadBody` when it is larger than any answer of an API should be. */
export async function bodyBytes(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestAnswer) throw new BadBody(`the answer is larger than ${largestAnswer / 1024 / 1024} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** The digest of a body, which may be of any size. */
export async function bodyDigest(body: AsyncIterable<Uint8Array>): Promise<Digest> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    hash.update(chunk);
  }
  return { sha256: hash.digest('hex'), size };
}

/** JSON with exact numbers, or nothing when it is none. Throws a `BadBody` for one that takes far more memory than it has bytes. */
export function parseBody(bytes: Buffer): unknown {
  if (isDense(bytes)) throw new BadBody(`the answer of ${bytes.length} bytes contains more objects and lists than any API returns`);
  return isUtf8(bytes) ? parse(bytes.toString('utf8')) : undefined;
}

/** JSON with exact numbers, or nothing when it is none. */
export function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** So many objects and lists any answer may have, and one more for each so many bytes: an empty object takes 3 bytes here and 100 in memory. */
const few = 0x1_0000;
const dense = 16;
const [brace, bracket] = [0x7b, 0x5b];

function isDense(bytes: Buffer): boolean {
  const most = few + Math.floor(bytes.length / dense);
  if (bytes.length <= most) return false;
  let count = 0;
  for (const byte of bytes) if (byte === brace || byte === bracket) count += 1;
  return count > most;
}
