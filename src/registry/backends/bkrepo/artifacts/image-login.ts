import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { HttpError } from '../../../errors';
import { publicUrl } from '../../../public-url';
import { sendProblem } from '../../../serving/serve';
import { type BkContext } from '../context';
import { principalOf } from '../principal';

/** What clients of images ask first, to learn whether and how to log in. */
const PING = '/v2/';
const LOGIN = '/v2/auth';

/**
 * `/v2/auth`: how clients of images log in, as at a real server. Everybody gets a token: what may be done with it is asked for each
 * repository, of which some can be read without logging in.
 */
export function imageLogin(app: FastifyInstance, context: BkContext): void {
  if (context.strict) return;

  app.get(LOGIN, async (request, reply) => {
    const { userId, anonymous } = principalOf(request);
    const { token, seconds } = await context.imageTokens.of(userId);
    if (!anonymous) context.access.noteSuccess(`Bearer ${token}`);
    const issued_at = new Date().toISOString();
    return reply.send({ token, access_token: token, expires_in: seconds, issued_at });
  });

  app.addHook('onRequest', (request, reply, next) => {
    const [path] = (request.raw.url ?? '').split('?');
    if (path !== PING || request.headers.authorization !== undefined) return next();
    const headers = { 'www-authenticate': challenge(context, request), 'docker-distribution-api-version': 'registry/2.0' };
    sendProblem({ request, reply }, { served: { packageType: 'docker' }, path: { path: '' } }, new HttpError(401, 'log in first', headers));
  });
}

/** How to log in for requests by such URLs. */
export function challenge(context: BkContext, request: FastifyRequest): string {
  return `Bearer realm="${publicUrl(context, request)}${LOGIN}",service="bkrepo"`;
}
