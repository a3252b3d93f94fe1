import { type FastifyInstance, type FastifyRequest } from 'fastify';
import * as z from 'zod';
import { requireAuthAdmin, requireProjectAdmin, requireSelf } from './auth-guards';
import { readJson } from './body';
import { type BkContext } from './context';
import { changeRoles } from './creator';
import { ok } from './envelope';
import { existingRole, giveRole } from './roles';
import { existingUser, userDetail } from './user-fields';

type Both = { Params: { uid: string; rid: string } };

const BASE_PATH = '/auth/api/user/role';
const ids = z.array(z.string());

/** `/auth/api/user/role`: which roles users have. */
export function userRoles(app: FastifyInstance, context: BkContext): void {
  const { bk } = context;
  const without = (role: string) => (roles: readonly string[]) => roles.filter((each) => each !== role);
  const having = (role: string) => (roles: readonly string[]) => [...new Set([...roles, role])];

  // A real server lets users give themselves any role; here they have to manage its project as well.
  const guard = async (request: FastifyRequest, uid: string, rid: string): Promise<void> => {
    requireSelf(request, uid);
    await requireProjectAdmin(context, request, (await existingRole(context, rid)).projectId);
  };

  for (const [method, change] of [['POST', having] as const, ['DELETE', without] as const]) {
    app.route<Both>({
      method,
      url: `${BASE_PATH}/:uid/:rid`,
      handler: async (request, reply) => {
        const { uid, rid } = request.params;
        await guard(request, uid, rid);
        await existingUser(bk, uid);
        await changeRoles(bk, uid, change(rid));
        return reply.send(ok(userDetail(await existingUser(bk, uid), await bk.tokens.within(uid))));
      },
    });
  }

  app.patch<Both>(`${BASE_PATH}/add/:rid`, async (request, reply) => {
    const { rid } = request.params;
    requireAuthAdmin(request);
    await existingRole(context, rid);
    await giveRole(bk, rid, await readJson(request, ids));
    return reply.send(ok(true));
  });

  app.patch<Both>(`${BASE_PATH}/delete/:rid`, async (request, reply) => {
    const { rid } = request.params;
    requireAuthAdmin(request);
    const users = await readJson(request, ids);
    for (const userId of users) await existingUser(bk, userId);
    await existingRole(context, rid);
    for (const userId of users) await changeRoles(bk, userId, without(rid));
    return reply.send(ok(true));
  });
}
