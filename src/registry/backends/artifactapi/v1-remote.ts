import { Readable } from 'node:stream';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Context } from '../../context';
import { HttpError, reasonOf } from '../../errors';
import { formatOf } from '../../formats';
import { having } from '../../formats/format';
import { collect } from '../../proxy/collect';
import { type Found, type Wanted } from '../../proxy/engine';
import { type UpstreamAnswer } from '../../proxy/upstream';
import { sendDocument, sendFile, type StoredFile } from '../../reply';
import { requestPath } from '../../request-path';
import { type Remote } from '../../store/repositories';
import { type ArtifactRow } from '../../store/tables';
import { placeOf, publicUrl } from './places';

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply };

/** `/api/v1/remote/{name}/{path}`: objects of upstreams, cached. */
export function v1Remote(app: FastifyInstance, context: Context): void {
  app.route<{ Params: { name: string } }>({
    method: ['GET', 'HEAD'],
    url: '/api/v1/remote/:name/*',
    handler: async (request, reply) => {
      const remote = await context.store.repositories.remote(request.params.name);
      if (remote?.repo_type !== 'remote') throw new HttpError(404, `remote ${JSON.stringify(request.params.name)} not found`);
      await serveRemote(context, { request, reply }, wantedOf(request, remote));
      return reply;
    },
  });
}

function wantedOf(request: FastifyRequest, remote: Remote): Wanted {
  const { path, raw, query } = requestPath(request);
  return { remote, path, rawPath: raw, query, accept: request.headers.accept ?? '' };
}

/** Answers a request with an object of a remote. */
export async function serveRemote(context: Context, exchange: Exchange, wanted: Wanted): Promise<void> {
  const rewrite = having(formatOf(wanted.remote.package_type).rewrite, context.strict);
  if (rewrite?.covers(wanted.path))
    return serveRewritten(context, exchange, { ...wanted, accept: rewrite.accept?.(wanted.accept) ?? wanted.accept });
  if (exchange.request.method === 'HEAD') return serveHead(context, exchange, wanted);
  sendFound(context, exchange, await context.engine.get(wanted));
}

/** Sends what the engine found: a stored file, or an arriving one while it is stored. */
export function sendFound(context: Context, exchange: Exchange, found: Found): void {
  const { reply } = exchange;
  reply.header('x-artifact-source', found.source);
  if ('row' in found) {
    const bytes = sendFile(exchange, context.store.blobs, presented(found.row));
    context.store.artifacts.hit(found.key, bytes);
    return;
  }
  const { answer } = found.download;
  headersOf(reply, answer);
  void found.download.done.then(
    (blob) => context.store.artifacts.hit(found.key, blob.size),
    () => undefined,
  );
  reply.send(Readable.from(found.download.read(), { objectMode: false }));
}

async function serveRewritten(context: Context, exchange: Exchange, wanted: Wanted): Promise<void> {
  const { request, reply } = exchange;
  const found = await context.engine.get(wanted);
  const { hash, ...index } = await collect(context.store, wanted, found);
  const place = placeOf(publicUrl(context, request), wanted.remote);
  const rewrite = formatOf(wanted.remote.package_type).rewrite;
  try {
    const accept = request.headers.accept ?? '';
    const document = await context.indexes.get([wanted.path, accept, place, index.url, hash], () => {
      if (!rewrite) throw new Error('no rewriting');
      return rewrite.make({ path: wanted.path, self: place, accept, strict: context.strict }, { ...index, place });
    });
    context.store.artifacts.hit(found.key, document.body.length);
    sendDocument(request, reply.header('x-artifact-source', found.source), document);
  } catch (cause) {
    context.logger.warn('an index could not be rewritten', { remote: place.name, path: wanted.path, reason: reasonOf(cause) });
    sendFound(context, exchange, found);
  }
}

async function serveHead(context: Context, exchange: Exchange, wanted: Wanted): Promise<void> {
  const result = await context.engine.head(wanted);
  const { reply } = exchange;
  if ('row' in result) {
    reply.header('x-artifact-source', 'cache');
    sendFile(exchange, context.store.blobs, presented(result.row));
    return;
  }
  headersOf(reply.header('x-artifact-source', 'remote'), result.answer);
  reply.send(Readable.from([]));
}

function headersOf(reply: FastifyReply, answer: UpstreamAnswer): void {
  reply.header('content-type', answer.header('content-type') || 'application/octet-stream');
  for (const name of ['content-encoding', 'last-modified']) if (answer.header(name)) reply.header(name, answer.header(name));
  if (answer.length !== undefined) reply.header('content-length', answer.length);
}

function presented(row: ArtifactRow): StoredFile {
  const { hash, size, content_type: contentType, content_encoding: contentEncoding, last_modified: lastModified } = row;
  return { hash, size, contentType, contentEncoding, lastModified };
}
