import { STATUS_CODES } from 'node:http';
import { type Socket } from 'node:net';
import {
  fastify,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import { type Context } from './context';
import { orStoreProblem } from './store/full';
import { reasonOf } from './errors';
import { noteTold } from './operations/connection';
import { factsOf } from './operations/facts';
import { masked } from './operations/masked';
import { urlOf } from './operations/operations';
import { REQUEST_ID } from './operations/request-id';
import { plainConnection } from './operations/tls';
import { type Exchange } from './reply';

/** How a server answers what a route or the framework throws. */
export type AnswerError = (error: Error, exchange: { request: FastifyRequest; reply: FastifyReply }) => FastifyReply;

/** Makes the server of a backend, with no routes; bodies are left to the routes. */
export function newApp(
  backend: string,
  { operations }: Pick<Context, 'operations'>,
  { answer, ...extra }: Pick<FastifyServerOptions, 'rewriteUrl'> & { readonly answer: AnswerError },
): FastifyInstance {
  const app = fastify({
    ...extra,
    serverFactory: operations.serverOf(backend),
    // What is shown and logged is made by `RequestFacts`, and only where it is.
    genReqId: () => '',
    logger: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 4096 },
    frameworkErrors: (error, request, reply) => void answer(error, { request, reply }),
    clientErrorHandler: answerGarbage,
  });
  // Bodies are read by the routes: uploads as a stream whatever their type, JSON with a limit and reasons of its own.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setErrorHandler((error: FastifyError, request, reply) => answer(orStoreProblem(error) as Error, { request, reply }));
  return app;
}

/** Logs that a request failed through no fault of the client, who is told under which id. */
export function logFailure({ logger, strict }: Pick<Context, 'logger' | 'strict'>, { request, reply }: Exchange, cause: unknown): void {
  const id = factsOf(request.raw)?.id.id;
  logger.error('a request failed', { method: request.method, url: masked(request.url), reason: reasonOf(cause), request_id: id });
  if (!strict && id !== undefined) reply.raw.setHeader(REQUEST_ID, id);
}

/** Makes a server listen; the answer is its URL without a slash at the end. */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await app.listen({ port, host });
  } catch (cause) {
    throw listenError(cause as NodeJS.ErrnoException, host, port);
  }
  return urlOf(app.server);
}

/** Answers what is not HTTP; a connection that is gone needs no answer. */
function answerGarbage(error: Error & { code?: string }, socket: Socket): void {
  const plain = plainConnection(error, socket);
  if (plain) return sendBare(plain, 400, 'this port speaks HTTPS: begin the URL with https:// instead of http://\n');
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  noteTold(socket, status);
  sendBare(socket, status, `malformed request: ${error.message}\n`);
}

/** Answers on a connection that has no request, and ends it. */
function sendBare(socket: Socket, status: number, text: string): void {
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}`;
  socket.end(`${head}\r\nConnection: close\r\n\r\n${text}`);
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  if (cause.code === 'EADDRINUSE')
    return new Error(`port ${port} on ${host} is in use; stop the program that uses it, or choose another port`, { cause });
  if (cause.code === 'EACCES')
    return new Error(`permission to listen on port ${port} on ${host} is denied; choose a port above 1023`, { cause });
  return cause;
}
