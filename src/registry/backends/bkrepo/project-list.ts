import { type FastifyRequest } from 'fastify';
import { type Stored } from '../../store/documents';
import { queryOf, windowOf } from './body';
import { systemError } from './parameter-checks';
import { type BkContext } from './context';
import { BUILTIN } from './grants';
import { type Project, type User } from './model';
import { principalOf } from './principal';
import { problem } from './problem';
import { isHidden } from './project-fields';

const CAP = 10_000;
/** The name of what is left of a project that an update of nothing has replaced. */
export const NAMELESS = '';

/** Fails as a real server does at a project without a name. */
export function checkNames(projects: readonly Project[]): void {
  if (projects.some(({ name }) => name === NAMELESS)) throw systemError();
}

/** The projects that a caller may see, as the query of the request narrows them down. */
export async function listProjects(context: BkContext, request: FastifyRequest): Promise<Stored<Project>[]> {
  const names = listQuery(request, 'names');
  const displayNames = listQuery(request, 'displayNames');
  const tenant = context.settings.multiTenant ? (request.headers['x-bk-tenant-id'] ?? null) : undefined;
  const found = (await visible(context, request)).filter(
    (project) =>
      (names === undefined || names.includes(project.name)) &&
      (displayNames === undefined || displayNames.includes(project.displayName)) &&
      (tenant === undefined || project.tenantId === tenant),
  );
  return cut(request, sorted(request, found));
}

async function visible(context: BkContext, request: FastifyRequest): Promise<Stored<Project>[]> {
  const { anonymous, userId } = principalOf(request);
  const user = anonymous ? undefined : await context.bk.users.get(userId);
  if (!user) throw problem('AUTH_USER_NOT_FOUND', 'user for auth not exist');
  const all = await context.bk.projects.all();
  if (user.admin) {
    checkNames(all);
    return all.filter(({ name }) => !isHidden(name)).slice(0, CAP);
  }
  const mine = await projectsOf(context, user);
  return all.filter(({ name }) => mine.has(name));
}

/** The projects in which a user has a role that counts or a permission to do something. */
export async function projectsOf({ bk }: BkContext, user: User): Promise<Set<string>> {
  const roles = (await bk.roles.all()).filter(({ oid }) => user.roles.includes(oid));
  const permissions = (await bk.permissions.all()).filter(
    (row) => row.actions.length > 0 && (row.users.includes(user.userId) || row.roles.some((role) => user.roles.includes(role))),
  );
  const projects = [...roles.filter(({ admin, roleId }) => admin || roleId === BUILTIN.projectView), ...permissions].map(
    (row) => row.projectId,
  );
  return new Set(projects.filter((project) => project !== null));
}

/** A list in the query: repeated, or with commas. */
function listQuery(request: FastifyRequest, name: string): string[] | undefined {
  const value = (request.query as Record<string, string | string[] | undefined>)[name];
  return value === undefined ? undefined : [value].flat().flatMap((each) => each.split(','));
}

function sorted(request: FastifyRequest, projects: Stored<Project>[]): Stored<Project>[] {
  const property = queryOf(request, 'sortProperty');
  if (!property) return projects;
  const direction = (queryOf(request, 'direction') ?? 'DESC').toUpperCase();
  if (direction !== 'ASC' && direction !== 'DESC') throw systemError();
  const sign = direction === 'ASC' ? 1 : -1;
  const valueOf = (project: Project): string => JSON.stringify(project[property as keyof Project] ?? null);
  return [...projects].sort((a, b) => (valueOf(a) < valueOf(b) ? -sign : valueOf(a) > valueOf(b) ? sign : 0));
}

function cut(request: FastifyRequest, projects: Stored<Project>[]): Stored<Project>[] {
  if (queryOf(request, 'pageNumber') === undefined || queryOf(request, 'pageSize') === undefined) return projects;
  const { pageNumber, pageSize } = windowOf(request);
  return projects.slice((pageNumber - 1) * pageSize, pageNumber * pageSize);
}
