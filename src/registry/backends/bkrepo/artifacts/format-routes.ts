import { type FastifyInstance } from 'fastify';
import { HttpError } from '../../../errors';
import { formatOf, PACKAGE_TYPES } from '../../../formats';
import { publicUrl } from '../../../public-url';
import { type Exchange } from '../../../reply';
import { fronts, type FrontRequest, OtherType } from '../../../serving/fronts';
import { sendProblem, serve } from '../../../serving/serve';
import { type Action } from '../authorize';
import { type BkContext } from '../context';
import { problem } from '../problem';
import { publicRoot } from '../root';
import { challenge } from './image-login';
import { prefixesOf, SERVED_TYPES, serviceOf } from './package-types';
import { normalizePath } from './paths';
import { servedRepository } from './served-repository';
import { admitted } from './target';

const ACTIONS: Readonly<Record<string, Action>> = {
  GET: 'READ',
  HEAD: 'READ',
  POST: 'WRITE',
  PUT: 'WRITE',
  PATCH: 'WRITE',
  DELETE: 'DELETE',
};

/** What the services call what a format says that a request does. */
const DOES = { read: 'READ', write: 'WRITE', delete: 'DELETE' } as const;

/** The URLs of repositories of package types: those of BK-Repo, and those that a package type insists on. */
export function formatRoutes(app: FastifyInstance, context: BkContext): void {
  // What a real server does there is not in the contract.
  if (context.strict) return;
  fronts(app, {
    strict: context.strict,
    // In their own order: that of images comes before others that share its URLs, and refuses for all of them.
    packageTypes: PACKAGE_TYPES.filter((type) => SERVED_TYPES.includes(type)),
    prefixes: prefixesOf,
    // What begins with `ext` is about packages of any type.
    repository: ':project(^(?!ext$).+$)/:repo',
    answer: (exchange, wanted) => answer(context, exchange, wanted),
  });
}

async function answer(context: BkContext, exchange: Exchange, { packageType, path, byFront }: FrontRequest) {
  const { request, reply } = exchange;
  try {
    const { routes } = formatOf(packageType);
    const about = normalizePath(routes?.about(path.path) ?? path.path);
    const { project = '', repo = '' } = request.params as { project?: string; repo?: string };
    const place = { project, repo, path: about };
    const told = routes?.does?.(request.method, path.path);
    const action = told ? DOES[told] : (ACTIONS[request.method] ?? 'MANAGE');
    const { repository, principal } = await admitted(context, request, { place, action });
    if (serviceOf(repository.type)?.packageType !== packageType)
      throw new OtherType(problem('REPOSITORY_NOT_FOUND', `Repository [${repo}] not found`));
    const root = byFront ? publicUrl(context, request) : publicRoot(context, request);
    const served = await servedRepository(context, repository, { request, principal, about, root: publicRoot(context, request) });
    return await serve(context, exchange, { served, path, root, byFront });
  } catch (cause) {
    if (!(cause instanceof HttpError)) throw cause;
    const login = byFront ? challenge(context, request) : 'Basic realm="Authentication Required"';
    const headers = cause.status === 401 ? { 'www-authenticate': login } : cause.headers;
    if (!sendProblem(exchange, { served: { packageType }, path: { path: '' } }, new HttpError(cause.status, cause.message, headers)))
      throw cause;
    return reply;
  }
}
