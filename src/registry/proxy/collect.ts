import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { HttpError, reasonOf } from '../errors';
import { formatOf } from '../formats';
import { type UpstreamDocument } from '../formats/format';
import { type Store } from '../store/store';
import { meaningfulHeaders } from './answer-headers';
import { type Found, urlOf, type Wanted } from './engine';

/** The largest index that is read into memory. */
const LIMIT = 256 << 20;
const DECODERS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: (body) => gunzipSync(body, { maxOutputLength: LIMIT }),
  'x-gzip': (body) => gunzipSync(body, { maxOutputLength: LIMIT }),
  deflate: (body) => inflateSync(body, { maxOutputLength: LIMIT }),
  br: (body) => brotliDecompressSync(body, { maxOutputLength: LIMIT }),
};

/** A whole object in memory, decoded. */
export type Collected = UpstreamDocument & { readonly hash: string };

/** Reads an index whole; waits for it when it is still arriving. */
export async function collect({ blobs }: Pick<Store, 'blobs'>, wanted: Wanted, found: Found): Promise<Collected> {
  const blob = 'row' in found ? found.row : await found.download.done.catch(brokenOff);
  if (blob.size > LIMIT) throw new HttpError(502, `the index at ${wanted.path} is larger than ${LIMIT} bytes`);
  const facts = factsOf(wanted, found);
  const chunks: Buffer[] = [];
  for await (const chunk of blobs.read(blob.hash)) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const header = (name: string) => facts.headers[name] ?? '';
  return { ...facts, path: wanted.path, hash: blob.hash, header, body: DECODERS[facts.encoding.toLowerCase()]?.(body) ?? body };
}

function factsOf(wanted: Wanted, found: Found) {
  if ('row' in found) {
    const { status, url, content_type: contentType, content_encoding: encoding, headers } = found.row;
    return { status, url: url || urlOf(wanted), contentType, encoding, headers: JSON.parse(headers) as Record<string, string> };
  }
  const { answer } = found.download;
  const headers = meaningfulHeaders(answer, formatOf(wanted.remote.package_type));
  const [contentType, encoding] = [answer.header('content-type'), answer.header('content-encoding')];
  return { status: answer.status, url: answer.url, contentType, encoding, headers };
}

function brokenOff(cause: Error): never {
  throw new HttpError(502, `the upstream broke off: ${reasonOf(cause)}`);
}
