import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '../../errors';
import { type BkContext } from './context';
import { BUILTIN } from './grants';
import { type Role } from './model';
import { type BkTables, keyOf } from './tables';

/** What the roles that the server makes are called: "manager of the project", "user of the project", "manager of the repository". */
const NAMES = { project_manage: '项目管理员', project_view: '项目用户', repo_manage: '仓库管理员' } as const;

/** Gives a project's or repository's creator the right to manage it; a real server does so some time after its answer. */
export async function grantCreator(context: BkContext, userId: string, place: { project: string; repository?: string }): Promise<void> {
  const { creatorGrantDelay } = context.settings;
  const grant = async (): Promise<void> => {
    const role = await builtinRole(context.bk, place);
    await addRole(context.bk, userId, role);
  };
  if (creatorGrantDelay === 0) return grant();
  void sleep(creatorGrantDelay, undefined, { ref: false })
    .then(grant)
    .catch((cause: unknown) => context.logger.warn('a creator could not be granted the right to manage', { reason: reasonOf(cause) }));
}

/** The role that manages a project or a repository, created if missing; returns its id. */
export async function builtinRole(tables: BkTables, { project, repository }: { project: string; repository?: string }): Promise<string> {
  const roleId = repository === undefined ? BUILTIN.projectManage : BUILTIN.repoManage;
  return ensureRole(tables, {
    roleId,
    name: NAMES[roleId],
    type: repository === undefined ? 'PROJECT' : 'REPO',
    projectId: project,
    repoName: repository ?? null,
    admin: true,
    description: null,
    source: null,
    deptInfoList: null,
  });
}

/** The role that may view everything in a project, created if missing. */
export function viewerRole(tables: BkTables, project: string): Promise<string> {
  const roleId = BUILTIN.projectView;
  const fields = { projectId: project, repoName: null, admin: false, description: null, source: null, deptInfoList: null };
  return ensureRole(tables, { ...fields, roleId, name: NAMES[roleId], type: 'PROJECT' });
}

/** A role by its identity, created if missing; an existing one is not changed. */
export async function ensureRole(tables: BkTables, role: Role): Promise<string> {
  const id = roleKey(role);
  const known = (await tables.roles.insert({ id, scope: role.projectId ?? '' }, role)) ?? (await tables.roles.get(id));
  return known?.oid ?? '';
}

/** Gives a user a role. */
export function addRole(tables: BkTables, userId: string, role: string): Promise<void> {
  return changeRoles(tables, userId, (roles) => [...new Set([...roles, role])]);
}

/** Changes which roles a user has. */
export function changeRoles(tables: BkTables, userId: string, change: (roles: readonly string[]) => string[]): Promise<void> {
  return tables.atomically(async (inside) => {
    const user = await inside.users.get(userId);
    if (user) await inside.users.replace(userId, { ...user, roles: change(user.roles) });
  });
}

/** The identity of a role. */
export function roleKey({ type, roleId, projectId, repoName, name }: Role): string {
  if (type === 'SERVICE') return keyOf(type, roleId);
  return type === 'PROJECT' ? keyOf(type, projectId ?? '', name) : keyOf(type, projectId ?? '', repoName ?? '', roleId);
}
