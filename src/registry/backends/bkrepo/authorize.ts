import { type BkContext } from './context';
import { grants, type Guard, guardOf, type Resource, rightsOf } from './grants';
import { type Repository, type User } from './model';
import { type Principal, unauthenticated } from './principal';
import { type BkProblem, problem } from './problem';
import { liveRepository } from './tables';

/** A requested action. */
export type Action = 'MANAGE' | 'WRITE' | 'READ' | 'DOWNLOAD' | 'VIEW' | 'UPDATE' | 'DELETE';

/** A requested action and its target. */
export interface Wish {
  readonly action: Action;
  readonly project: string;
  readonly repository?: string;
  readonly path?: string;
}

const READS: readonly Action[] = ['READ', 'DOWNLOAD'];

/** Permits an action or throws the reason: 404/251006 for a missing repository, 401 for anonymous callers, 403 for users. */
export async function authorize(context: BkContext, principal: Principal, wish: Wish): Promise<void> {
  const { project, repository: name } = wish;
  const repository = name === undefined ? undefined : await existingRepository(context, project, name);
  if (!principal.admin && (await isDisabled(context, project))) throw denied('Project enabled status is false!');
  // Whether anybody may read it is one of the things that the services remember for a while.
  const seen = repository && { ...repository, public: context.served.of(repository).public };
  if (seen && isOfAnother(seen, principal)) throw denied('Forbidden');
  if (!(await isAllowed(context, principal, { ...wish, repository: seen }))) throw refusal(principal, wish);
}

/** An action on a project, or on a repository that is already loaded. */
export type WishAtHand = Omit<Wish, 'repository'> & { readonly repository: Repository | undefined };

/** Whether an action on a project or a loaded repository is permitted. */
export async function isAllowed(context: BkContext, principal: Principal, wish: WishAtHand): Promise<boolean> {
  const { project, repository } = wish;
  const judge = await judgeOf(context, principal, project);
  return judge(wish, repository === undefined ? 'DEFAULT' : await guardOf(context.bk, project, repository.name));
}

/** Loads what decides about a user's actions in a project, so that many can be judged at once. */
async function judgeOf(context: BkContext, principal: Principal, project: string): Promise<(wish: WishAtHand, guard: Guard) => boolean> {
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

/** Whether a repository is personal to another user; not even admins may access it. */
function isOfAnother({ visibility, owner }: Repository, { userId }: Principal): boolean {
  return visibility === 'PERSONAL' && owner !== userId;
}

/** The auth service's verdict on an action: it considers grants only, not what is public, personal or disabled. */
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

/** Whether a project is disabled; only admins can access its content. */
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
