import { type FastifyInstance } from 'fastify';
import { reasonOf } from '../../../errors';
import { type BkContext } from '../context';
import { Changes } from './changes';

const EVERY_MS = 60 * 60_000;
/** How long deleted nodes can be restored. */
const RESERVED_MS = 14 * 86_400_000;

/** Cleans up at the start and from time to time, as long as the server runs. */
export function keepHouse(app: FastifyInstance, context: BkContext): void {
  const clean = () =>
    cleanUp(context).catch((cause: unknown) => context.logger.warn('nodes could not be cleaned up', { reason: reasonOf(cause) }));
  const timer = setInterval(() => void clean(), EVERY_MS).unref();
  app.addHook('onReady', async () => void (await clean()));
  app.addHook('onClose', (_app, done) => {
    clearInterval(timer);
    done();
  });
}

/** Deletes expired nodes, and purges nodes deleted long ago, abandoned uploads and used-up tokens. */
export async function cleanUp(context: BkContext): Promise<void> {
  const { db } = context.store;
  const now = Date.now();
  const expired = db.selectFrom('bkrepo_nodes').select(['project', 'repo']).distinct().where('deleted_at', '=', 0);
  for (const place of await expired.where('expires_at', '>', 0).where('expires_at', '<=', now).execute()) {
    await Changes.run(context, 'system', (changes) => changes.sweep(place));
  }
  await db
    .deleteFrom('bkrepo_nodes')
    .where('deleted_at', '>', 0)
    .where('deleted_at', '<', now - RESERVED_MS)
    .execute();
  await db.deleteFrom('bkrepo_node_uploads').where('expires_at', '<=', now).execute();
  await db
    .deleteFrom('bkrepo_node_tokens')
    .where('expires_at', '>', 0)
    .where('expires_at', '<', now - RESERVED_MS)
    .execute();
}
