import { type FastifyReply } from 'fastify';
import { type Context } from '../context';
import { HttpError } from '../errors';
import { formatOf } from '../formats';
import { type Exchange, sendDocument } from '../reply';
import { forward } from './forward';
import { serveLocal } from './local';
import { refuse } from './refuse';
import { serveRemote } from './remote';
import { type Served, type ServedRequest } from './served';
import { serveVirtual } from './virtual';

/** Answers a request to a repository; an error has the form that clients of its package type show to their users. */
export async function serve(context: Context, exchange: Exchange, wanted: ServedRequest): Promise<FastifyReply> {
  try {
    await answer(context, exchange, wanted);
  } catch (cause) {
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
  for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name);
  sendDocument(request, reply.headers(error.headers), { ...problem(error, path.path), status: error.status });
  return true;
}

async function answer(context: Context, exchange: Exchange, { served, ...wanted }: ServedRequest): Promise<void> {
  const { method } = exchange.request;
  if (served.kind === 'local') return serveLocal(context, exchange, { served, ...wanted });
  if (method !== 'GET' && method !== 'HEAD') {
    if (await forward(context, exchange, { served, ...wanted })) return;
    if (served.kind === 'virtual' && served.own) return serveLocal(context, exchange, { served: served.own, ...wanted });
    return refuse(context, served);
  }
  if (served.kind === 'remote') return serveRemote(context, exchange, { served, ...wanted });
  return serveVirtual(context, exchange, { served, ...wanted });
}
