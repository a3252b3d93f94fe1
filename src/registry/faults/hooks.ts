import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import * as z from 'zod';
import { readBody } from '../body';
import { type Fault, type Faults, faultSchema } from './fault';

const OWN_ROUTES = '/__';

/** Makes a server misbehave as the faults say, lets clients change them at `/__faults`, and counts requests at `/__requests`. */
export function faultHooks(app: FastifyInstance, faults: Faults): void {
  const counters = new Map<string, number>();
  const pending = new WeakMap<FastifyRequest, Fault>();

  app.addHook('onRequest', async (request, reply) => {
    const path = (request.raw.url ?? '').split('?')[0] ?? '';
    if (path.startsWith(OWN_ROUTES)) return undefined;
    const route = `${request.method} ${request.routeOptions.url ?? path}`;
    counters.set(route, (counters.get(route) ?? 0) + 1);
    const fault = faults.take(request.method, path);
    if (!fault) return undefined;
    pending.set(request, fault);
    return before(fault, request, reply);
  });

  app.addHook('onSend', (request, reply, payload) => {
    const fault = pending.get(request);
    return Promise.resolve(fault ? after(fault, { request, reply }, payload) : payload);
  });

  controlRoutes(app, faults, counters);
}

function controlRoutes(app: FastifyInstance, faults: Faults, counters: Map<string, number>): void {
  app.get('/__faults', (_request, reply) => reply.send(faults.list));
  app.post('/__faults', async (request, reply) => {
    const body = await readBody(request, z.union([faultSchema, z.array(faultSchema)]));
    faults.add(Array.isArray(body) ? body : [body]);
    return reply.code(201).send(faults.list);
  });
  app.delete('/__faults', (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  app.get('/__requests', (_request, reply) => reply.send(Object.fromEntries(counters)));
  app.delete('/__requests', (_request, reply) => {
    counters.clear();
    return reply.code(204).send();
  });
}

/** What a fault does before the request is handled. */
async function before(fault: Fault, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  if (fault.latencyMs) await sleep(fault.latencyMs, undefined, { ref: false });
  if (fault.reset) {
    reply.hijack();
    request.raw.socket.resetAndDestroy();
    return reply;
  }
  if (fault.code !== undefined) return sendEnvelope(fault, fault.code, reply);
  if (fault.status === undefined) return undefined;
  return reply
    .code(fault.status)
    .type('text/plain; charset=utf-8')
    .headers(fault.headers ?? {})
    .send(fault.body ?? `fault on demand: ${fault.status}\n`);
}

function sendEnvelope({ status = 200, headers = {}, body }: Fault, code: number, reply: FastifyReply): FastifyReply {
  const envelope = { code, message: body ?? `fault on demand: ${code}`, data: null, traceId: '' };
  return reply.code(status).type('application/json;charset=UTF-8').headers(headers).send(JSON.stringify(envelope));
}

/** What a fault does to the answer of a request that was handled. */
function after(fault: Fault, exchange: { request: FastifyRequest; reply: FastifyReply }, payload: unknown): unknown {
  if (fault.loseAnswer) {
    exchange.request.raw.socket.destroy();
    return payload;
  }
  const replaced =
    fault.body !== undefined && fault.status === undefined && fault.code === undefined ? replace(fault.body, exchange.reply) : payload;
  return fault.truncate ? truncate(exchange, replaced) : replaced;
}

function replace(body: string, reply: FastifyReply): string {
  reply.header('content-length', Buffer.byteLength(body));
  return body;
}

/** Sends half of what was announced and then breaks the connection. */
function truncate({ request, reply }: { request: FastifyRequest; reply: FastifyReply }, payload: unknown): Readable {
  const whole = typeof payload === 'string' || Buffer.isBuffer(payload) ? Buffer.from(payload as string) : undefined;
  const length = whole?.length ?? Number(reply.getHeader('content-length') ?? 2);
  if (whole) reply.header('content-length', length);
  const source = payload instanceof Readable ? payload : Readable.from(whole ? [whole] : []);
  return Readable.from(
    firstHalf(source, Math.floor(length / 2), () => request.raw.socket.destroy()),
    { objectMode: false },
  );
}

async function* firstHalf(source: Readable, half: number, cut: () => void): AsyncGenerator<Buffer> {
  let left = half;
  for await (const chunk of source) {
    const part = (chunk as Buffer).subarray(0, left);
    left -= part.length;
    if (part.length > 0) yield part;
    if (left === 0) break;
  }
  // The half has to leave the process before the connection is broken.
  await sleep(20);
  cut();
}
