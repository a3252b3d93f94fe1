import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** The largest index that is read into memory. */
export const LIMIT = 256 << 20;

const DECODERS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: (body) => gunzipSync(body, { maxOutputLength: LIMIT }),
  'x-gzip': (body) => gunzipSync(body, { maxOutputLength: LIMIT }),
  deflate: (body) => inflateSync(body, { maxOutputLength: LIMIT }),
  br: (body) => brotliDecompressSync(body, { maxOutputLength: LIMIT }),
};

/** A body as it was before the upstream encoded it, which it may do unasked. */
export function decoded(body: Buffer, encoding: string): Buffer {
  return encoding
    .toLowerCase()
    .split(/\s*,\s*/)
    .reduceRight((data, name) => DECODERS[name]?.(data) ?? data, body);
}
