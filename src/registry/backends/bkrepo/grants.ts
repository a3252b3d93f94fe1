import { type Permission, type Role, type User } from './model';
import { type BkTables, keyOf } from './tables';

/** What is to be done with what. */
export interface Resource {
  readonly action: string;
  readonly project: string;
  readonly repository?: string;
  readonly path?: string;
  /** Whether the repository holds files that are no packages. */
  readonly generic?: boolean;
}

/** The roles that the server makes by itself. */
export const BUILTIN = {
  projectManage: 'project_manage',
  projectView: 'project_view',
  repoManage: 'repo_manage',
} as const;

const VIEWER_ACTIONS = ['READ', 'DOWNLOAD'];

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

/** How a repository's files are guarded: by nobody, by the permissions on paths, or by these alone. */
export type Guard = 'DEFAULT' | 'DIR_CTRL' | 'STRICT';

/**
 * Whether rights allow something; admins are not asked. A permission on a repository lets its files be read in no mode and written in
 * none, unless the mode is STRICT and the repository has packages; what lets at files is a permission on paths, or being a viewer.
 */
export function grants({ roles, permissions }: Rights, resource: Resource, guard: Guard): boolean {
  if (roles.some((role) => manages(role, resource))) return true;
  const { repository, path, action } = resource;
  if (repository === undefined) return false;
  const rows = permissions.filter(({ repos }) => repos.includes(repository));
  if (path === undefined && action === 'READ' && rows.length > 0) return true;
  if (guard === 'STRICT' && !resource.generic && rows.some((row) => allows(row, action))) return true;
  const isViewer = roles.some(({ roleId }) => roleId === BUILTIN.projectView);
  if (guard !== 'STRICT' && isViewer && VIEWER_ACTIONS.includes(action)) return true;
  return guard !== 'DEFAULT' && path !== undefined && isOpen(rows, { action, path }, guard === 'DIR_CTRL' && isViewer);
}

/** The first permission on paths that says something of a path decides. */
function isOpen(
  rows: readonly Permission[],
  { action, path }: { readonly action: string; readonly path: string },
  otherwise: boolean,
): boolean {
  for (const row of rows.filter(({ resourceType, actions }) => resourceType === 'NODE' && allows({ actions }, action))) {
    if (row.includePattern.some((prefix) => path.startsWith(prefix))) return true;
    if (row.excludePattern.some((prefix) => path.startsWith(prefix))) return false;
  }
  return otherwise;
}

const allows = ({ actions }: Pick<Permission, 'actions'>, action: string): boolean =>
  actions.includes('MANAGE') || (actions as readonly string[]).includes(action);

/** Whether a user manages a project. */
export async function isProjectManager(tables: BkTables, user: User, project: string): Promise<boolean> {
  const { roles } = await rightsOf(tables, user, project);
  return roles.some((role) => manages(role, { action: 'MANAGE', project }));
}

/** How a repository's files are guarded. */
export async function guardOf(tables: BkTables, project: string, repository: string): Promise<Guard> {
  return (await tables.modes.get(keyOf(project, repository)))?.accessControlMode ?? 'DEFAULT';
}

function manages(role: Role, { repository }: Resource): boolean {
  if (!role.admin) return false;
  return role.type === 'PROJECT' || (role.type === 'REPO' && repository !== undefined && role.repoName === repository);
}
