import { type FastifyRequest } from 'fastify';
import { type BkContext } from './context';
import { isProjectManager } from './grants';
import { principalOf } from './principal';
import { problem } from './problem';

/** Lets only admins pass; the auth service answers everybody else as if the credentials were wrong. */
export function requireAuthAdmin(request: FastifyRequest): void {
  if (principalOf(request).admin) return;
  throw problem('AUTH_REFUSED', `Authorization value [${request.headers.authorization ?? ''}] is not a valid scheme.`);
}

/** Lets only a user itself and admins pass. */
export function requireSelf(request: FastifyRequest, userId: string): void {
  const principal = principalOf(request);
  if (!principal.admin && principal.userId !== userId) throw notPermitted();
}

/** Lets only admins and the managers of a project pass; what belongs to no project is for admins. */
export async function requireProjectAdmin(context: BkContext, request: FastifyRequest, project: string | null): Promise<void> {
  if (!(await managesProject(context, request, project))) throw notPermitted();
}

/** Whether the sender of a request is an admin or manages a project. */
export async function managesProject({ bk }: BkContext, request: FastifyRequest, project: string | null): Promise<boolean> {
  const { admin, userId } = principalOf(request);
  if (admin) return true;
  const user = await bk.users.get(userId);
  return user !== undefined && project !== null && isProjectManager(bk, user, project);
}

function notPermitted() {
  return problem('AUTH_USER_NOT_PERMITTED', 'User does not have the permission');
}
