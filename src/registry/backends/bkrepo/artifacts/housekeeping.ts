import { type FastifyInstance } from 'fastify';
import { reasonOf } from '../../../errors';
import { type MetadataStore } from '../../../store/metadata';
import { type BkContext } from '../context';
import { Changes } from './changes';
import { Nodes } from './nodes';
import { Tokens } from './tokens';
import { Uploads } from './uploads';

const PATIENCE_MS = 100;
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
async function cleanUp(context: BkContext): Promise<void> {
  const { metadata, leases } = context.store;
  const lease = await leases.take('bkrepo cleaning', PATIENCE_MS);
  try {
    // Another process does it.
    if (lease.isHeld) await clean(metadata, context);
  } finally {
    await lease.release();
  }
}

async function clean(metadata: MetadataStore, context: BkContext): Promise<void> {
  const nodes = new Nodes(metadata);
  const now = metadata.now();
  for (const place of await nodes.withExpired()) await Changes.run(context, 'system', (changes) => changes.sweep(place));
  await nodes.purge(now - RESERVED_MS);
  await new Uploads(metadata).sweep();
  await new Tokens(metadata).purge(now - RESERVED_MS);
}
