import { type ServerResponse } from 'node:http';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { clientAddress, limitKey } from '../../access/address';
import { principalOf, readable } from '../../access/principal';
import { type Context } from '../../context';
import { HttpError } from '../../errors';
import { OF_READABLE } from './needs';

const KEEP_ALIVE_MS = 15_000;
/** How many bytes may wait for a client that does not read them; it loses its connection then, and may ask again. */
const MOST_WAITING = 1 << 20;
/** How many streams one login has at once, or one address without a login. */
const MOST_STREAMS = 100;
/** For how long a login that was good lately counts as good. */
const GOOD_FOR_MS = 1000;

/** `/api/v2/events`: what happens, as server-sent events. */
export function events(app: FastifyInstance, context: Context): void {
  const open = new Set<() => void>();
  const counts = new Map<string, number>();

  app.get('/api/v2/events', { exposeHeadRoute: false, ...OF_READABLE }, (request, reply) => {
    const leave = enter(counts, whoseOf(context, request));
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' });
    raw.write(': connected\n\n');
    const mayRead = readable(request);
    let checked = performance.now();
    const send = sender(raw, async () => {
      if (performance.now() - checked > GOOD_FOR_MS) await check();
    });
    /** Ends what a login has begun that is no longer good, or good for less. */
    const check = async () => {
      checked = performance.now();
      const now = await context.access.identify(request.headers).catch(() => undefined);
      if (!now || JSON.stringify(now.scopes) !== JSON.stringify(principalOf(request).scopes)) end();
    };
    const stop = context.events.listen(({ type, time, data }) => {
      // Every event is about one repository.
      if (mayRead(String(data['remote'] ?? data['name']))) send(`event: ${type}\ndata: ${JSON.stringify({ type, time, ...data })}\n\n`);
    });
    const stopRevoked = context.access.onRevoked(() => void check());
    const timer = setInterval(() => send(': keep-alive\n\n'), KEEP_ALIVE_MS).unref();
    const end = () => {
      if (!open.delete(end)) return;
      leave();
      stop();
      stopRevoked();
      clearInterval(timer);
      raw.end();
    };
    open.add(end);
    raw.on('close', end);
    raw.on('error', end);
  });

  app.addHook('preClose', (done) => {
    for (const end of open) end();
    done();
  });
}

/** Whose share of the streams a request takes: its login's, or without one its address's. */
function whoseOf({ trustForwarded }: Context, request: FastifyRequest): string {
  const { id, isAnonymous } = principalOf(request);
  return isAnonymous ? limitKey(clientAddress(request, trustForwarded)) : id;
}

/** Counts one more, until the answer is called; throws a 429 where there are too many. */
function enter(counts: Map<string, number>, whose: string): () => void {
  const others = counts.get(whose) ?? 0;
  if (others >= MOST_STREAMS)
    throw new HttpError(429, `too many event streams; a login, or an address without one, may have ${MOST_STREAMS} at once`);
  counts.set(whose, others + 1);
  return () => {
    const left = (counts.get(whose) ?? 1) - 1;
    if (left > 0) counts.set(whose, left);
    else counts.delete(whose);
  };
}

/** Sends texts in their order, each after a step; closes the connection of a client that does not read them. */
function sender(raw: ServerResponse, before: () => Promise<void>): (text: string) => void {
  let [sending, waiting] = [Promise.resolve(), 0];
  return (text) => {
    waiting += text.length;
    if (waiting + raw.writableLength > MOST_WAITING) return void raw.destroy();
    sending = sending.then(async () => {
      await before();
      waiting -= text.length;
      if (!raw.writableEnded && !raw.destroyed) raw.write(text);
    });
  };
}
