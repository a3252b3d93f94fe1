import { type BkContext } from './context';
import { grants, type Resource } from './grants';
import { type Repository } from './model';
import { type Principal, unauthenticated } from './principal';
import { type BkProblem, problem } from './problem';
import { keyOf, liveRepository } from './tables';

/** What somebody wants to do. */
export type Action = 'MANAGE' | 'WRITE' | 'READ' | 'DOWNLOAD' | 'VIEW' | 'UPDATE' | 'DELETE';

/** What somebody wants to do, and with what. */
export interface Wish {
  readonly action: Action;
  readonly project: string;
  readonly repository?: string;
  readonly path?: string;
}

const READS: readonly Action[] = ['READ', 'DOWNLOAD', 'VIEW'];

/** Lets a wish pass or throws why not: 404/251006 for a missing repository, 401 for nobody, 403 for somebody. */
export async function authorize(context: BkContext, principal: Principal, wish: Wish): Promise<void> {
  const repository = wish.repository === undefined ? undefined : await existingRepository(context, wish.project, wish.repository);
  if (!(await isAllowed(context, principal, { ...wish, repository }))) throw refusal(principal);
}

/** Whether a wish that concerns a project or a repository at hand may come true. */
export async function isAllowed(
  context: BkContext,
  principal: Principal,
  wish: Omit<Wish, 'repository'> & { repository: Repository | undefined },
): Promise<boolean> {
  const { repository } = wish;
  const user = principal.anonymous ? undefined : await context.bk.users.get(principal.userId);
  if (user?.locked) return false;
  if (principal.admin) return true;
  if (await isDisabled(context, wish.project)) return false;
  const isRead = READS.includes(wish.action);
  if (repository?.public && isRead) return true;
  if (!user) return false;
  if (repository?.visibility === 'PERSONAL') return repository.owner === user.userId;
  if (repository?.configuration.settings['system'] === true && isRead) return true;
  return grants(context.bk, user, resourceOf(wish));
}

/** A repository that is there, or the 404 that everybody gets. */
export async function existingRepository(context: BkContext, project: string, name: string) {
  const repository = await liveRepository(context.bk, project, name);
  if (!repository) throw problem('REPOSITORY_NOT_FOUND', `Repository [${keyOf(project, name)}] not found`);
  return repository;
}

/** Lets only admins pass. */
export function requireAdmin(principal: Principal): void {
  if (!principal.admin) throw refusal(principal);
}

/** Whether a project was switched off; nobody but admins gets at what is in it. */
export async function isDisabled(context: BkContext, name: string): Promise<boolean> {
  const project = await context.bk.projects.get(name);
  return project?.metadata.some(({ key, value }) => key === 'enabled' && value === false) ?? false;
}

function resourceOf({
  project,
  repository,
  path,
  action,
}: {
  project: string;
  repository: Repository | undefined;
  path?: string;
  action: Action;
}): Resource {
  return { action, project, ...(repository && { repository: repository.name }), ...(path !== undefined && { path }) };
}

function refusal(principal: Principal): BkProblem {
  return principal.anonymous && !principal.platform ? unauthenticated() : problem('ACCESS_DENIED', 'Access denied');
}
