import { Readable } from 'node:stream';
import { type Context } from '../context';
import { HttpError } from '../errors';
import { formatOf } from '../formats';
import { enabledCapability, type RepositoryLocation } from '../formats/format';
import { meaningfulHeaders } from '../proxy/answer-headers';
import { noteSource } from '../operations/facts';
import { collect, identify } from '../proxy/collect';
import { type Found, type RemoteRequest } from '../proxy/engine';
import { type UpstreamAnswer } from '../proxy/upstream';
import { UpstreamError } from '../proxy/upstream-error';
import { type Exchange, type Presentation, sendDocument, sendServed, STALE, storedBytes } from '../reply';
import { BlobMissing } from '../store/blobs';
import { type ArtifactRow } from '../store/tables';
import { type ServedRemote, type ServedRequest } from './served';

/** A request to a remote, perhaps as a member of another repository. */
interface RemoteTarget extends Pick<ServedRequest<ServedRemote>, 'served' | 'path'> {
  /** The repository that the client talks to. @default the remote */
  readonly self?: RepositoryLocation;
  readonly insists?: boolean;
}

/** Answers with an object of an upstream, cached. */
export async function serveRemote(context: Context, exchange: Exchange, target: RemoteTarget): Promise<void> {
  const { served, path, self = served.location, insists = false } = target;
  const wanted: RemoteRequest = { remote: served.remote, ...path, accept: exchange.request.headers.accept ?? '', insists };
  const rewrite = enabledCapability(formatOf(served.packageType).rewrite, context.strict);
  if (!rewrite?.covers(wanted.path)) return serveObject(context, exchange, wanted);
  return serveRewritten(context, exchange, {
    served,
    self,
    wanted: { ...wanted, accept: rewrite.accept?.(wanted.accept) ?? wanted.accept },
  });
}

/** Answers with an object of a remote as it is. */
async function serveObject(context: Context, exchange: Exchange, wanted: RemoteRequest): Promise<void> {
  if (exchange.request.method === 'HEAD') return serveHead(context, exchange, wanted);
  try {
    return await sendFound(context, exchange, { wanted, found: await context.engine.get(wanted) });
  } catch (cause) {
    if (!(cause instanceof BlobMissing)) throw cause;
    // It was evicted since it was found.
    return sendFound(context, exchange, { wanted, found: await context.engine.get(wanted) });
  }
}

/** Sets the headers that say where an answer came from and whether it is stale. */
export function markSource({ request, reply }: Exchange, { source, stale }: Pick<Found, 'source' | 'stale'>): void {
  noteSource(request.raw, stale !== undefined ? 'stale' : source === 'cache' ? 'hit' : 'miss');
  reply.header('x-artifact-source', source);
  // What was found before may have been another copy, which is gone.
  if (stale === undefined) reply.removeHeader('warning').removeHeader('x-artifact-stale');
  else reply.headers({ warning: STALE, 'x-artifact-stale': 'true' });
}

/** Sends what the engine found: a stored file, or an arriving one while it is stored. */
async function sendFound(context: Context, exchange: Exchange, { wanted, found }: { wanted: RemoteRequest; found: Found }): Promise<void> {
  const { store } = context;
  markSource(exchange, found);
  if ('row' in found) {
    const { row } = found;
    return store.artifacts.hit(found.key, (await sendServed(exchange, presentedRow(row), storedBytes(store.blobs, row))) ?? 0);
  }
  const { download } = found;
  const open = (range?: { start: number; end: number }) => Readable.from(download.read(range), { objectMode: false });
  const { tag: etag, length: size } = download.answer;
  const sent = await sendServed(exchange, presentedAnswer(wanted, download.answer), { etag, size, open });
  void download.done.then(
    (blob) => store.artifacts.hit(found.key, sent ?? blob.size),
    () => undefined,
  );
}

async function serveRewritten(
  context: Context,
  exchange: Exchange,
  { served, self, wanted }: { served: ServedRemote; self: RepositoryLocation; wanted: RemoteRequest },
): Promise<void> {
  const { request, reply } = exchange;
  const { location, packageType } = served;
  const found = await context.engine.get(wanted);
  const { hash, url } = await identify(wanted, found);
  const accept = request.headers.accept ?? '';
  const make = async () => {
    const { hash: _hash, ...index } = await collect(context.store, wanted, found);
    return formatOf(packageType).rewrite?.make({ path: wanted.path, self, accept, strict: context.strict }, { ...index, location });
  };
  const document = await context.indexes
    .get(
      self.name,
      [wanted.path, accept, location, self, url, hash],
      async () => (await make()) ?? Promise.reject(new Error('no rewriting')),
    )
    .catch((cause: unknown) => {
      if (cause instanceof HttpError || cause instanceof BlobMissing) throw cause;
      throw new UpstreamError(wanted.remote, `sent something other than ${JSON.stringify(wanted.path)}`, { cause });
    });
  context.store.artifacts.hit(found.key, document.body.length);
  markSource(exchange, found);
  sendDocument(request, reply, document);
}

async function serveHead(context: Context, exchange: Exchange, wanted: RemoteRequest): Promise<void> {
  const result = await context.engine.head(wanted);
  if ('row' in result) {
    markSource(exchange, { source: 'cache', ...(result.stale !== undefined && { stale: result.stale }) });
    await sendServed(exchange, presentedRow(result.row), storedBytes(context.store.blobs, result.row));
    return;
  }
  const { answer, tag: etag } = result;
  markSource(exchange, { source: 'remote' });
  await sendServed(exchange, presentedAnswer(wanted, answer), { etag, size: answer.length, open: () => Readable.from([]) });
}

function presentedAnswer({ remote }: RemoteRequest, answer: UpstreamAnswer): Presentation {
  return {
    contentType: answer.header('content-type') || 'application/octet-stream',
    contentEncoding: answer.header('content-encoding'),
    lastModified: answer.header('last-modified'),
    status: answer.status,
    headers: meaningfulHeaders(answer, formatOf(remote.package_type)),
  };
}

const presented = new WeakMap<ArtifactRow, Presentation>();

/** How a stored row is presented, made once for as long as the row is kept in memory. */
function presentedRow(row: ArtifactRow): Presentation {
  const known = presented.get(row);
  if (known) return known;
  const made = presentationOf(row);
  presented.set(row, made);
  return made;
}

function presentationOf(row: ArtifactRow): Presentation {
  const { tag, status, content_type: contentType, content_encoding: contentEncoding, last_modified: lastModified } = row;
  const headers = JSON.parse(row.headers) as Record<string, string>;
  return { ...(tag && { etag: tag }), status, contentType, contentEncoding, lastModified, headers };
}
