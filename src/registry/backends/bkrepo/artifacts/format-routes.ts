import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { readBytes } from '../../../body';
import { HttpError } from '../../../errors';
import { formatOf, PACKAGE_TYPES } from '../../../formats';
import { enabledCapability, type Format, type RouteRequest } from '../../../formats/format';
import { sendDocument } from '../../../reply';
import { type Action } from '../authorize';
import { type BkContext } from '../context';
import { BkProblem, problem } from '../problem';
import { publicRoot } from '../root';
import { download } from './download';
import { formatRepository } from './format-repository';
import { type Exchange } from './send';
import { normalizePath } from './paths';
import { admitted, placeOf, type Target } from './target';

/** The number of slashes before the path of `/{format}/{project}/{repository}/{path}`. */
const BEFORE_PATH = 4;
const ACTIONS: Readonly<Record<string, Action>> = { GET: 'READ', HEAD: 'READ', POST: 'READ', PUT: 'WRITE', DELETE: 'DELETE' };

/** `/{format}/{project}/{repository}/{path}`: local repositories of the package types that have routes of their own. */
export function formatRoutes(app: FastifyInstance, context: BkContext): void {
  for (const format of PACKAGE_TYPES.map(formatOf)) {
    if (!enabledCapability(format.routes, context.strict)) continue;
    app.route({
      method: Object.keys(ACTIONS),
      // What begins with `ext` is about packages of any type.
      url: `/${format.packageType}/:project(^(?!ext$)[^/]+$)/:repo/*`,
      handler: async (request, reply) => {
        try {
          return await answer(context, { request, reply }, format);
        } catch (cause) {
          if (!format.problem || !(cause instanceof BkProblem || cause instanceof HttpError)) throw cause;
          if (cause.status === 401) reply.header('www-authenticate', 'Basic realm="Authentication Required"');
          return sendDocument(request, reply, { ...format.problem(cause.message), status: cause.status });
        }
      },
    });
  }
}

async function answer(context: BkContext, { request, reply }: Exchange, format: Format) {
  const place = placeOf(request, BEFORE_PATH);
  const about = normalizePath(format.routes?.about(place.path.slice(1)) ?? place.path);
  const action = ACTIONS[request.method] ?? 'MANAGE';
  const at = { ...(await admitted(context, request, { place: { ...place, path: about }, action })), place };
  requireLocal(at, format);
  const wanted = routeRequest(context, request, at);
  const { routes } = format;
  const document = routes?.covers(wanted.method, wanted.path)
    ? await routes.answer(wanted, formatRepository(context, at, wanted.self))
    : undefined;
  if (document) return sendDocument(request, reply, document);
  if (wanted.method !== 'GET') throw problem('REQUEST_URL_NOT_FOUND', `Request url [${request.method} /${wanted.path}] not found`);
  return download(context, { request, reply }, at);
}

function requireLocal({ repository }: Target, { packageType }: Format): void {
  const { type, category, name } = repository;
  if (type !== packageType.toUpperCase() || category !== 'LOCAL') throw problem('REPOSITORY_NOT_FOUND', `Repository [${name}] not found`);
}

function routeRequest(context: BkContext, request: FastifyRequest, { repository, place }: Target): RouteRequest {
  const { projectId, name, type } = repository;
  const url = `${publicRoot(context, request)}/${type.toLowerCase()}/${projectId}/${name}/`;
  const [, query = ''] = (request.raw.url ?? '').split('?');
  return {
    method: request.method === 'HEAD' ? 'GET' : request.method,
    path: place.path.slice(1),
    query: new URLSearchParams(query),
    self: { name, url, upstream: url },
    accept: request.headers.accept ?? '',
    strict: context.strict,
    body: (limit) => readBytes(request, limit),
  };
}
