import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { HttpError } from '../../../errors';
import { formatOf, PACKAGE_TYPES } from '../../../formats';
import { enabledCapability, type FileAnswer, type Format } from '../../../formats/format';
import { type Exchange, sendFile } from '../../../reply';
import { fronts, type FrontRequest } from '../../../serving/fronts';
import { sendProblem, serve } from '../../../serving/serve';
import { type Served } from '../../../serving/served';
import { type Action } from '../authorize';
import { type BkContext } from '../context';
import { BkProblem, problem } from '../problem';
import { REPOSITORY_TYPES } from '../repository-fields';
import { publicRoot } from '../root';
import { formatRepository } from './format-repository';
import { intercept } from './interceptors';
import { Nodes } from './nodes';
import { normalizePath } from './paths';
import { checksumHeaders } from './send';
import { admitted, nodeNotFound, placeOf, type Target } from './target';

/** The number of slashes before the path of `/{format}/{project}/{repository}/{path}`. */
const BEFORE_PATH = 4;
const ACTIONS: Readonly<Record<string, Action>> = {
  GET: 'READ',
  HEAD: 'READ',
  POST: 'WRITE',
  PUT: 'WRITE',
  PATCH: 'WRITE',
  DELETE: 'DELETE',
};

/** `/{format}/{project}/{repository}/{path}`, and the URLs that package types insist on: local repositories of types with routes of their own. */
export function formatRoutes(app: FastifyInstance, context: BkContext): void {
  const packageTypes = PACKAGE_TYPES.filter((type) => REPOSITORY_TYPES.includes(type.toUpperCase()));
  for (const format of packageTypes.map(formatOf)) {
    const { packageType } = format;
    if (!enabledCapability(format.routes, context.strict)) continue;
    // What begins with `ext` is about packages of any type.
    const url = `/${packageType}/:project(^(?!ext$)[^/]+$)/:repo`;
    for (const each of [url, `${url}/*`]) {
      app.route({
        method: Object.keys(ACTIONS),
        url: each,
        handler: async (request, reply) => {
          const { path } = placeOf(request, BEFORE_PATH);
          const [, query = ''] = (request.raw.url ?? '').split('?');
          return answer(context, { request, reply }, { packageType, path: { path: path.slice(1), query } });
        },
      });
    }
  }
  fronts(app, {
    strict: context.strict,
    packageTypes,
    repository: ':project/:repo',
    answer: (exchange, wanted) => answer(context, exchange, { ...wanted, byFront: true }),
  });
}

async function answer(context: BkContext, exchange: Exchange, { byFront = false, ...wanted }: FrontRequest & { byFront?: boolean }) {
  const { packageType, path } = wanted;
  try {
    const at = await targetOf(context, exchange.request, wanted);
    const served = servedRepository(context, exchange.request, at);
    return await serve(context, exchange, { served, path, root: publicRoot(context, exchange.request), byFront });
  } catch (cause) {
    if (!(cause instanceof BkProblem || cause instanceof HttpError)) throw cause;
    const headers = cause.status === 401 ? { 'www-authenticate': 'Basic realm="Authentication Required"' } : {};
    if (!sendProblem(exchange, { served: { packageType }, path }, new HttpError(cause.status, cause.message, headers))) throw cause;
    return exchange.reply;
  }
}

/** What a request is about, once its sender may do that. */
async function targetOf(context: BkContext, request: FastifyRequest, { packageType, path }: FrontRequest): Promise<Target> {
  const format = formatOf(packageType);
  const { project = '', repo = '' } = request.params as { project?: string; repo?: string };
  const about = format.routes?.about(path.path) ?? path.path;
  const place = { project, repo, path: normalizePath(about) };
  const { method } = request;
  const action = format.routes?.reads?.(method, path.path) ? 'READ' : (ACTIONS[method] ?? 'MANAGE');
  const target = await admitted(context, request, { place, action });
  requireLocal(target, format);
  return { ...target, place: { ...place, path: normalizePath(path.path) } };
}

function requireLocal({ repository }: Target, { packageType }: Format): void {
  const { type, category, name } = repository;
  if (type !== packageType.toUpperCase() || category !== 'LOCAL') throw problem('REPOSITORY_NOT_FOUND', `Repository [${name}] not found`);
}

function servedRepository(context: BkContext, request: FastifyRequest, target: Target): Served {
  const { projectId, name, type } = target.repository;
  const url = `${publicRoot(context, request)}/${type.toLowerCase()}/${projectId}/${name}/`;
  const location = { name, url, upstream: url };
  return {
    kind: 'local',
    packageType: type.toLowerCase(),
    location,
    repository: formatRepository(context, target, location),
    send: (exchange, file) => send(context, exchange, { target, ...file }),
  };
}

/** Sends a file as the generic service does, with the limits that its repository sets. */
async function send(context: BkContext, exchange: Exchange, { target, file, ...shown }: FileAnswer & { target: Target }): Promise<unknown> {
  const { store } = context;
  const { repository, principal, place } = target;
  const nodes = new Nodes(store.metadata);
  const node = await nodes.find({ ...place, path: `/${file.path}` });
  if (!node?.hash) throw nodeNotFound(`/${file.path}`, 404);
  intercept(repository, { request: exchange.request, principal, node });
  await nodes.noteAccess(node);
  return sendFile(exchange, store.blobs, {
    hash: node.hash,
    size: node.size,
    contentType: shown.contentType ?? file.content_type,
    lastModified: new Date(`${node.modified_at}Z`).toUTCString(),
    headers: { ...checksumHeaders(node), ...shown.headers },
  });
}
