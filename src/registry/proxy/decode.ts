import { brotliDecompressSync, constants, gunzipSync, inflateSync } from 'node:zlib';

/** The largest index that is read into memory. */
export const LIMIT = 256 << 20;

/** What a body may become by decoding, as a multiple of its own length: texts compress to a tenth or so, bombs to a thousandth. */
const GROWTH = 100;
const ROOM = 1 << 20;
const limitOf = ({ length }: Buffer) => Math.min(LIMIT, ROOM + length * GROWTH);

type Decoder = (body: Buffer, part?: 'start') => Buffer;

const unzip =
  (decode: typeof gunzipSync): Decoder =>
  (body, part) =>
    decode(body, { maxOutputLength: limitOf(body), ...(part && { finishFlush: constants.Z_SYNC_FLUSH }) });

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: unzip(gunzipSync),
  'x-gzip': unzip(gunzipSync),
  deflate: unzip(inflateSync),
  br: (body, part) =>
    brotliDecompressSync(body, { maxOutputLength: limitOf(body), ...(part && { finishFlush: constants.BROTLI_OPERATION_FLUSH }) }),
};

/** A body as it was before the upstream encoded it, which it may do unasked. */
export function decoded(body: Buffer, encoding: string, part?: 'start'): Buffer {
  return encoding
    .toLowerCase()
    .split(/\s*,\s*/)
    .reduceRight((data, name) => DECODERS[name]?.(data, part) ?? data, body);
}

/** The beginning of such a body, as far as it can be decoded. */
export function decodedStart(start: Buffer, encoding: string): Buffer {
  try {
    return decoded(start, encoding, 'start');
  } catch {
    return start;
  }
}
