import { type Permission, type Repository, type Role, type User } from './model';
import { type BkTables, keyOf } from './tables';

/** An action and its target. */
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
/** The folder of folders that belong to one user each. */
const PERSONAL = '/Personal';

/** What a user's roles and permissions in a project come to. */
export interface Rights {
  readonly userId: string;
  readonly roles: readonly Role[];
  /** Permissions that name the user or a role of it. */
  readonly held: readonly Permission[];
  /** Permissions that name others alone. */
  readonly others: readonly Permission[];
}

/** What a user's roles and permissions in a project come to. */
export async function rightsOf(tables: BkTables, { userId, roles: ids }: User, project: string): Promise<Rights> {
  const roles = (await tables.roles.within(project)).filter(({ oid }) => ids.includes(oid));
  const all = await tables.permissions.within(project);
  const isHeld = (row: Permission): boolean => row.users.includes(userId) || row.roles.some((role) => ids.includes(role));
  return { userId, roles, held: all.filter(isHeld), others: all.filter((row) => !isHeld(row)) };
}

/** How a repository's files are guarded: by nobody, by the permissions on paths, or by these alone. */
export type Guard = 'DEFAULT' | 'DIR_CTRL' | 'STRICT';

/**
 * Whether rights allow something; admins are not asked. A permission on a repository lets its files be read in no mode and written in
 * none, unless the mode is STRICT and the repository has packages; what lets at files is a permission on paths, or being a viewer.
 */
export function grants(rights: Rights, resource: Resource, guard: Guard): boolean {
  const { repository, path, action } = resource;
  if (managesProject(rights)) return true;
  if (repository === undefined) return false;
  if (rights.roles.some((role) => managesRepository(role, repository))) return true;
  const held = rights.held.filter(({ repos }) => repos.includes(repository));
  if (path === undefined && action === 'READ' && held.length > 0) return true;
  if (guard === 'STRICT' && !resource.generic && held.some((row) => allows(row, action))) return true;
  if (guard !== 'STRICT' && isViewer(rights) && VIEWER_ACTIONS.includes(action)) return true;
  return path !== undefined && guard !== 'DEFAULT' && isOpen(rights, { action, path, repository }, guard);
}

/** The first permission on paths that says something of a path decides. */
function isOpen(rights: Rights, wish: { action: string; path: string; repository: string }, guard: Guard): boolean {
  const { action, path, repository } = wish;
  const onPaths = ({ resourceType, repos }: Permission): boolean => resourceType === 'NODE' && repos.includes(repository);
  const [held, others] = [rights.held.filter(onPaths), rights.others.filter(onPaths)];
  const includes = (row: Permission): boolean => allows(row, action) && row.includePattern.some((prefix) => path.startsWith(prefix));
  if (guard === 'STRICT') return held.some(includes);
  // Without a permission on paths there is nothing to look up, for viewers either.
  if (held.length + others.length === 0) return false;
  for (const row of held) {
    if (includes(row)) return true;
    if (row.actions.includes(action) && row.excludePattern.some((prefix) => path.startsWith(prefix))) return false;
  }
  const isPersonal = path.startsWith(PERSONAL) && path.replace(/\/$/, '') !== PERSONAL;
  return !isPersonal && !others.some(includes) && isViewer(rights);
}

function allows({ actions }: Permission, action: string): boolean {
  return actions.includes('MANAGE') || actions.includes(action);
}

/** Whether a user manages a project. */
export async function isProjectManager(tables: BkTables, user: User, project: string): Promise<boolean> {
  return managesProject(await rightsOf(tables, user, project));
}

/** How a repository's files are guarded. */
export async function guardOf(tables: BkTables, project: string, repository: string): Promise<Guard> {
  return (await tables.modes.get(keyOf(project, repository)))?.accessControlMode ?? 'DEFAULT';
}

/** The repositories of a project that lists show to a user; public ones and those permitted through a role are not included. */
export async function listedFor(tables: BkTables, user: User, project: string): Promise<(repository: Repository) => boolean> {
  const rights = await rightsOf(tables, user, project);
  if (user.admin || managesProject(rights)) return () => true;
  const reposOf = (rows: readonly Permission[]): string[] => rows.flatMap(({ actions, repos }) => (actions.length > 0 ? repos : []));
  const managed = rights.roles.flatMap(({ type, admin, repoName }) => (type === 'REPO' && admin && repoName !== null ? [repoName] : []));
  if (!isViewer(rights)) {
    const own = new Set([...reposOf(rights.held.filter(({ users }) => users.includes(user.userId))), ...managed]);
    return ({ name }) => own.has(name);
  }
  const granted = new Set([...reposOf(rights.held), ...managed]);
  const modes = await tables.modes.within(project);
  const strict = new Set(modes.filter(({ accessControlMode }) => accessControlMode === 'STRICT').map(({ repoName }) => repoName));
  return ({ name }) => granted.has(name) || !strict.has(name);
}

/** Whether rights are those of a project's manager. */
export function managesProject({ roles }: Rights): boolean {
  return roles.some(({ type, admin }) => type === 'PROJECT' && admin);
}

function managesRepository({ type, admin, repoName }: Role, repository: string): boolean {
  return type === 'REPO' && admin && repoName === repository;
}

function isViewer({ roles }: Rights): boolean {
  return roles.some(({ roleId }) => roleId === BUILTIN.projectView);
}
