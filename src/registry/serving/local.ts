import { type FastifyRequest } from 'fastify';
import { principalOf } from '../access/principal';
import { arrivingAt, readBytes } from '../body';
import { type Context } from '../context';
import { HttpError } from '../errors';
import { formatOf } from '../formats';
import { type Answer, type Document, enabledCapability, type RouteRequest } from '../formats/format';
import { type Exchange, sendDocument, sendGenerated } from '../reply';
import { type ServedLocal, type ServedRequest } from './served';

/** Answers a request to a repository with files of its own: those, its generated indexes, and what else its package type has. */
export async function serveLocal(context: Context, exchange: Exchange, wanted: ServedRequest<ServedLocal>): Promise<void> {
  const { served, path } = wanted;
  const request = routeRequest(context, exchange.request, wanted);
  const found = await localAnswer(context, served, request);
  // Clients that look before they upload must not be told that content is there which is lost: they could not repair it.
  const isLost = exchange.request.method === 'HEAD' && found && 'file' in found && !(await context.store.blobs.has(found.file));
  const answer = isLost ? undefined : found;
  if (answer) return void (await sendAnswer(context, exchange, { served, answer }));
  if (request.method !== 'GET') throw new HttpError(404, '404 page not found');
  throw new HttpError(404, `file ${JSON.stringify(path.path)} not found in ${JSON.stringify(served.location.name)}`);
}

/** Sends what a repository answers with. */
export async function sendAnswer(
  { store }: Context,
  exchange: Exchange,
  { served, answer }: { served: ServedLocal; answer: Answer },
): Promise<unknown> {
  if ('file' in answer && answer.isGenerated) return sendGenerated(exchange, store.blobs, answer.file);
  return 'file' in answer ? served.send(exchange, answer) : sendDocument(exchange.request, exchange.reply, answer);
}

/** What a repository answers to a request: by a route, with an index, or with a file; undefined if it has nothing. */
export async function localAnswer(context: Context, served: ServedLocal, request: RouteRequest): Promise<Answer | undefined> {
  const routes = enabledCapability(formatOf(served.packageType).routes, context.strict);
  if (routes?.covers(request.method, request.path)) {
    const answer = await routes.answer(request, served.repository);
    if (answer) return answer;
  }
  if (request.method !== 'GET') return undefined;
  const index = await generated(context, served, request);
  if (index) return index;
  const file = await served.repository.find(request.path);
  return file && { file };
}

/** A request that a virtual makes to a member of its own accord. */
export function memberRequest(context: Context, request: FastifyRequest, wanted: ServedRequest<ServedLocal>): RouteRequest {
  const nothing = { body: () => Promise.resolve(Buffer.alloc(0)), content: () => noContent() };
  return { ...routeRequest(context, request, wanted), ...nothing, method: 'GET' };
}

function routeRequest(context: Context, request: FastifyRequest, wanted: ServedRequest<ServedLocal>): RouteRequest {
  const { served, path, root } = wanted;
  return {
    method: request.method === 'HEAD' ? 'GET' : request.method,
    path: path.path,
    query: new URLSearchParams(path.query),
    self: served.location,
    root,
    address: addressOf(request, wanted),
    accept: request.headers.accept ?? '',
    strict: context.strict,
    given: context.given,
    signer: context.signer,
    user: principalOf(request).name,
    registryKey: (name, make) => context.store.signingKeys.getOrMake(name, make),
    header: (name) => [request.headers[name]].flat()[0] ?? '',
    body: (limit) => readBytes(request, limit),
    content: () => arrivingAt(context.store.room, request),
  };
}

/** A proxy may have taken the beginning of the path that clients see, but not of one that they insist on. */
function addressOf(request: FastifyRequest, { root, byFront }: ServedRequest): string {
  const [path = ''] = (request.raw.url ?? '').split('?');
  return byFront ? path : new URL(root).pathname.replace(/\/$/, '') + path;
}

async function* noContent(): AsyncGenerator<Uint8Array, void> {
  // Nothing is sent to a member.
}

async function generated(context: Context, { packageType, repository }: ServedLocal, request: RouteRequest): Promise<Document | undefined> {
  const index = enabledCapability(formatOf(packageType).localIndex, context.strict);
  if (!index?.covers(request.path)) return undefined;
  const { path, accept, strict, self } = request;
  const inputs = [path, accept, strict, await repository.revision()];
  const make = async () => {
    const files = await repository.list(index.within?.(path) ?? '');
    return index.make({ path, accept, strict, self }, files) ?? Promise.reject(new NoIndex());
  };
  return repository.kept(inputs, make).catch((cause: unknown) => {
    if (cause instanceof NoIndex) return undefined;
    throw cause;
  });
}

/** The format generates nothing at a path, such as the page of a project that has no files. */
class NoIndex extends Error {}
