import { type FastifyInstance } from 'fastify';
import { requireSelf, requireSelfOrAssistant } from './auth-guards';
import { queryOf } from './body';
import { type BkContext } from './context';
import { ok } from './envelope';
import { type UserToken } from './model';
import { problem } from './problem';
import { hashSecret, newSecret } from '../../secrets';
import { keyOf, timestamp } from './tables';
import { existingUser } from './user-fields';

type ByToken = { Params: { uid: string; name: string } };

const BASE_PATH = '/auth/api/user';
/** The server takes a time in UTC for one of its own zone and makes up for that. */
const SHIFT_MS = 8 * 60 * 60_000;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** `/auth/api/user/token`: secrets that stand in for a user's password, shown once. */
export function tokens(app: FastifyInstance, context: BkContext): void {
  const { bk } = context;

  app.post<ByToken>(`${BASE_PATH}/token/:uid/:name`, async (request, reply) => {
    const { uid, name } = request.params;
    await requireSelfOrAssistant(context, request, uid);
    await existingUser(bk, uid);
    const expiredAt = expiryOf(queryOf(request, 'expiredAt'));
    const secret = newSecret();
    const token: UserToken = { userId: uid, name, secret: hashSecret(secret), createdAt: timestamp(), expiredAt };
    const isNew = await bk.atomically(async ({ tokens: all }) => {
      if (await all.insert({ id: keyOf(uid, name), scope: uid }, token)) return true;
      const old = await all.get(keyOf(uid, name));
      if (!old || old.expiredAt === null) throw problem('AUTH_TOKEN_EXISTED', 'user same name token exist');
      await all.replace(keyOf(uid, name), { ...token, oid: old.oid });
      return false;
    });
    const basic = `Basic ${Buffer.from(`${uid}:${secret}`).toString('base64')}`;
    const { createdAt } = token;
    return reply.send(ok({ name, id: secret, createdAt, expiredAt, authorization: isNew ? { basic } : null }));
  });

  app.get<ByToken>(`${BASE_PATH}/list/token/:uid`, async (request, reply) => {
    requireSelf(request, request.params.uid);
    await existingUser(bk, request.params.uid);
    const all = await bk.tokens.within(request.params.uid);
    return reply.send(ok(all.map(({ name, createdAt, expiredAt }) => ({ name, createdAt, expiredAt }))));
  });

  app.delete<ByToken>(`${BASE_PATH}/token/:uid/:name`, async (request, reply) => {
    const { uid, name } = request.params;
    requireSelf(request, uid);
    await existingUser(bk, uid);
    await bk.tokens.remove(keyOf(uid, name));
    return reply.send(ok(true));
  });
}

function expiryOf(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  const time = TIME.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) throw problem('AUTH_TOKEN_TIME_INVALID', 'token expire time format error');
  return timestamp(new Date(time + SHIFT_MS));
}
