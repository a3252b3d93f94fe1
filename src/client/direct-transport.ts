import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { TlsSettings } from './tls-settings';
import {
  connectTimeout,
  idleTimeout,
  type Transport,
  type TransportOptions,
  type TransportRequest,
  type TransportResponse,
} from './transport';

/**
 * Connections without a proxy, by Node's own client: a first request costs 6 ms of CPU and 1 MiB, through undici 31 ms and 10 MiB,
 * paid by every provider process (docs/design/004-start-up.md).
 */
export function directTransport(options: TransportOptions, tls: TlsSettings): Transport {
  const pool = {
    keepAlive: true,
    maxSockets: options.maxConcurrency,
    maxFreeSockets: options.maxConcurrency,
    timeout: idleTimeout,
    scheduling: 'lifo',
  } as const;
  const agents = { 'http:': new http.Agent(pool), 'https:': new https.Agent({ ...pool, ...tls }) };
  return {
    request: (request) => send(request, { agents, options }),
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
      return Promise.resolve();
    },
  };
}

interface Pool {
  readonly agents: { readonly 'http:': http.Agent; readonly 'https:': https.Agent };
  readonly options: TransportOptions;
}

function send({ origin, path, method, headers, body, signal }: TransportRequest, { agents, options }: Pool): Promise<TransportResponse> {
  const { protocol, hostname, port } = new URL(origin);
  const secure = protocol === 'https:';
  const target = { hostname: hostname.replace(/^\[|\]$/g, ''), port, path, method, signal, headers: { ...headers, ...lengthOf(body) } };
  return new Promise((resolve, reject) => {
    const request = secure ? https.request({ ...target, agent: agents['https:'] }) : http.request({ ...target, agent: agents['http:'] });
    request.once('error', reject);
    request.once('response', (response) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response }));
    request.once('socket', (socket: Socket) => limitConnect(request, socket, connectTimeout(options)));
    if (body === undefined || typeof body === 'string') return void request.end(body);
    body.once('error', (cause: Error) => request.destroy(cause));
    body.pipe(request);
  });
}

/** Node has no limit of its own for making a connection. */
function limitConnect(request: http.ClientRequest, socket: Socket, milliseconds: number): void {
  if (!socket.connecting) return;
  const timer = setTimeout(
    () => request.destroy(failure('ECONNECTTIMEOUT', `no connection within ${milliseconds / 1000} s`)),
    milliseconds,
  );
  const done = (): void => clearTimeout(timer);
  socket.once('connect', done).once('close', done);
}

const lengthOf = (body: TransportRequest['body']): Record<string, string> =>
  typeof body === 'string' ? { 'content-length': String(Buffer.byteLength(body)) } : {};

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });
