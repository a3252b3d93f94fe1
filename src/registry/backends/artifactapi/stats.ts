import { type FastifyInstance } from 'fastify';
import { type Context } from '../../context';
import { Figures, statistics } from '../../store/statistics';
import { OF_EVERY } from './needs';
import { artifactJson, positive } from './objects';
import { orNull } from './remotes';

const DEFAULT_LIMIT = 10;
/** How many of the top files are kept where finding them takes long. */
const KEPT = 100;

/** `/api/v2/stats`: how much there is and what is used most. */
export function stats(app: FastifyInstance, context: Context): void {
  const { artifacts, metadata } = context.store;
  const figures = new Figures(metadata);

  app.get('/api/v2/stats', OF_EVERY, async (_request, reply) => {
    await artifacts.flush();
    return reply.send(await figures.get('all', () => statistics(metadata)));
  });

  for (const [name, by] of [
    ['hits', 'access_count'],
    ['bandwidth', 'bytes_served'],
  ] as const) {
    app.get(`/api/v2/stats/top-files-by-${name}`, OF_EVERY, async (request, reply) => {
      const limit = positive(request, 'limit', DEFAULT_LIMIT);
      const rows = limit > KEPT ? await artifacts.top(by, limit) : await figures.get(by, () => artifacts.top(by, KEPT));
      return reply.send(orNull(rows.slice(0, limit).map(artifactJson)));
    });
  }
}
