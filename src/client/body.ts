import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { parseJson } from '../common/exact-json';
import type { Digest } from '../schema/define/binding';

const largestAnswer = 64 * 1024 * 1024;

/** An unusable body; a retry would return the same. */
export class BadBody extends Error {}

/** A whole body. Throws a `BadBody` when it is larger than any API response should be. */
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

/** JSON with exact numbers, or nothing if it is not JSON. Throws a `BadBody` for JSON that would take far more memory than its size. */
export function parseBody(bytes: Buffer): unknown {
  if (isDense(bytes)) throw new BadBody(`the answer of ${bytes.length} bytes contains more objects and lists than any API returns`);
  return isUtf8(bytes) ? parse(bytes.toString('utf8')) : undefined;
}

/** JSON with exact numbers, or nothing if it is not JSON. */
export function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** How many objects and lists any response may have, plus one per so many bytes: an empty object takes 3 bytes here, 100 in memory. */
const few = 0x1_0000;
const dense = 16;
const [brace, bracket] = [0x7b, 0x5b];

function isDense(bytes: Buffer): boolean {
  const most = few + Math.floor(bytes.length / dense);
  if (bytes.length <= most) return false;
  let count = 0;
  // An index: an iterator would make an object for each byte.
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] === brace || bytes[at] === bracket) count += 1;
  return count > most;
}
