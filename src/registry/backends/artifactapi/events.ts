import { type FastifyInstance } from 'fastify';
import { principalOf, readable } from '../../access/principal';
import { type Context } from '../../context';
import { OF_READABLE } from './needs';

const KEEP_ALIVE_MS = 15_000;
/** For how long a login that was good lately counts as good. */
const GOOD_FOR_MS = 1000;

/** `/api/v2/events`: what happens, as server-sent events. */
export function events(app: FastifyInstance, context: Context): void {
  const open = new Set<() => void>();

  app.get('/api/v2/events', { exposeHeadRoute: false, ...OF_READABLE }, (request, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' });
    raw.write(': connected\n\n');
    const mayRead = readable(request);
    let [checked, sending] = [performance.now(), Promise.resolve()];
    // Each text waits for those before it, also where the login is looked at first.
    const send = (text: string) => {
      sending = sending.then(async () => {
        if (performance.now() - checked > GOOD_FOR_MS) await check();
        if (!raw.writableEnded) raw.write(text);
      });
    };
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
      stop();
      stopRevoked();
      clearInterval(timer);
      open.delete(end);
      raw.end();
    };
    open.add(end);
    request.raw.on('close', end);
    raw.on('error', end);
  });

  app.addHook('preClose', (done) => {
    for (const end of open) end();
    done();
  });
}
