import { HttpError } from '../errors';
import { formatOf } from '../formats';
import { type UpstreamDocument } from '../formats/format';
import { readWhole } from '../store/blobs';
import { type Store } from '../store/store';
import { meaningfulHeaders } from './answer-headers';
import { decoded, LIMIT } from './decode';
import { type RemoteRequest, urlOf } from './admission';
import { type Found } from './engine';
import { UpstreamError } from './upstream-error';

/** A whole object in memory, decoded. */
export type Collected = UpstreamDocument & { readonly hash: string };

/** Tells what an object is made of without reading it; waits for one that is still arriving. */
export async function identify(wanted: RemoteRequest, found: Found): Promise<Pick<Collected, 'hash' | 'url'>> {
  if ('row' in found) return { hash: found.row.hash, url: found.row.url || urlOf(wanted) };
  const { hash } = await found.download.done;
  return { hash, url: found.download.answer.url };
}

/** Reads a whole index; waits for one that is still arriving. */
export async function collect({ blobs }: Pick<Store, 'blobs'>, wanted: RemoteRequest, found: Found): Promise<Collected> {
  const blob = 'row' in found ? found.row : await found.download.done;
  if (blob.size > LIMIT) throw new HttpError(502, `the index at ${wanted.path} is larger than ${LIMIT} bytes`);
  const { headers, encoding, ...facts } = factsOf(wanted, found);
  const header = (name: string) => headers[name] ?? '';
  return {
    ...facts,
    path: wanted.path,
    hash: blob.hash,
    header,
    body: readable(wanted, (await blobs.small(blob)) ?? (await readWhole(blobs, blob.hash)), encoding),
  };
}

function factsOf(wanted: RemoteRequest, found: Found) {
  if ('row' in found) {
    const { status, url, content_type: contentType, content_encoding: encoding, headers } = found.row;
    return { status, url: url || urlOf(wanted), contentType, encoding, headers: JSON.parse(headers) as Record<string, string> };
  }
  const { answer } = found.download;
  const headers = meaningfulHeaders(answer, formatOf(wanted.remote.package_type));
  const [contentType, encoding] = [answer.header('content-type'), answer.header('content-encoding')];
  return { status: answer.status, url: answer.url, contentType, encoding, headers };
}

function readable({ remote }: RemoteRequest, body: Buffer, encoding: string): Buffer {
  try {
    return decoded(body, encoding);
  } catch (cause) {
    throw new UpstreamError(remote, 'sent a body that cannot be decoded', { cause });
  }
}
