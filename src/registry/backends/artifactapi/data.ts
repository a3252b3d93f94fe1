import { type FastifyInstance } from 'fastify';
import { type Context } from '../../context';
import { HttpError, UnknownRepositoryError } from '../../errors';
import { formatOf, packageTypesOf } from '../../formats';
import { publicUrl } from '../../public-url';
import { requestPath } from '../../request-path';
import { fronts, OtherType } from '../../serving/fronts';
import { sendProblem, serve } from '../../serving/serve';
import { type ByName } from './fields';
import { type Kind } from './locations';
import { servedRepository } from './served';

const KINDS: readonly Kind[] = ['remote', 'local', 'virtual'];

/** `/api/v1/{remote,local,virtual}/{name}/{path}`, and the URLs that package types insist on: what clients fetch and publish. */
export function data(app: FastifyInstance, context: Context): void {
  // The address of a repository is one with and without the slash at its end.
  for (const [kind, rest] of KINDS.flatMap((each) => [[each, ''] as const, [each, '/*'] as const])) {
    app.route<ByName>({
      method: ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE'],
      url: `/api/v1/${kind}/:name${rest}`,
      handler: async (request, reply) => {
        const root = publicUrl(context, request);
        const served = await servedRepository(context, root, { name: request.params.name, kind });
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
    async answer(exchange, { packageType, path }) {
      const { name } = exchange.request.params as ByName['Params'];
      const root = publicUrl(context, exchange.request);
      const served = await servedRepository(context, root, { name });
      if (served.packageType !== packageType) throw new OtherType(new UnknownRepositoryError(`${packageType} repository`, name));
      return serve(context, exchange, { served, root, path, byFront: true });
    },
  });
}
