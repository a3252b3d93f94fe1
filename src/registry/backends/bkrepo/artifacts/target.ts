import { type FastifyRequest } from 'fastify';
import { noteRepository } from '../../../operations/facts';
import { type Action, authorize, existingRepository } from '../authorize';
import { type BkContext } from '../context';
import { type Repository } from '../model';
import { type Principal, principalOf } from '../principal';
import { BkProblem, problem } from '../problem';
import { keyOf } from '../tables';
import { type NodeKey } from './node';
import { normalizePath } from './paths';

/** What a request is about, and who sends it. */
export interface Target {
  readonly place: NodeKey;
  readonly repository: Repository;
  readonly principal: Principal;
}

type Params = { project?: string; repo?: string };

/** Reads the place that a URL names: project, repository and the path after a number of slashes. */
export function placeOf(request: FastifyRequest, slashes: number): NodeKey {
  const { project = '', repo = '' } = request.params as Params;
  return { project, repo, path: normalizePath(rawPath(request, slashes)) };
}

/** What a request is about, once the sender may do that. */
export async function target(context: BkContext, request: FastifyRequest, how: { slashes: number; action: Action }): Promise<Target> {
  return admitted(context, request, { place: placeOf(request, how.slashes), action: how.action });
}

/** A place, once the sender of a request may do something there. */
export async function admitted(
  context: BkContext,
  request: FastifyRequest,
  { place, action }: { place: NodeKey; action: Action },
): Promise<Target> {
  const principal = principalOf(request);
  await authorize(context, principal, { action, project: place.project, repository: place.repo, path: place.path });
  const repository = await existingRepository(context, place.project, place.repo);
  noteRepository(request.raw, { packageType: repository.type.toLowerCase(), name: keyOf(place.project, place.repo) });
  return { place, principal, repository };
}

/** The target of a request to the generic service; repositories of other types are served only if services have seen them recently. */
export async function genericTarget(
  context: BkContext,
  request: FastifyRequest,
  how: { slashes: number; action: Action },
): Promise<Target> {
  const place = placeOf(request, how.slashes);
  const repository = context.served.of(await existingRepository(context, place.project, place.repo), requireGeneric);
  return { ...(await admitted(context, request, { place, action: how.action })), repository };
}

function requireGeneric({ type, name }: Repository): void {
  if (type !== 'GENERIC') throw problem('REPOSITORY_NOT_FOUND', `Repository [${name}] not found`);
}

/** Lets only repositories that hold files of their own pass. */
export function requireWritable({ category }: Repository, status?: number): void {
  if (category !== 'LOCAL' && category !== 'COMPOSITE') {
    throw problem('METHOD_NOT_ALLOWED', 'Method not allowed, reason: Unsupported operation', status);
  }
}

/** The refusal of a header that is missing. */
export function headerMissing(name: string): BkProblem {
  return new BkProblem(250118, 400, `Header ${name} is missing`);
}

/** The answer that there is no such node: 404 from the data plane, 400 from the services. */
export function nodeNotFound(path: string, status: 400 | 404): BkProblem {
  return problem('NODE_NOT_FOUND', `Node [${path}] not found`, status);
}

function rawPath(request: FastifyRequest, slashes: number): string {
  const [path = ''] = (request.raw.url ?? '').split('?');
  try {
    return decodeURIComponent(path.split('/').slice(slashes).join('/'));
  } catch {
    throw problem('PARAMETER_INVALID', 'The path has a malformed percent-encoding');
  }
}
