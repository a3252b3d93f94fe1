import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { requireSelf } from './auth-guards';
import { isAllowed, judgeOf } from './authorize';
import { readJson, requiredQuery } from './body';
import { type BkContext } from './context';
import { ok } from './envelope';
import { type User } from './model';
import { checkBody } from './permission-fields';
import { type Principal } from './principal';
import { problem } from './problem';
import { projectsOf } from './project-list';
import { liveRepository } from './tables';
import { existingUser } from './user-fields';

const ROOT = '/auth/api/permission';
/** What a question about each kind of resource has to name. */
const NEEDED: Readonly<Record<string, readonly ('projectId' | 'repoName' | 'path')[]>> = {
  PROJECT: ['projectId'],
  REPO: ['projectId', 'repoName'],
  NODE: ['projectId', 'repoName', 'path'],
};

/** `/auth/api/permission`: questions about who may do what. */
export function permissionQueries(app: FastifyInstance, context: BkContext): void {
  const { bk } = context;

  app.post(`${ROOT}/check`, async (request, reply) => {
    const body = await readJson(request, checkBody);
    for (const name of NEEDED[body.resourceType] ?? []) {
      if (!body[name]) throw problem('PARAMETER_MISSING', `Parameter ${name} is missing`);
    }
    const principal = asPrincipal(await existingUser(bk, body.uid));
    const { action, projectId, repoName, path } = body;
    const project = projectId ?? '';
    const repository = body.resourceType === 'PROJECT' || !repoName ? undefined : await liveRepository(bk, project, repoName);
    const wish = { action, project, repository, ...(path && { path }) };
    return reply.send(ok(await isAllowed(context, principal, wish)));
  });

  app.get(`${ROOT}/repo/list`, async (request, reply) => {
    const project = requiredQuery(request, 'projectId');
    const principal = asPrincipal(await selfOf(context, request));
    const isReadable = await judgeOf(context, principal, project);
    const live = (await bk.repositories.within(project)).filter(({ deleted }) => deleted === null);
    const names = live.filter((repository) => isReadable({ action: 'READ', project, repository }, 'DEFAULT')).map(({ name }) => name);
    return reply.send(ok(names));
  });

  app.get(`${ROOT}/project/list`, async (request, reply) => {
    const user = await selfOf(context, request);
    const all = (await bk.projects.all()).map(({ name }) => name);
    const mine = user.admin ? undefined : await projectsOf(context, user);
    return reply.send(ok(all.filter((name) => mine?.has(name) ?? true)));
  });
}

async function selfOf({ bk }: BkContext, request: FastifyRequest): Promise<User> {
  const userId = requiredQuery(request, 'userId');
  requireSelf(request, userId);
  return existingUser(bk, userId);
}

function asPrincipal({ userId, admin }: User): Principal {
  return { userId, admin, platform: false, anonymous: false };
}
