import { type Permission, type Role, type User } from './model';
import { type BkTables, keyOf } from './tables';

/** What is to be done with what. */
export interface Resource {
  readonly action: string;
  readonly project: string;
  readonly repository?: string;
  readonly path?: string;
}

/** The roles that the server makes by itself. */
export const BUILTIN = {
  projectManage: 'project_manage',
  projectView: 'project_view',
  repoManage: 'repo_manage',
} as const;

const VIEWER_ACTIONS = ['READ', 'DOWNLOAD', 'VIEW'];

/** What a user's roles and permissions in a project come to. */
export interface Rights {
  readonly roles: readonly Role[];
  readonly permissions: readonly Permission[];
}

/** What a user's roles and permissions in a project come to. */
export async function rightsOf(tables: BkTables, user: User, project: string): Promise<Rights> {
  const wanted = new Set(user.roles);
  const roles = (await tables.roles.within(project)).filter(({ oid }) => wanted.has(oid));
  const held = new Set(roles.map(({ oid }) => oid));
  const permissions = (await tables.permissions.within(project)).filter(
    (row) => row.users.includes(user.userId) || row.roles.some((role) => held.has(role)),
  );
  return { roles, permissions };
}

/** Whether rights allow something; admins are not asked. */
export function grants({ roles, permissions }: Rights, resource: Resource, guarded: boolean): boolean {
  if (roles.some((role) => manages(role, resource) || views(role, resource))) return true;
  // A member may do everything in a project that a permission says, but reading the project itself is for its managers.
  if (resource.repository === undefined && resource.action === 'READ') return false;
  return permissions.some((row) => covers(row, resource, guarded));
}

/** Whether a user manages a project. */
export async function isProjectManager(tables: BkTables, user: User, project: string): Promise<boolean> {
  const { roles } = await rightsOf(tables, user, project);
  return roles.some((role) => manages(role, { action: 'MANAGE', project }));
}

/** Whether the paths of a repository are guarded one by one. */
export async function isGuarded(tables: BkTables, project: string, repository: string): Promise<boolean> {
  const mode = await tables.modes.get(keyOf(project, repository));
  return mode !== undefined && mode.accessControlMode !== 'DEFAULT';
}

function manages(role: Role, { repository }: Resource): boolean {
  if (!role.admin) return false;
  return role.type === 'PROJECT' || (role.type === 'REPO' && repository !== undefined && role.repoName === repository);
}

function views(role: Role, { repository, action }: Resource): boolean {
  return role.roleId === BUILTIN.projectView && repository !== undefined && VIEWER_ACTIONS.includes(action);
}

function covers(row: Permission, resource: Resource, guarded: boolean): boolean {
  if (!row.actions.includes(resource.action) && !row.actions.includes('MANAGE')) return false;
  if (row.resourceType === 'PROJECT') return true;
  const { repository, path } = resource;
  if (repository === undefined || !row.repos.includes(repository)) return false;
  if (row.resourceType === 'REPO') return true;
  return row.resourceType === 'NODE' && guarded && path !== undefined && holds(row, path);
}

/** Patterns are prefixes of paths, and an exclusion wins. */
function holds({ includePattern, excludePattern }: Permission, path: string): boolean {
  if (excludePattern.some((prefix) => path.startsWith(prefix))) return false;
  return includePattern.length === 0 || includePattern.some((prefix) => path.startsWith(prefix));
}
