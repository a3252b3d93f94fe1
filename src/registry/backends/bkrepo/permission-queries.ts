import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { CHANGES_NOTHING } from '../../access/need';
import { requireSelf } from './auth-guards';
import { isGranted } from './authorize';
import { readJson, requiredQuery } from './body';
import { type BkContext } from './context';
import { ok } from './envelope';
import { listedFor } from './grants';
import { type User } from './model';
import { checkBody } from './permission-fields';
import { problem } from './problem';
import { checkNames, projectsOf } from './project-list';
import { liveRepository } from './tables';
import { existingUser } from './user-fields';

const BASE_PATH = '/auth/api/permission';
/** What a question about each kind of resource has to name. */
const NEEDED: Readonly<Record<string, readonly ('projectId' | 'repoName' | 'path')[]>> = {
  PROJECT: ['projectId'],
  REPO: ['projectId', 'repoName'],
  NODE: ['projectId', 'repoName', 'path'],
};

/** `/auth/api/permission`: questions about who may do what. */
export function permissionQueries(app: FastifyInstance, context: BkContext): void {
  const { bk } = context;

  app.post(`${BASE_PATH}/check`, CHANGES_NOTHING, async (request, reply) => {
    const body = await readJson(request, checkBody);
    for (const name of NEEDED[body.resourceType] ?? []) {
      if (!body[name]) throw problem('PARAMETER_MISSING', `Parameter [${name}] is missing`);
    }
    const user = await bk.users.get(body.uid);
    const { action, projectId, repoName, path } = body;
    if (!user || (projectId == null && !user.admin)) return reply.send(ok(false));
    const project = projectId ?? '';
    const repository = body.resourceType === 'PROJECT' || !repoName ? undefined : await liveRepository(bk, project, repoName);
    const wish = { action, project, repository, ...(body.resourceType === 'NODE' && path != null && { path }) };
    return reply.send(ok(await isGranted(context, user, wish)));
  });

  app.get(`${BASE_PATH}/repo/list`, async (request, reply) => {
    const project = requiredQuery(request, 'projectId');
    const isListed = await listedFor(bk, await selfOf(context, request), project);
    const live = (await bk.repositories.within(project)).filter(({ deleted }) => deleted === null);
    return reply.send(ok(live.filter(isListed).map(({ name }) => name)));
  });

  app.get(`${BASE_PATH}/project/list`, async (request, reply) => {
    const user = await selfOf(context, request);
    const mine = user.admin ? undefined : await projectsOf(context, user);
    const found = (await bk.projects.all()).filter(({ name }) => mine?.has(name) ?? true);
    checkNames(found);
    return reply.send(ok(found.map(({ name }) => name)));
  });
}

async function selfOf({ bk }: BkContext, request: FastifyRequest): Promise<User> {
  const userId = requiredQuery(request, 'userId');
  requireSelf(request, userId);
  return existingUser(bk, userId);
}
