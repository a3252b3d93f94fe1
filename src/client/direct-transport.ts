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
  return nodeTransport(options, {
    begin({ origin, ...target }) {
      const { protocol, hostname, port } = new URL(origin);
      const whole = { ...target, hostname: hostname.replace(/^\[|\]$/g, ''), port };
      return protocol === 'https:'
        ? https.request({ ...whole, agent: agents['https:'] })
        : http.request({ ...whole, agent: agents['http:'] });
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  });
}

/** How requests are begun; their bodies are written later. */
export interface Begin {
  begin(request: Omit<TransportRequest, 'body'>): http.ClientRequest;
  close(): void;
}

/** A transport on Node's own client, for any kind of connection. */
export function nodeTransport(options: TransportOptions, { begin, close }: Begin): Transport {
  return {
    request: (request) => send(request, begin, options),
    close: () => Promise.resolve(close()),
  };
}

function send(
  { body, headers, ...target }: TransportRequest,
  begin: Begin['begin'],
  options: TransportOptions,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    const request = begin({ ...target, headers: { ...headers, ...lengthOf(body) } });
    // Never removed: a connection may break again after its response.
    request.on('error', reject);
    // Node closes a connection that switches protocols without an error; once the promise is settled, this does nothing.
    request.on('close', () => reject(failure('ECONNRESET', 'connection closed without an answer')));
    request.once('response', (response) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response }));
    request.once('socket', (socket: Socket) => limitConnect(request, socket, connectTimeout(options)));
    if (body === undefined || typeof body === 'string') return void request.end(body);
    body.once('error', (cause: Error) => request.destroy(cause));
    body.pipe(request);
  });
}

/** Node has no connect timeout of its own. */
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
