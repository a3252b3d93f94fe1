import { pipeline, Readable, type Transform } from 'node:stream';
import { isNativeError } from 'node:util/types';
import type * as Zlib from 'node:zlib';
import { BadBody } from './body';
import type { Transport, TransportResponse } from './transport';

/** Typed by hand, so that the library is loaded only when something has to be decoded, which is rare. */
declare function require(path: 'node:zlib'): typeof Zlib;

/** No server applies more encodings, and each costs memory. */
const mostEncodings = 4;

/**
 * A transport with decoded bodies. It requests no encoding, but a gateway that always compresses is
 * supported too. A body that cannot be decoded fails when it is read; with an error status it is empty.
 */
export function decoding(transport: Transport): Transport {
  return {
    async request({ headers, ...request }) {
      const response = await transport.request({ ...request, headers: { 'accept-encoding': 'identity', ...headers } });
      const encodings = encodingsOf(response);
      return encodings.length === 0 ? response : { ...response, body: decoded(response, encodings) };
    },
    close: () => transport.close(),
  };
}

/** The encodings of a body, the first one applied first. */
function encodingsOf({ headers }: TransportResponse): string[] {
  const header = [headers['content-encoding'] ?? []].flat().join(',').toLowerCase();
  return header.split(',').flatMap((name) => (['', 'identity'].includes(name.trim()) ? [] : [name.trim()]));
}

async function* decoded({ status, body }: TransportResponse, encodings: readonly string[]): AsyncIterable<Uint8Array> {
  try {
    if (encodings.length > mostEncodings) throw new BadBody(`the answer is encoded ${encodings.length} times`);
    yield* encodings.reduceRight(decode, body);
  } catch (thrown) {
    if (thrown instanceof BadBody && status >= 400) return;
    throw thrown;
  }
}

async function* decode(body: AsyncIterable<Uint8Array>, encoding: string): AsyncIterable<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  const first = await chunks.next();
  // An answer to HEAD, or one without a body, may name an encoding too.
  if (first.done) return;
  const decoder = decoderOf(encoding, first.value);
  // Connection errors destroy the decoder, which passes them to its reader.
  pipeline(Readable.from(from(first.value, chunks)), decoder, () => {});
  try {
    yield* decoder as AsyncIterable<Uint8Array>;
  } catch (thrown) {
    const code = isNativeError(thrown) && 'code' in thrown ? String(thrown.code) : '';
    if (!/^(Z_|ERR__|ERR_BROTLI|ERR_ZSTD|ZSTD_)/.test(code)) throw thrown;
    throw new BadBody(`the answer claims the content encoding ${encoding}, but it cannot be decoded (${code})`);
  }
}

async function* from(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}

function decoderOf(encoding: string, [head = 0]: Uint8Array): Transform {
  const zlib = require('node:zlib');
  if (encoding === 'gzip' || encoding === 'x-gzip') return zlib.createGunzip();
  // Many servers send raw deflate as "deflate"; the zlib format starts with its method number.
  if (encoding === 'deflate') return (head & 15) === 8 ? zlib.createInflate() : zlib.createInflateRaw();
  if (encoding === 'br') return zlib.createBrotliDecompress();
  if (encoding === 'zstd' && 'createZstdDecompress' in zlib) return (zlib as { createZstdDecompress(): Transform }).createZstdDecompress();
  throw new BadBody(`the answer is encoded with "${encoding.slice(0, 50)}", which Node ${process.versions.node} cannot decode`);
}
