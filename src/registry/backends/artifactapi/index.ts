import { type FastifyInstance } from 'fastify';
import { type Context } from '../../context';
import { events } from './events';
import { files } from './files';
import { health } from './health';
import { objects } from './objects';
import { probe } from './probe';
import { remotes } from './remotes';
import { stats } from './stats';
import { v1Forward } from './v1-forward';
import { v1Local } from './v1-local';
import { v1Refuse } from './v1-refuse';
import { v1Remote } from './v1-remote';
import { v1Virtual } from './v1-virtual';
import { virtuals } from './virtuals';

/** Every route group of ArtifactAPI. */
const GROUPS: readonly ((app: FastifyInstance, context: Context) => void)[] = [
  health,
  remotes,
  virtuals,
  files,
  objects,
  stats,
  probe,
  events,
  v1Remote,
  v1Local,
  v1Virtual,
  v1Forward,
  v1Refuse,
  dockerV2,
];

/** Adds the ArtifactAPI v3 routes to a server. */
export function artifactApi(app: FastifyInstance, context: Context): void {
  for (const group of GROUPS) group(app, context);
}

/** `/v2/`: the container registry protocol; it answers the version check, and that nothing else is supported. */
function dockerV2(app: FastifyInstance): void {
  app.get('/v2/', (_request, reply) => reply.header('docker-distribution-api-version', 'registry/2.0').send({}));
  app.all('/v2/*', { exposeHeadRoute: false }, (_request, reply) =>
    reply.code(404).send({ errors: [{ code: 'UNSUPPORTED', message: 'this registry does not serve container images yet', detail: null }] }),
  );
}
