import { type FastifyInstance } from 'fastify';
import * as z from 'zod';
import { type Stored } from '../../store/documents';
import { requireProjectAdmin } from './auth-guards';
import { readJson, textOrNull } from './body';
import { systemError } from './parameter-checks';
import { type BkContext } from './context';
import { addRole, builtinRole, changeRoles, ensureRole, roleKey } from './creator';
import { ok } from './envelope';
import { BUILTIN } from './grants';
import { type Role, type User } from './model';
import { addUser, ANONYMOUS } from './principal';
import { problem } from './problem';
import { newSecret } from '../../secrets';
import { type BkTables } from './tables';

type Identified = { Params: { id: string } };
type Natural = { Params: { id: string; project: string; repo: string } };

const BASE_PATH = '/auth/api/role';
/** The roles of a project that its list leaves out. */
const UNLISTED: readonly string[] = [BUILTIN.projectManage, BUILTIN.projectView];

const ROLE_ID_DIGITS = 8;

const departments = z
  .array(z.unknown())
  .nullish()
  .transform((value) => value ?? null);
const createBody = z.object({
  roleId: textOrNull,
  name: z.string(),
  type: z.enum(['PROJECT', 'REPO', 'SERVICE']).default('PROJECT'),
  projectId: textOrNull,
  repoName: textOrNull,
  admin: z.boolean().default(false),
  description: textOrNull,
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

  app.post(`${BASE_PATH}/create`, async (request, reply) => {
    const body = await readJson(request, createBody);
    const isService = body.type === 'SERVICE' && !body.admin;
    if (body.projectId === null && !isService)
      throw problem('AUTH_ROLE_PROJECT_MISSING', 'cannot create non-SERVICE role or project admin role without projectId');
    if (body.projectId !== null && body.type === 'SERVICE')
      throw problem('AUTH_ROLE_PROJECT_UNWANTED', 'cannot create SERVICE role with projectId');
    await requireProjectAdmin(context, request, body.projectId);
    return reply.send(ok(await ensureRole(bk, { ...body, roleId: await roleIdOf(bk, body) })));
  });

  app.post<{ Params: { project: string } }>(`${BASE_PATH}/create/project/manage/:project`, async (request, reply) => {
    const { project } = request.params;
    await requireProjectAdmin(context, request, project);
    return reply.send(ok(await builtinRole(bk, { project })));
  });

  app.post<{ Params: { project: string; repo: string } }>(`${BASE_PATH}/create/repo/manage/:project/:repo`, async (request, reply) => {
    const { project, repo } = request.params;
    await requireProjectAdmin(context, request, project);
    return reply.send(ok(await builtinRole(bk, { project, repository: repo })));
  });
}

function reads(app: FastifyInstance, context: BkContext): void {
  const { bk } = context;

  const shown = async (role: Stored<Role> | undefined) => ok(role ? roleInfo(role, await membersOf(bk, role.oid)) : null);

  app.get<Identified>(`${BASE_PATH}/detail/:id`, async (request, reply) => {
    const role = await bk.roles.byOid(request.params.id);
    if (role) await requireProjectAdmin(context, request, role.projectId);
    return reply.send(await shown(role));
  });

  // Roles of repositories too: the project alone does not tell them apart.
  app.get<Natural>(`${BASE_PATH}/detail/:id/:project`, async (request, reply) => {
    const { id, project } = request.params;
    await requireProjectAdmin(context, request, project);
    return reply.send(await shown((await bk.roles.within(project)).find(({ roleId }) => roleId === id)));
  });

  app.get<Natural>(`${BASE_PATH}/detail/:id/:project/:repo`, async (request, reply) => {
    const { id, project, repo } = request.params;
    await requireProjectAdmin(context, request, project);
    const isMeant = ({ type, roleId, repoName }: Role): boolean => type === 'REPO' && roleId === id && repoName === repo;
    return reply.send(await shown((await bk.roles.within(project)).find(isMeant)));
  });

  app.get<{ Params: { project: string } }>(`${BASE_PATH}/list/:project`, async (request, reply) => {
    await requireProjectAdmin(context, request, request.params.project);
    const all = await bk.roles.within(request.params.project);
    const listed = all.filter(({ type, admin, roleId }) => type === 'PROJECT' && !admin && !UNLISTED.includes(roleId));
    return reply.send(ok(await Promise.all(listed.map(async (role) => roleInfo(role, await membersOf(bk, role.oid))))));
  });

  app.get<Identified>(`${BASE_PATH}/users/:id`, async (request, reply) => {
    const role = await bk.roles.byOid(request.params.id);
    if (role) await requireProjectAdmin(context, request, role.projectId);
    const members = role ? await membersOf(bk, role.oid) : [];
    return reply.send(ok(members.map(({ userId, name }) => ({ userId, name }))));
  });
}

async function membersOf(tables: BkTables, role: string): Promise<User[]> {
  return (await tables.users.all()).filter(({ roles: held }) => held.includes(role));
}

function updates(app: FastifyInstance, context: BkContext): void {
  const { bk } = context;

  app.put<Identified>(`${BASE_PATH}/update/info/:id`, async (request, reply) => {
    const role = await bk.roles.byOid(request.params.id);
    if (!role) return reply.send(ok(false));
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

  app.delete<Identified>(`${BASE_PATH}/delete/:id`, async (request, reply) => {
    const role = await bk.roles.byOid(request.params.id);
    if (!role) return reply.send(ok(false));
    await requireProjectAdmin(context, request, role.projectId);
    await setMembers(context, role.oid, []);
    await bk.roles.remove(roleKey(role));
    return reply.send(ok(true));
  });
}

/** A role by its identity. */
export async function existingRole({ bk }: BkContext, id: string): Promise<Stored<Role>> {
  const role = await bk.roles.byOid(id);
  if (!role) throw problem('AUTH_ROLE_NOT_FOUND', 'role for auth not exist');
  return role;
}

/** Gives a role to exactly these users; missing users are created. */
export async function setMembers({ bk }: BkContext, role: string, userIds: readonly string[]): Promise<void> {
  for (const { userId } of await membersOf(bk, role)) {
    if (!userIds.includes(userId)) await changeRoles(bk, userId, (all) => all.filter((each) => each !== role));
  }
  await giveRole(bk, role, userIds);
}

/** Gives users a role; missing users are created. */
export async function giveRole(tables: BkTables, role: string, userIds: readonly string[]): Promise<void> {
  for (const userId of userIds) {
    if (userId !== ANONYMOUS) await addUser(tables, { userId, name: userId });
    await addRole(tables, userId, role);
  }
}

/** The id that a new role gets: that of a project's role is another one when it is taken, be it by a role of a repository. */
async function roleIdOf(tables: BkTables, { type, roleId, projectId, repoName }: z.infer<typeof createBody>): Promise<string> {
  if (type === 'PROJECT') {
    const isTaken = (await tables.roles.within(projectId ?? '')).some((role) => role.roleId === roleId);
    return roleId === null || isTaken ? `${projectId}_role_${newSecret().slice(0, ROLE_ID_DIGITS)}` : roleId;
  }
  if (roleId === null || (type === 'REPO' && repoName === null)) throw systemError();
  return roleId;
}

/** What a client sees of a role: never the repository it is for. */
function roleInfo({ oid, ...role }: Stored<Role>, users: readonly User[]): Record<string, unknown> {
  return { id: oid, ...role, repoName: null, users: users.map(({ userId }) => userId) };
}
