import { STATUS_CODES } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';
import { fastify, type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { artifactApi } from './backends/artifactapi';
import { type Context } from './context';
import { HttpError, reasonOf } from './errors';
import { Events } from './events';
import { type Fault, Faults } from './faults/fault';
import { faultHooks } from './faults/hooks';
import { type Logger, silent } from './logger';
import { Engine } from './proxy/engine';
import { IndexCache } from './proxy/index-cache';
import { Upstream } from './proxy/upstream';
import { sendText } from './reply';
import { openStore, type Store } from './store/store';

export { type Fault } from './faults/fault';
export { type Logger } from './logger';

/** How the embedded registry is started. */
export interface RegistryOptions {
  /** The folder for metadata and blobs; made if need be, held by one process at a time. */
  readonly data: string;
  /** The port to listen on; 0 takes a free one. @default 8000 */
  readonly port?: number;
  /** The address to listen on. @default "127.0.0.1" */
  readonly host?: string;
  /** The URL that generated links begin with. @default - what the client names in its Host header */
  readonly publicUrl?: string;
  /** Does exactly what the contract says a real server does, and no more. @default false */
  readonly strict?: boolean;
  /** Faults on demand: `true` opens `/__faults` and `/__requests`, a list puts faults in force as well. @default false */
  readonly faults?: boolean | readonly Fault[];
  /** Where the registry tells what it does. @default - nowhere */
  readonly logger?: Logger;
  /** How long `close` waits for running requests. @default 1000 */
  readonly closeGraceMs?: number;
}

/** A running registry. */
export interface Registry {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Stops it: idle connections at once, running requests after the time of grace. */
  close(): Promise<void>;
}

const COLLECT_EVERY_MS = 10 * 60_000;
const ORPHAN_AGE_MS = 60 * 60_000;

/** Starts the embedded registry; it is ready when the promise resolves. */
export async function startRegistry(options: RegistryOptions): Promise<Registry> {
  const { port = 8000, host = '127.0.0.1', logger = silent, closeGraceMs = 1000 } = options;
  const store = await openStore(options.data);
  const upstream = new Upstream();
  const app = buildApp(makeContext(options, store, upstream), options.faults);
  const collector = setInterval(() => void collect(store, logger), COLLECT_EVERY_MS).unref();
  let closing: Promise<void> | undefined;

  const stop = async () => {
    clearInterval(collector);
    const grace = setTimeout(() => app.server.closeAllConnections(), closeGraceMs);
    await app.close();
    clearTimeout(grace);
    await upstream.close();
    await store.close();
  };

  try {
    await app.listen({ port, host });
  } catch (cause) {
    await stop();
    throw listenError(cause as NodeJS.ErrnoException, host, port);
  }
  const url = urlOf(app.server.address() as AddressInfo);
  logger.info('the registry listens', { url, data: options.data, strict: options.strict ?? false });
  return { url, close: () => (closing ??= stop()) };
}

function makeContext(options: RegistryOptions, store: Store, upstream: Upstream): Context {
  const { logger = silent, strict = false } = options;
  const events = new Events();
  const engine = new Engine({
    store,
    upstream,
    logger,
    onCached: ({ remote, path }, { size }) => events.emit('artifact.cached', { remote, path, size }),
  });
  return { store, engine, indexes: new IndexCache(), events, logger, strict, publicUrl: options.publicUrl?.replace(/\/+$/, '') };
}

function buildApp(context: Context, faults: RegistryOptions['faults']): FastifyInstance {
  const app = fastify({
    logger: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 4096 },
    frameworkErrors: (error, _request, reply) => void answerError(context.logger, error, reply),
    clientErrorHandler: answerGarbage,
  });
  // Bodies are read by the routes: uploads as a stream whatever their type, JSON with a limit and reasons of its own.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setErrorHandler((error: FastifyError, _request, reply) => answerError(context.logger, error, reply));
  app.setNotFoundHandler((_request, reply) => sendText(reply, 404, '404 page not found'));
  if (faults) {
    const active = new Faults();
    if (faults !== true) active.add(faults);
    faultHooks(app, active);
  }
  artifactApi(app, context);
  return app;
}

function answerError(logger: Logger, error: FastifyError | HttpError, reply: FastifyReply): FastifyReply {
  const status = error instanceof HttpError ? error.status : (error.statusCode ?? 500);
  if (status >= 500 && !(error instanceof HttpError)) logger.error('a request failed', { url: reply.request.url, reason: reasonOf(error) });
  for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name);
  return sendText(reply, status, reasonOf(error));
}

/** Answers what is not HTTP; a connection that is gone needs no answer. */
function answerGarbage(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const text = `malformed request: ${error.message}\n`;
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}`;
  socket.end(`${head}\r\nConnection: close\r\n\r\n${text}`);
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  if (cause.code === 'EADDRINUSE')
    return new Error(`port ${port} on ${host} is taken; stop what uses it, or choose another port`, { cause });
  if (cause.code === 'EACCES') return new Error(`port ${port} on ${host} is not allowed to this user; choose one above 1023`, { cause });
  return cause;
}

function urlOf({ address, family, port }: AddressInfo): string {
  const host = address === '0.0.0.0' || address === '::' ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}`;
}

async function collect(store: Store, logger: Logger): Promise<void> {
  try {
    const removed = await store.blobs.collect(new Date(Date.now() - ORPHAN_AGE_MS).toISOString());
    if (removed > 0) logger.info('blobs that nothing refers to were removed', { removed });
  } catch (cause) {
    logger.warn('blobs could not be collected', { reason: reasonOf(cause) });
  }
}
