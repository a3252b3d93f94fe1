import { type FastifyRequest } from 'fastify';
import { type BkContext } from './context';
import { isProjectManager } from './grants';
import { principalOf } from './principal';
import { problem } from './problem';

/** Lets only admins pass. */
export function requireAuthAdmin(request: FastifyRequest): void {
  if (!principalOf(request).admin) throw notPermitted();
}

/** Lets only a user itself and admins pass. */
export function requireSelf(request: FastifyRequest, userId: string): void {
  const principal = principalOf(request);
  if (!principal.admin && principal.userId !== userId) throw notPermitted();
}

/** Lets only a user itself, the users that stand behind it, and admins pass. */
export async function requireSelfOrAssistant({ bk }: BkContext, request: FastifyRequest, userId: string): Promise<void> {
  const user = await bk.users.get(userId);
  if (!user?.asstUsers.includes(principalOf(request).userId)) requireSelf(request, userId);
}

/** Permits only admins and the managers of a project; objects without a project are for admins only. */
export async function requireProjectAdmin(context: BkContext, request: FastifyRequest, project: string | null): Promise<void> {
  const { admin, userId } = principalOf(request);
  if (admin) return;
  const user = await context.bk.users.get(userId);
  if (!user || project === null || !(await isProjectManager(context.bk, user, project))) throw notPermitted();
}

function notPermitted() {
  return problem('AUTH_USER_NOT_PERMITTED', 'user for auth not have permission');
}
