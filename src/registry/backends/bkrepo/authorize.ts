import { type BkContext } from './context';
import { grants, type Guard, guardOf, type Resource, rightsOf } from './grants';
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

/** A wish that concerns a project, or a repository at hand. */
export type WishAtHand = Omit<Wish, 'repository'> & { readonly repository: Repository | undefined };

/** Whether a wish that concerns a project or a repository at hand may come true. */
export async function isAllowed(context: BkContext, principal: Principal, wish: WishAtHand): Promise<boolean> {
  const { project, repository } = wish;
  const judge = await judgeOf(context, principal, project);
  return judge(wish, repository === undefined ? 'DEFAULT' : await guardOf(context.bk, project, repository.name));
}

/** Gathers what decides about somebody's wishes in a project, so that many can be judged at once. */
export async function judgeOf(
  context: BkContext,
  principal: Principal,
  project: string,
): Promise<(wish: WishAtHand, guard: Guard) => boolean> {
  const user = principal.anonymous ? undefined : await context.bk.users.get(principal.userId);
  if (user?.locked) return () => false;
  if (principal.admin) return () => true;
  if (await isDisabled(context, project)) return () => false;
  const rights = user && (await rightsOf(context.bk, user, project));
  return (wish, guard) => {
    const { repository } = wish;
    const isRead = READS.includes(wish.action);
    if (repository?.public && isRead) return true;
    if (!user || !rights) return false;
    if (repository?.visibility === 'PERSONAL') return repository.owner === user.userId;
    if (repository?.configuration.settings['system'] === true && isRead) return true;
    return grants(rights, resourceOf(wish), guard);
  };
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

function resourceOf({ project, repository, path, action }: WishAtHand): Resource {
  return {
    action,
    project,
    ...(repository && { repository: repository.name, generic: repository.type === 'GENERIC' }),
    ...(path !== undefined && { path }),
  };
}

function refusal(principal: Principal): BkProblem {
  return principal.anonymous && !principal.platform ? unauthenticated() : problem('ACCESS_DENIED', 'Access denied');
}
