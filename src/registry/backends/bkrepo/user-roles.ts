import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requireProjectAdmin } from './auth-guards';
import { readJson } from './body';
import { type BkContext } from './context';
import { changeRoles } from './creator';
import { ok } from './envelope';
import { addUser } from './principal';
import { existingRole } from './roles';
import { existingUser, userDetail } from './user-fields';

type Both = { Params: { uid: string; rid: string } };

const ROOT = '/auth/api/user/role';
const ids = z.array(z.string());

/** `/auth/api/user/role`: which roles users have. */
export function userRoles(app: FastifyInstance, context: BkContext): void {
  const { bk } = context;
  const without = (role: string) => (roles: readonly string[]) => roles.filter((each) => each !== role);
  const having = (role: string) => (roles: readonly string[]) => [...new Set([...roles, role])];

  const guard = async (request: FastifyRequest, rid: string): Promise<void> => {
    const role = await existingRole(context, rid);
    await requireProjectAdmin(context, request, role.projectId);
  };

  for (const [method, change] of [['POST', having] as const, ['DELETE', without] as const]) {
    app.route<Both>({
      method,
      url: `${ROOT}/:uid/:rid`,
      handler: async (request, reply) => {
        const { uid, rid } = request.params;
        await guard(request, rid);
        await existingUser(bk, uid);
        await changeRoles(bk, uid, change(rid));
        return reply.send(ok(userDetail(await existingUser(bk, uid))));
      },
    });
  }

  app.patch<Both>(`${ROOT}/add/:rid`, async (request, reply) => {
    const { rid } = request.params;
    await guard(request, rid);
    for (const userId of await readJson(request, ids)) {
      await addUser(bk, { userId, name: userId });
      await changeRoles(bk, userId, having(rid));
    }
    return reply.send(ok(true));
  });

  app.patch<Both>(`${ROOT}/delete/:rid`, async (request, reply) => {
    const { rid } = request.params;
    await guard(request, rid);
    for (const userId of await readJson(request, ids)) await changeRoles(bk, userId, without(rid));
    return reply.send(ok(true));
  });
}
