import { type FastifyInstance } from 'fastify';
import { type Context } from '../../context';
import { statistics } from '../../store/statistics';
import { OF_EVERY } from './needs';
import { artifactJson, positive } from './objects';
import { orNull } from './remotes';

const DEFAULT_LIMIT = 10;

/** `/api/v2/stats`: how much there is and what is used most. */
export function stats(app: FastifyInstance, context: Context): void {
  const { artifacts } = context.store;

  app.get('/api/v2/stats', OF_EVERY, async (_request, reply) => {
    await artifacts.flush();
    return reply.send(await statistics(context.store.metadata));
  });

  app.get('/api/v2/stats/top-files-by-hits', OF_EVERY, async (request, reply) =>
    reply.send(orNull((await artifacts.top('access_count', positive(request, 'limit', DEFAULT_LIMIT))).map(artifactJson))),
  );

  app.get('/api/v2/stats/top-files-by-bandwidth', OF_EVERY, async (request, reply) =>
    reply.send(orNull((await artifacts.top('bytes_served', positive(request, 'limit', DEFAULT_LIMIT))).map(artifactJson))),
  );
}
