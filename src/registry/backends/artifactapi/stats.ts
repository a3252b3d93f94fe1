import { type FastifyInstance } from 'fastify';
import { type Context } from '../../context';
import { artifactJson, positive } from './objects';
import { orNull } from './remotes';

const DEFAULT_LIMIT = 10;

/** `/api/v2/stats`: how much there is and what is used most. */
export function stats(app: FastifyInstance, context: Context): void {
  const { artifacts } = context.store;

  app.get('/api/v2/stats', async (_request, reply) => reply.send(await overview(context)));

  app.get('/api/v2/stats/top-files-by-hits', async (request, reply) =>
    reply.send(orNull((await artifacts.top('access_count', positive(request, 'limit', DEFAULT_LIMIT))).map(artifactJson))),
  );

  app.get('/api/v2/stats/top-files-by-bandwidth', async (request, reply) =>
    reply.send(orNull((await artifacts.top('bytes_served', positive(request, 'limit', DEFAULT_LIMIT))).map(artifactJson))),
  );
}

async function overview({ store }: Context): Promise<Record<string, number>> {
  await store.artifacts.flush();
  const { db } = store;
  const kinds = await db
    .selectFrom('remotes')
    .select('repo_type')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .groupBy('repo_type')
    .execute();
  const count = (kind: string) => Number(kinds.find((row) => row.repo_type === kind)?.n ?? 0);
  const virtuals = await db
    .selectFrom('virtuals')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  const files = await db
    .selectFrom('local_files')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  const blobs = await db
    .selectFrom('blobs')
    .select(({ fn }) => [fn.countAll<number>().as('n'), fn.sum<number>('size').as('size')])
    .executeTakeFirstOrThrow();
  const cached = await db
    .selectFrom('artifacts')
    .select(({ fn }) => [
      fn.countAll<number>().as('n'),
      fn.sum<number>('access_count').as('hits'),
      fn.sum<number>('fetch_count').as('fetches'),
    ])
    .select(({ fn }) => fn.sum<number>('bytes_served').as('bytes'))
    .executeTakeFirstOrThrow();
  return {
    remotes: count('remote'),
    locals: count('local'),
    virtuals: Number(virtuals.n),
    artifacts: Number(cached.n),
    local_files: Number(files.n),
    blobs: Number(blobs.n),
    total_size: Number(blobs.size ?? 0),
    total_hits: Number(cached.hits ?? 0),
    total_fetches: Number(cached.fetches ?? 0),
    bytes_served: Number(cached.bytes ?? 0),
  };
}
