import { type Socket } from 'node:net';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Context } from '../context';
import { HttpError } from '../errors';
import { unanswered } from '../operations/connection';
import { type Exchange, explain, sendText } from '../reply';
import { publicUrl } from '../public-url';
import { sendProblem } from '../serving/serve';
import { loginNeeded } from './access';
import { REFUSED } from './audit';
import { clientAddress, limitKey, strangerProblem } from './address';
import { signedLinks, takeSignature } from './links';
import { actionOf, changedPath, isReading, type RouteNeed, UNSAID, type Wish } from './need';
import { ANYBODY, forbidden, principalOf, setPrincipal } from './principal';
import { type Action, allows, allowsEvery, allowsSome } from './scopes';
import { protectPages } from './page-headers';

/** Who sends a request, as the audit log names it. */
export interface Sender {
  readonly id: string;
  readonly isAnonymous: boolean;
  /** Whether the credentials were found to be right: those of a user, or those that stand in for everybody, as clients of images get them. */
  readonly isIdentified: boolean;
}

/** How an API is guarded. */
export interface GuardOptions {
  /** The name of the API, for the record of changes. */
  readonly backend: string;
  /** Who sends a request, where the API has users of its own. @default - the registry's own logins decide */
  readonly who?: (request: FastifyRequest) => Sender;
  /** The package type of a repository, for the form of refusals. @default - plain texts */
  readonly packageTypeOf?: (repository: string) => Promise<string | undefined>;
}

const REALM = 'Basic realm="repoform registry", charset="UTF-8"';
/** How long the rest of a body may take whose request was refused: some clients read the answer only then. */
const REST_MS = 10_000;

const wishes = new WeakMap<FastifyRequest, Wish>();
/** How the sender of a request is asked for a login. */
const challenges = new WeakMap<FastifyRequest, () => string>();

/**
 * Decides, before any route runs, who may do what: the only place that does. Also limits how many requests clients send, refuses what pages
 * of other sites make browsers send, and records changes.
 */
export function guard(app: FastifyInstance, context: Context, options: GuardOptions): void {
  const { access, strict } = context;
  app.addHook('onRequest', (request, reply, done) => {
    const isOpenRead = access.isOpen && isReading(request.method);
    // A hook for the end of requests would cost every cached file; those that are read by anybody need none.
    if (!isOpenRead || options.who) watch(request, reply);
    if (isOpenRead) {
      setPrincipal(request, ANYBODY);
      return done();
    }
    const need = needOf(request, options);
    challenges.set(request, () =>
      need.login === undefined ? REALM : `Bearer realm="${publicUrl(context, request)}${need.login}",service="repoform"`,
    );
    admit(context, request, need).then(
      () => done(),
      (cause: unknown) => {
        if (!(cause instanceof HttpError)) return done(cause as Error);
        void refuse({ options, need }, { request, reply }, cause).catch((failure: unknown) => done(failure as Error));
      },
    );
  });
  if (!strict) protectPages(app);
  if (access.isRequired && options.who === undefined) signedLinks(app, context);

  function watch(request: FastifyRequest, reply: FastifyReply): void {
    // At its end, a request may have lost its connection.
    const address = clientAddress(request, context.trustForwarded);
    const { socket } = request.raw;
    reply.raw.once('close', () => {
      const { authorization } = request.headers;
      // The registry's own controls have counted for themselves.
      if (options.who && authorization !== undefined && !request.url.startsWith('/__')) {
        const { isAnonymous, isIdentified } = options.who(request);
        if (!isAnonymous) access.noteSuccess(authorization);
        else if (!isIdentified && reply.statusCode === 401) access.noteFailure(address);
      }
      record(context, options, { request, status: statusOf({ request, reply }, socket), address });
    });
  }
}

/** Refuses the sender of a request who may not do something to a repository that only the route knows. */
export function demand(request: FastifyRequest, action: Action, repository: string): void {
  wishes.set(request, { action, repository });
  if (!allows(principalOf(request).scopes, action, repository)) throw refusal(request, action, repository);
}

/** The refusal of a request whose sender may not do something: a 401 that asks for a login of who has none, else a 403. */
export function refusal(request: FastifyRequest, action: Action, repository: string): HttpError {
  const principal = principalOf(request);
  if (!principal.isAnonymous) return forbidden(principal, action, repository);
  const isClosedPart = principal.scopes.length > 0 && action === 'read' && repository !== '' && repository !== '*';
  const closed = `clients without a login may not read ${JSON.stringify(repository)}; log in, or add it to --anonymous-read`;
  const { status, message } = isClosedPart ? new HttpError(401, closed) : loginNeeded();
  const challenge = challenges.get(request);
  return new HttpError(status, message, challenge ? { 'www-authenticate': challenge() } : {});
}

