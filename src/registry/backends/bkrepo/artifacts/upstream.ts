import { reasonOf } from '../../../errors';
import { type Found } from '../../../proxy/engine';
import { UpstreamError } from '../../../proxy/upstream-error';
import { type ByteRange } from '../../../store/blobs';
import { type BkContext } from '../context';
import { type Repository } from '../model';
import { cacheOf, remoteOf, type Source } from '../sources';
import { Changes } from './changes';
import { type Node, type NodeKey } from './node';
import { receive } from './receive';

/** A file that an upstream is asked for. */
export interface Fetch {
  readonly repository: Repository;
  readonly source: Source;
  readonly place: NodeKey;
  readonly by: string;
}

/** A file that is arriving from an upstream. */
export interface ArrivingFile {
  readonly contentType: string;
  readonly length: number | undefined;
  /** The bytes, or a part of them; the last of the whole come once the file is kept. */
  open(range?: ByteRange): AsyncIterable<Buffer>;
}

/** Whether a kept file may still be answered with. */
export function isFresh({ created_at }: Node, expiration: number, now: number): boolean {
  return expiration <= 0 || now - Date.parse(`${created_at}Z`) < expiration * 60_000;
}

/** Begins to fetch a file and keeps it as a node on the way; undefined when the upstream does not have it, an error when it fails. */
export async function fetchFrom(context: BkContext, fetch: Fetch): Promise<ArrivingFile | undefined> {
  try {
    const found = await context.engine.get(wantedOf(fetch));
    return 'download' in found ? arriving(context, fetch, found) : undefined;
  } catch (cause) {
    return notFound(context, fetch, cause);
  }
}

/** Asks for the headers of a file only. */
export async function headFrom(context: BkContext, fetch: Fetch): Promise<Omit<ArrivingFile, 'open'> | undefined> {
  try {
    const found = await context.engine.head(wantedOf(fetch));
    if (!('answer' in found)) return undefined;
    return { contentType: found.answer.header('content-type'), length: found.answer.length };
  } catch (cause) {
    return notFound(context, fetch, cause);
  }
}

/** Only 404 and 410 say that an upstream does not have a file; after anything else the next one must not answer for it. */
function notFound(context: BkContext, { repository, source }: Fetch, cause: unknown): undefined {
  if (cause instanceof UpstreamError && cause.isAbsence) return undefined;
  context.logger.warn('an upstream did not answer', { repository: repository.name, source: source.name, reason: reasonOf(cause) });
  throw cause;
}

function arriving(context: BkContext, fetch: Fetch, found: Found & { download: unknown }): ArrivingFile {
  const { download } = found as Extract<Found, { download: unknown }>;
  const { answer } = download;
  const keeps = found.source === 'remote' && cacheOf(fetch.repository).enabled;
  const kept = keeps ? download.done.then(({ hash }) => keep(context, fetch, hash)) : Promise.resolve();
  const settled = kept.catch((cause: unknown) =>
    context.logger.warn('a fetched file was not kept', { path: fetch.place.path, reason: reasonOf(cause) }),
  );
  const open = (range?: ByteRange) => (range ? download.read(range) : delayed(download.read(), settled));
  return { contentType: answer.header('content-type'), length: answer.length, open };
}

async function keep(context: BkContext, { place, by }: Fetch, hash: string): Promise<void> {
  const received = await receive(context.store.blobs, await context.store.blobs.read(hash));
  await Changes.run(context, by, (changes) => changes.putFile(place, { ...received, metadata: [], expires: 0, overwrite: true }));
}

/** Holds the last piece back until a promise settles. */
async function* delayed(pieces: AsyncIterable<Buffer>, settled: Promise<void>): AsyncGenerator<Buffer, void> {
  let held: Buffer | undefined;
  for await (const piece of pieces) {
    if (held) yield held;
    held = piece;
  }
  await settled;
  if (held) yield held;
}

function wantedOf({ repository, source, place }: Fetch) {
  // Files are kept as nodes, and not by the proxy.
  const remote = { ...remoteOf(repository, source, 'generic'), mutable_ttl: 0, owner: { keeps: () => Promise.resolve(false) } };
  return { remote, path: place.path.slice(1), query: '', accept: '*/*', insists: true };
}
