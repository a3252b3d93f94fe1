import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { HttpError, reasonOf } from '../errors';
import { type BlobStore } from '../store/blobs';
import { type Found } from './engine';

/** The largest index that is read into memory. */
const LIMIT = 256 << 20;
const DECODERS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: (body) => gunzipSync(body, { maxOutputLength: LIMIT }),
  'x-gzip': (body) => gunzipSync(body, { maxOutputLength: LIMIT }),
  deflate: (body) => inflateSync(body, { maxOutputLength: LIMIT }),
  br: (body) => brotliDecompressSync(body, { maxOutputLength: LIMIT }),
};

/** A whole object in memory, decoded. */
export interface Collected {
  readonly hash: string;
  readonly body: Buffer;
}

/** Reads an index whole; waits for it when it is still arriving. */
export async function collect(blobs: BlobStore, found: Found): Promise<Collected> {
  const blob = 'row' in found ? found.row : await found.download.done.catch(brokenOff);
  if (blob.size > LIMIT) throw new HttpError(502, `the index at ${found.key.path} is larger than ${LIMIT} bytes`);
  const encoding = 'row' in found ? found.row.content_encoding : found.download.answer.header('content-encoding');
  const chunks: Buffer[] = [];
  for await (const chunk of blobs.read(blob.hash)) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return { hash: blob.hash, body: DECODERS[encoding.toLowerCase()]?.(body) ?? body };
}

function brokenOff(cause: Error): never {
  throw new HttpError(502, `the upstream broke off: ${reasonOf(cause)}`);
}
