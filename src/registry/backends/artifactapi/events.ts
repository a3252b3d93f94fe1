import { type FastifyInstance } from 'fastify';
import { type Context } from '../../context';

const KEEP_ALIVE_MS = 15_000;

/** `/api/v2/events`: what happens, as server-sent events. */
export function events(app: FastifyInstance, context: Context): void {
  const open = new Set<() => void>();

  app.get('/api/v2/events', { exposeHeadRoute: false }, (request, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' });
    raw.write(': connected\n\n');
    const stop = context.events.listen(({ type, time, data }) =>
      raw.write(`event: ${type}\ndata: ${JSON.stringify({ type, time, ...data })}\n\n`),
    );
    const timer = setInterval(() => raw.write(': keep-alive\n\n'), KEEP_ALIVE_MS).unref();
    const end = () => {
      stop();
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
