import { createHash } from 'node:crypto';
import type { Digest } from '../schema/binding';

const largestAnswer = 64 * 1024 * 1024;

/** A body as text. Throws when it is larger than any answer of an API should be. */
export async function bodyText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestAnswer)
      throw Object.assign(new Error(`the answer is larger than ${largestAnswer / 1024 / 1024} MiB`), { code: 'ETOOLARGE' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
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

/** JSON, or nothing when it is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
