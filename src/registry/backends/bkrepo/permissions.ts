import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type Stored } from '../../store/documents';
import { requireAuthAdmin, requireProjectAdmin } from './auth-guards';
import { queryOf, readJson, requiredQuery } from './body';
import { type BkContext } from './context';
import { builtinRole, changeRoles, viewerRole } from './creator';
import { ok } from './envelope';
import { type Permission } from './model';
import {
  BUILTIN_PERMISSIONS,
  builtinPermission,
  configBody,
  createPermissionBody,
  permissionInfo,
  permissionKey,
  reposBody,
  usersBody,
} from './permission-fields';
import { problem } from './problem';
import { setMembers } from './roles';
import { timestamp } from './tables';

const BASE_PATH = '/auth/api/permission';

/** `/auth/api/permission`: what users and roles may do. */
export function permissions(app: FastifyInstance, context: BkContext): void {
  const { bk } = context;
  lists(app, context);
  updates(app, context);

  app.post(`${BASE_PATH}/create`, async (request, reply) => {
    const body = await readJson(request, createPermissionBody);
    await requireProjectAdmin(context, request, body.projectId);
    const now = timestamp();
    const permission: Permission = { ...body, createAt: now, updateAt: now };
    const { permName, resourceType, projectId } = body;
    const scope = projectId ?? '';
    const rows = await bk.permissions.within(scope);
    const isTaken = rows.some((row) => row.permName === permName && row.resourceType === resourceType);
    if (isTaken || !(await bk.permissions.insert({ id: permissionKey(permission), scope }, permission))) throw existed();
    return reply.send(ok(true));
  });

  app.delete<{ Params: { id: string } }>(`${BASE_PATH}/delete/:id`, async (request, reply) => {
    const permission = await bk.permissions.byOid(request.params.id);
    if (!permission) return reply.send(ok(false));
    await requireProjectAdmin(context, request, permission.projectId);
    return reply.send(ok(await bk.permissions.remove(permissionKey(permission))));
  });
}

function lists(app: FastifyInstance, context: BkContext): void {
  const { bk } = context;

  app.get(`${BASE_PATH}/list`, async (request, reply) => {
    const projectId = requiredQuery(request, 'projectId');
    const resourceType = requiredQuery(request, 'resourceType');
    const repoName = queryOf(request, 'repoName');
    await requireProjectAdmin(context, request, projectId);
    const rows = (await bk.permissions.within(projectId)).filter((row) =>
      repoName === undefined ? row.resourceType === 'PROJECT' : row.resourceType === resourceType && row.repos.includes(repoName),
    );
    return reply.send(ok(rows.map(permissionInfo)));
  });

  app.get(`${BASE_PATH}/list/inrepo`, async (request, reply) => {
    const projectId = requiredQuery(request, 'projectId');
    const repoName = requiredQuery(request, 'repoName');
    await requireProjectAdmin(context, request, projectId);
    const rows: Stored<Permission>[] = [];
    for (const [permName, actions] of Object.entries(BUILTIN_PERMISSIONS)) {
      const row = builtinPermission({ resourceType: 'REPO', projectId, permName, repos: [repoName], actions });
      const stored =
        (await bk.permissions.insert({ id: permissionKey(row), scope: projectId }, row)) ?? (await bk.permissions.get(permissionKey(row)));
      if (stored) rows.push(stored);
    }
    return reply.send(ok(rows.map(permissionInfo)));
  });

  app.get(`${BASE_PATH}/list/inproject`, async (request, reply) => {
    const projectId = requiredQuery(request, 'projectId');
    await requireProjectAdmin(context, request, projectId);
    const all = await bk.users.all();
    const found = await bk.roles.within(projectId);
    const rows = ['project_manage', 'project_view'].map((oid) => {
      const ids = found.filter(({ type, admin, roleId }) => (oid === 'project_manage' ? type === 'PROJECT' && admin : roleId === oid));
      const users = all.filter((user) => ids.some((role) => user.roles.includes(role.oid))).map(({ userId }) => userId);
      return { ...builtinPermission({ resourceType: 'PROJECT', projectId, permName: `${oid}_permission`, users }), oid };
    });
    return reply.send(ok(rows.map(permissionInfo)));
  });
}

function updates(app: FastifyInstance, context: BkContext): void {
  app.put(`${BASE_PATH}/user`, async (request, reply) => {
    const { permissionId, projectId, userId } = await readJson(request, usersBody);
    await requireProjectAdmin(context, request, projectId);
    const isBuiltin = projectId !== null && (await setBuiltinMembers(context, { id: permissionId, project: projectId, userIds: userId }));
    if (!isBuiltin) await change(context, request, { id: permissionId, users: userId });
    return reply.send(ok(true));
  });

  app.put(`${BASE_PATH}/repo`, async (request, reply) => {
    requireAuthAdmin(request);
    const { permissionId, repos } = await readJson(request, reposBody);
    await change(context, request, { id: permissionId, repos });
    return reply.send(ok(true));
  });

  app.put(`${BASE_PATH}/update/config`, async (request, reply) => {
    const { permissionId, projectId, path, name, users, roles } = await readJson(request, configBody);
    await requireProjectAdmin(context, request, projectId);
    await change(context, request, { id: permissionId, includePattern: path, permName: name, users, roles });
    return reply.send(ok(true));
  });
}

/** Replaces the members of a pseudo permission of a project; a user who gets one of the two roles loses the other. */
async function setBuiltinMembers(context: BkContext, wish: { id: string; project: string; userIds: readonly string[] }): Promise<boolean> {
  const { id, project, userIds } = wish;
  if (id !== 'project_manage' && id !== 'project_view') return false;
  const manager = await builtinRole(context.bk, { project });
  const viewer = await viewerRole(context.bk, project);
  const [given, taken] = id === 'project_manage' ? [manager, viewer] : [viewer, manager];
  await setMembers(context, given, userIds);
  for (const userId of userIds) await changeRoles(context.bk, userId, (roles) => roles.filter((role) => role !== taken));
  return true;
}

/** Changes a permission; for one of another project, the caller must manage that project too. */
async function change(context: BkContext, request: FastifyRequest, { id, ...fields }: Partial<Permission> & { id: string }): Promise<void> {
  const { bk } = context;
  const permission = await bk.permissions.byOid(id);
  if (!permission) throw problem('AUTH_PERMISSION_NOT_FOUND', 'the permission not exist');
  await requireProjectAdmin(context, request, permission.projectId);
  const changed = { ...permission, ...fields, updateAt: timestamp() };
  if (!(await bk.permissions.rename(permissionKey(permission), permissionKey(changed)))) throw existed();
  await bk.permissions.replace(permissionKey(changed), changed);
}

function existed() {
  return problem('AUTH_PERMISSION_EXISTED', 'duplicate permission name');
}
