import { type FastifyReply } from 'fastify';
import { signLinks } from '../access/links';
import { type Context } from '../context';
import { HttpError } from '../errors';
import { formatOf } from '../formats';
import { encodePath } from '../formats/links';
import { noteRepository } from '../operations/facts';
import { admit } from '../proxy/admission';
import { clearHeaders, type Exchange, sendDocument } from '../reply';
import { orStoreProblem } from '../store/full';
import { forward } from './forward';
import { serveLocal } from './local';
import { refuse } from './refuse';
import { serveRemote } from './remote';
import { type Served, type ServedRequest } from './served';
import { serveVirtual } from './virtual';

/** Answers a request to a repository; an error has the form that clients of its package type show to their users. */
export async function serve(context: Context, exchange: Exchange, wanted: ServedRequest): Promise<FastifyReply> {
  const { packageType, location } = wanted.served;
  noteRepository(exchange.request.raw, { packageType, name: location.name });
  try {
    await answer(context, exchange, wanted);
  } catch (thrown) {
    const cause = orStoreProblem(thrown);
    if (!(cause instanceof HttpError) || (context.strict && !wanted.byFront)) throw cause;
    if (!sendProblem(exchange, wanted, cause)) throw cause;
  }
  return exchange.reply;
}

/** Answers with an error in the form of a package type; returns whether that has one. */
export function sendProblem(
  { request, reply }: Exchange,
  { served, path }: { readonly served: Pick<Served, 'packageType'>; readonly path: { readonly path: string } },
  error: HttpError,
): boolean {
  const { problem } = formatOf(served.packageType);
  if (!problem) return false;
  clearHeaders(reply);
  sendDocument(request, reply.headers(error.headers), { ...problem(error, path.path), status: error.status });
  return true;
}

async function answer(context: Context, exchange: Exchange, { served, ...wanted }: ServedRequest): Promise<void> {
  const { method } = exchange.request;
  if (formatOf(served.packageType).bareLinks?.(wanted.path.path)) signLinks(exchange.request);
  const moved = context.strict ? undefined : canonicalUrl(exchange, { served, ...wanted });
  if (moved !== undefined) {
    // What is denied is denied however it is spelt.
    if (served.kind === 'remote') admit({ remote: served.remote, ...wanted.path, accept: '' });
    return void exchange.reply.redirect(moved, 301);
  }
  if (served.kind === 'local') return serveLocal(context, exchange, { served, ...wanted });
  if (method !== 'GET' && method !== 'HEAD') {
    if (await forward(context, exchange, { served, ...wanted })) return;
    if (served.kind === 'virtual' && served.own) return serveLocal(context, exchange, { served: served.own, ...wanted });
    return refuse(context, served);
  }
  if (served.kind === 'remote') return serveRemote(context, exchange, { served, ...wanted });
  return serveVirtual(context, exchange, { served, ...wanted });
}

/** Where the type's protocol sends who reads a path in another spelling than its own. */
function canonicalUrl({ request }: Exchange, { served, path: { path, query } }: ServedRequest): string | undefined {
  if ((request.method !== 'GET' && request.method !== 'HEAD') || !formatOf(served.packageType).redirects?.(path)) return undefined;
  const [raw = ''] = (request.raw.url ?? '').split('?');
  return decodeURIComponent(raw).endsWith(`/${path}`) ? undefined : served.location.url + encodePath(path) + query;
}
