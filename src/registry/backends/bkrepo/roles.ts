import { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Stored } from '../../store/documents';
import { requireAuthAdmin, requireProjectAdmin } from './auth-guards';
import { readJson } from './body';
import { type BkContext } from './context';
import { builtinRole, changeRoles, ensureRole, roleKey } from './creator';
import { ok } from './envelope';
import { type Role } from './model';
import { addUser } from './principal';
import { problem } from './problem';
import { newSecret } from './secrets';

type Identified = { Params: { id: string } };
type Natural = { Params: { id: string; project: string; repo?: string } };

const ROOT = '/auth/api/role';
const BUILTIN_IDS = ['project_manage', 'project_view', 'repo_manage', 'replication_manage', 'global_preview'];

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const departments = z
  .array(z.unknown())
  .nullish()
  .transform((value) => value ?? null);
const createBody = z.object({
  roleId: text,
  name: z.string(),
  type: z.enum(['PROJECT', 'REPO', 'SERVICE']).default('PROJECT'),
  projectId: text,
  repoName: text,
  admin: z.boolean().default(false),
  description: text,
  source: z
    .enum(['DEVOPS', 'TAI'])
    .nullish()
    .transform((value) => value ?? null),
  deptInfoList: departments,
});
const updateBody = z.object({
  name: z.string().nullish(),
  description: z.string().nullish(),
  userIds: z.array(z.string()).nullish(),
  deptInfoList: z.array(z.unknown()).nullish(),
});

/** `/auth/api/role`: roles of projects, repositories and services. */
export function roles(app: FastifyInstance, context: BkContext): void {
  const { bk } = context;
  reads(app, context);
  updates(app, context);

  app.post(`${ROOT}/create`, async (request, reply) => {
    const { roleId, ...body } = await readJson(request, createBody);
    if (body.type === 'SERVICE') {
      if (body.projectId !== null) throw problem('AUTH_ROLE_PROJECT_UNWANTED', 'A service role has no project');
      requireAuthAdmin(request);
    } else {
      if (body.projectId === null) throw problem('AUTH_ROLE_PROJECT_MISSING', 'A role without a project is a service role');
      await requireProjectAdmin(context, request, body.projectId);
    }
    return reply.send(ok(await ensureRole(bk, { ...body, roleId: roleId ?? (body.type === 'PROJECT' ? newSecret() : body.name) })));
  });

  app.post<{ Params: { project: string } }>(`${ROOT}/create/project/manage/:project`, async (request, reply) => {
    const { project } = request.params;
    await requireProjectAdmin(context, request, project);
    return reply.send(ok(await builtinRole(bk, { project })));
  });

  app.post<{ Params: { project: string; repo: string } }>(`${ROOT}/create/repo/manage/:project/:repo`, async (request, reply) => {
    const { project, repo } = request.params;
    await requireProjectAdmin(context, request, project);
    return reply.send(ok(await builtinRole(bk, { project, repository: repo })));
  });
}

function reads(app: FastifyInstance, context: BkContext): void {
  const { bk } = context;

  app.get<Identified>(`${ROOT}/detail/:id`, async (request, reply) => {
    const role = await bk.roles.byOid(request.params.id);
    return reply.send(ok(role ? roleInfo(role) : null));
  });

  for (const path of [`${ROOT}/detail/:id/:project`, `${ROOT}/detail/:id/:project/:repo`]) {
    app.get<Natural>(path, async (request, reply) => {
      const { id, project, repo = null } = request.params;
      const role = (await bk.roles.within(project)).find(({ roleId, repoName }) => roleId === id && repoName === repo);
      return reply.send(ok(role ? roleInfo(role) : null));
    });
  }

  app.get<{ Params: { project: string } }>(`${ROOT}/list/:project`, async (request, reply) => {
    await requireProjectAdmin(context, request, request.params.project);
    const all = await bk.roles.within(request.params.project);
    const custom = all.filter(({ type, admin, roleId }) => type === 'PROJECT' && !admin && !BUILTIN_IDS.includes(roleId));
    return reply.send(ok(custom.map(roleInfo)));
  });

  app.get<Identified>(`${ROOT}/users/:id`, async (request, reply) => {
    const members = (await bk.users.all()).filter((user) => user.roles.includes(request.params.id));
    return reply.send(ok(members.map(({ userId, name }) => ({ userId, name }))));
  });
}

function updates(app: FastifyInstance, context: BkContext): void {
  const { bk } = context;

  app.put<Identified>(`${ROOT}/update/info/:id`, async (request, reply) => {
    const role = await existingRole(context, request.params.id);
    await requireProjectAdmin(context, request, role.projectId);
    const { name, description, userIds, deptInfoList } = await readJson(request, updateBody);
    const changed: Stored<Role> = {
      ...role,
      ...(name != null && { name }),
      ...(description != null && { description }),
      ...(deptInfoList != null && { deptInfoList }),
    };
    if (!(await bk.roles.rename(roleKey(role), roleKey(changed)))) throw problem('AUTH_ROLE_EXISTED', `Role [${changed.name}] existed`);
    await bk.roles.replace(roleKey(changed), changed);
    if (userIds) await setMembers(context, role.oid, userIds);
    return reply.send(ok(true));
  });

  app.delete<Identified>(`${ROOT}/delete/:id`, async (request, reply) => {
    const role = await bk.roles.byOid(request.params.id);
    if (!role) return reply.send(ok(false));
    await requireProjectAdmin(context, request, role.projectId);
    if (BUILTIN_IDS.includes(role.roleId)) throw problem('AUTH_ROLE_BUILTIN', `Role [${role.roleId}] is built in`);
    await setMembers(context, role.oid, []);
    await bk.roles.remove(roleKey(role));
    return reply.send(ok(true));
  });
}

/** A role by its identity. */
export async function existingRole({ bk }: BkContext, id: string): Promise<Stored<Role>> {
  const role = await bk.roles.byOid(id);
  if (!role) throw problem('AUTH_ROLE_NOT_FOUND', `Role [${id}] not exist`);
  return role;
}

/** Makes exactly these users have a role; those that are not there yet are made. */
export async function setMembers({ bk }: BkContext, role: string, userIds: readonly string[]): Promise<void> {
  for (const { userId, roles: held } of await bk.users.all()) {
    if (held.includes(role) && !userIds.includes(userId)) await changeRoles(bk, userId, (all) => all.filter((each) => each !== role));
  }
  for (const userId of userIds) {
    await addUser(bk, { userId, name: userId });
    await changeRoles(bk, userId, (all) => [...new Set([...all, role])]);
  }
}

/** What a client sees of a role: never the repository it is for. */
function roleInfo({ oid, repoName: _repoName, ...role }: Stored<Role>): Record<string, unknown> {
  return { id: oid, ...role };
}
