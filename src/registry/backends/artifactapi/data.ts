import { type FastifyInstance } from 'fastify';
import { type Context } from '../../context';
import { HttpError, UnknownRepositoryError } from '../../errors';
import { formatOf, packageTypesOf } from '../../formats';
import { publicUrl } from '../../public-url';
import { requestPath } from '../../request-path';
import { type Exchange } from '../../reply';
import { fronts, OtherType } from '../../serving/fronts';
import { sendProblem, serve } from '../../serving/serve';
import { type ByName } from './fields';
import { type Kind } from './locations';
import { contentNeed } from './needs';
import { servedRepository } from './served';

const KINDS: readonly Kind[] = ['remote', 'local', 'virtual'];

/** `/api/v1/{remote,local,virtual}/{name}/{path}`, and the URLs that package types insist on: what clients fetch and publish. */
export function data(app: FastifyInstance, context: Context): void {
  // The address of a repository is one with and without the slash at its end.
  for (const [kind, rest] of KINDS.flatMap((each) => [[each, ''] as const, [each, '/*'] as const])) {
    app.route<ByName>({
      method: ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE'],
      url: `/api/v1/${kind}/:name${rest}`,
      config: { access: contentNeed(context) },
      handler: async (request, reply) => {
        const root = publicUrl(context, request);
        const served = await servedRepository(context, { request, root }, { name: request.params.name, kind });
        try {
          return await serve(context, { request, reply }, { served, root, path: requestPath(request, formatOf(served.packageType)) });
        } catch (cause) {
          // A path that cannot be read has clients too.
          if (context.strict || !(cause instanceof HttpError) || !sendProblem({ request, reply }, { served, path: { path: '' } }, cause))
            throw cause;
          return reply;
        }
      },
    });
  }

  fronts(app, {
    strict: context.strict,
    packageTypes: packageTypesOf('artifactapi'),
    repository: ':name',
    need: (pathFor) => contentNeed(context, pathFor),
    ...(context.access.isRequired && { login: (exchange) => ticket(context, exchange) }),
    async answer(exchange, { packageType, path }) {
      const { name } = exchange.request.params as ByName['Params'];
      const root = publicUrl(context, exchange.request);
      const served = await servedRepository(context, { request: exchange.request, root }, { name });
      if (served.packageType !== packageType) throw new OtherType(new UnknownRepositoryError(`${packageType} repository`, name));
      return serve(context, exchange, { served, root, path, byFront: true });
    },
  });
}

/** Gives who has logged in what stands in for that for a while, as clients of images expect it. */
async function ticket({ access }: Context, { request, reply }: Exchange): Promise<unknown> {
  const { ticket: token, seconds: expires_in } = await access.ticketFor(request.headers);
  return reply.send({ token, access_token: token, expires_in, issued_at: new Date().toISOString() });
}