function needOf(request: FastifyRequest, { who }: GuardOptions): RouteNeed {
  // The controls of faults are the registry's own, whatever the API.
  if (who && !request.url.startsWith('/__')) return { on: 'backend', ...request.routeOptions.config.access };
  return request.is404 ? { on: 'login' } : (request.routeOptions.config.access ?? UNSAID);
}

async function admit(context: Context, request: FastifyRequest, need: RouteNeed): Promise<void> {
  const { access, strict } = context;
  const address = clientAddress(request, context.trustForwarded);
  if (need.on !== 'nothing') access.admit(`address ${limitKey(address)}`);
  const { authorization } = request.headers;
  access.refuseGuesses(address, authorization);
  const problem = strict || isReading(request.method) ? undefined : strangerProblem(context, request);
  if (problem !== undefined) throw new HttpError(403, problem);
  if (need.on === 'backend') return;
  const principal = await access.admitLogin(address, authorization, () => {
    const link = authorization === undefined && access.isRequired ? takeSignature(request) : undefined;
    return link ? access.byLink(link.path, link.ticket) : access.identify(request.headers);
  });
  setPrincipal(request, principal);
  if (!principal.isAnonymous) access.admit(principal.id);
  await decide(request, need);
}

async function decide(request: FastifyRequest, need: RouteNeed): Promise<void> {
  const { action: told } = need;
  const action = typeof told === 'function' ? await told(request) : (told ?? actionOf(request.method));
  const { name = '' } = request.params as { name?: string };
  const repository = need.on === 'repository' ? name : need.on === 'every' ? '*' : '';
  wishes.set(request, { action, repository });
  const principal = principalOf(request);
  const { scopes } = principal;
  const isAllowed = {
    nothing: () => true,
    backend: () => true,
    login: () => !principal.isAnonymous || scopes.length > 0,
    some: () => allowsSome(scopes, action),
    every: () => allowsEvery(scopes, action),
    repository: () => allows(scopes, action, repository),
  }[need.on]();
  if (!isAllowed) throw refusal(request, action, repository);
}

interface Refusal {
  readonly options: GuardOptions;
  readonly need: RouteNeed;
}

/** Answers with a refusal in the form that the client shows, where that tells nothing about what the sender may not see. */
async function refuse({ options, need }: Refusal, exchange: Exchange, error: HttpError): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const challenge = challenges.get(request)?.() ?? REALM;
  const told = error.status === 401 ? new HttpError(401, error.message, { ...error.headers, 'www-authenticate': challenge }) : error;
  letGo(request);
  const packageType = need.packageType ?? (need.isContent ? await shownType(request, options) : undefined);
  if (packageType !== undefined && sendProblem(exchange, { served: { packageType }, path: { path: '' } }, told)) return reply;
  explain(reply, told.message);
  return sendText(reply.headers(told.headers), told.status, told.message);
}

/** The package type of the repository that a request is about, if its sender may know of it. */
async function shownType(request: FastifyRequest, { packageTypeOf }: GuardOptions): Promise<string | undefined> {
  const { repository = '' } = wishes.get(request) ?? {};
  return allows(principalOf(request).scopes, 'read', repository) ? packageTypeOf?.(repository) : undefined;
}

/** Does not wait for the body of a refused request for ever. */
function letGo({ raw }: FastifyRequest): void {
  if (raw.complete) return;
  setTimeout(() => raw.complete || raw.socket.destroy(), REST_MS).unref();
}

/** The status of the answer; of a request that ended without one, what its sender was told instead. */
function statusOf({ request, reply }: Exchange, socket: Socket): number {
  const { raw } = reply;
  // What was answered was done, whether or not the client has stayed to read it; of a part of a body, nothing was done.
  return raw.writableFinished || (raw.headersSent && request.raw.complete) ? reply.statusCode : unanswered(request.raw, raw, socket);
}

function record(
  { access }: Context,
  { backend, who }: GuardOptions,
  { request, status, address }: { request: FastifyRequest; status: number; address: string },
): void {
  const { method } = request;
  const { action = '', repository = '' } = wishes.get(request) ?? {};
  // What is refused because there is too much of it would fill the record.
  const isNoise = isReading(method) || action === 'read' || request.routeOptions.config.access?.changesNothing || status === 429;
  if (isNoise || request.url.startsWith('/__')) return;
  const sender = who?.(request) ?? principalOf(request);
  const entry = {
    at: new Date().toISOString(),
    backend,
    who: sender.id,
    address,
    method,
    path: changedPath(request),
    ...{ action, repository, status },
  };
  if (sender.isAnonymous && status >= REFUSED) access.audit.recordRefusal(entry);
  else access.audit.record(entry);
}
