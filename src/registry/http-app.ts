import { STATUS_CODES } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';
import {
  fastify,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';

/** How a server answers what a route or the framework throws. */
export type AnswerError = (error: Error, exchange: { request: FastifyRequest; reply: FastifyReply }) => FastifyReply;

/** Makes a server with no routes; bodies are left to the routes. */
export function newApp(answer: AnswerError, extra: Pick<FastifyServerOptions, 'rewriteUrl'> = {}): FastifyInstance {
  const app = fastify({
    ...extra,
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
  app.setErrorHandler((error: FastifyError, request, reply) => answer(error, { request, reply }));
  return app;
}

/** Makes a server listen; the answer is its URL without a slash at the end. */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await app.listen({ port, host });
  } catch (cause) {
    throw listenError(cause as NodeJS.ErrnoException, host, port);
  }
  return urlOf(app.server.address() as AddressInfo);
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
    return new Error(`port ${port} on ${host} is in use; stop the program that uses it, or choose another port`, { cause });
  if (cause.code === 'EACCES')
    return new Error(`permission to listen on port ${port} on ${host} is denied; choose a port above 1023`, { cause });
  return cause;
}

function urlOf({ address, family, port }: AddressInfo): string {
  const host = address === '0.0.0.0' || address === '::' ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}`;
}
