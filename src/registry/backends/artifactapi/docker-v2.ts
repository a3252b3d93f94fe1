import { type FastifyInstance } from 'fastify';

/** `/v2/`: the container registry protocol; the version check is answered, the rest is told apart as not supported. */
export function dockerV2(app: FastifyInstance): void {
  app.get('/v2/', (_request, reply) => reply.header('docker-distribution-api-version', 'registry/2.0').send({}));
  app.all('/v2/*', { exposeHeadRoute: false }, (_request, reply) =>
    reply.code(404).send({ errors: [{ code: 'UNSUPPORTED', message: 'this registry does not serve container images yet', detail: null }] }),
  );
}
