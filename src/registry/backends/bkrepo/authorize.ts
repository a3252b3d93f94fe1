import { type BkContext } from './context';
import { grants, type Guard, guardOf, type Resource, rightsOf } from './grants';
import { type Repository, type User } from './model';
import { type Principal, unauthenticated } from './principal';
import { type BkProblem, problem } from './problem';
import { liveRepository } from './tables';

/** What somebody wants to do. */
export type Action = 'MANAGE' | 'WRITE' | 'READ' | 'DOWNLOAD' | 'VIEW' | 'UPDATE' | 'DELETE';

/** What somebody wants to do, and with what. */
export interface Wish {
  readonly action: Action;
  readonly project: string;
  readonly repository?: string;
  readonly path?: string;
}

const READS: readonly Action[] = ['READ', 'DOWNLOAD'];

/** Lets a wish pass or throws why not: 404/251006 for a missing repository, 401 for nobody, 403 for somebody. */
export async function authorize(context: BkContext, principal: Principal, wish: Wish): Promise<void> {
  const { project, repository: name } = wish;
  const repository = name === undefined ? undefined : await existingRepository(context, project, name);
  if (!principal.admin && (await isDisabled(context, project))) throw denied('Project enabled status is false!');
  // Whether anybody may read it is one of the things that the services remember for a while.
  const seen = repository && { ...repository, public: context.served.of(repository).public };
  if (seen && isOfAnother(seen, principal)) throw denied('Forbidden');
  if (!(await isAllowed(context, principal, { ...wish, repository: seen }))) throw refusal(principal, wish);
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
  if (!principal.admin && (await isDisabled(context, project))) return () => false;
  const rights = user && (await rightsOf(context.bk, user, project));
  return (wish, guard) => {
    const { repository } = wish;
    const isRead = READS.includes(wish.action);
    if (repository && isOfAnother(repository, principal)) return false;
    if (repository?.public && repository.visibility !== 'PERSONAL' && isRead) return true;
    if (!user || !rights || user.locked) return false;
    if (repository?.configuration.settings['system'] === true && isRead) return true;
    return principal.admin || grants(rights, resourceOf(wish), guard);
  };
}

/** Whether a repository is somebody else's own, which nobody may touch, admins included. */
function isOfAnother({ visibility, owner }: Repository, { userId }: Principal): boolean {
  return visibility === 'PERSONAL' && owner !== userId;
}

/** What the auth service says of a wish of a user: it knows of grants alone, not of what is public, personal or switched off. */
export async function isGranted({ bk }: BkContext, user: User, wish: WishAtHand): Promise<boolean> {
  const { project, repository } = wish;
  if (user.locked) return false;
  const guard = repository === undefined ? 'DEFAULT' : await guardOf(bk, project, repository.name);
  return user.admin || grants(await rightsOf(bk, user, project), resourceOf(wish), guard);
}

/** A repository that is there, or the 404 that everybody gets. */
export async function existingRepository(context: BkContext, project: string, name: string) {
  const repository = await liveRepository(context.bk, project, name);
  if (!repository) throw problem('REPOSITORY_NOT_FOUND', `Repository [${name}] not found`);
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

function refusal({ anonymous, platform, userId }: Principal, wish?: Wish): BkProblem {
  if (anonymous && !platform) return unauthenticated();
  if (!wish) return denied('Forbidden');
  const { action, project, repository } = wish;
  const place = `project[${project}]${repository === undefined ? '' : ` repo[${repository}]`}`;
  return denied(`user[${userId}] does not have [${action}] permission in ${place}`);
}

function denied(reason: string): BkProblem {
  return problem('ACCESS_DENIED', `Access denied: ${reason}`);
}
