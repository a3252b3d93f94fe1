import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, Server as SecureServer } from 'node:https';
import { type AddressInfo, type Socket } from 'node:net';
import { type FastifyServerFactory, type FastifyServerOptions } from 'fastify';
import { type Logger } from '../logger';
import { type AccessLogFormat, accessLine } from './access-log';
import { answerEndpoint, type Check, type Shown } from './endpoints';
import { observe, RequestFacts } from './facts';
import { type Lines, openLines } from './lines';
import { Metrics } from './metrics';
import { REQUEST_ID } from './request-id';
import { type Traffic } from './traffic';
import { Certificate, type CertificateFiles } from './tls';

/** The status of a request whose client gave up, as nginx has it. */
const GIVEN_UP = 499;

/** How the registry is operated. */
export interface OperationOptions {
  /** The file of the access log, or `-` for the standard output. @default - none */
  readonly accessLog?: string;
  /** @default "combined" */
  readonly accessLogFormat?: AccessLogFormat;
  /** The certificate to serve https with. @default - http */
  readonly tls?: CertificateFiles;
  /** A port of its own for `/metrics`, `/livez` and `/readyz`; 0 takes a free one. @default - they are served beside the backends, unless strict */
  readonly metricsPort?: number;
}

/** What operating depends on. */
export interface OperationParts {
  readonly options: OperationOptions;
  readonly logger: Logger;
  /** Whether only what a real server has may be seen. */
  readonly strict: boolean;
  /** Whether `X-Forwarded-For` names the client. */
  readonly trustForwarded: boolean;
}

/**
 * What stands before the backends: it identifies, counts and logs their requests, answers probes and metrics, and knows when the last request
 * is over.
 */
export class Operations {
  readonly metrics = new Metrics();
  readonly certificate: Certificate | undefined;
  readonly #checks: Record<string, Check> = {};
  readonly #traffic: Traffic[] = [];
  readonly #servers: Server[] = [];
  readonly #shown: Shown;
  #lines: Lines | undefined;
  #own: Server | undefined;
  #isStopping = false;

  private constructor(private readonly parts: OperationParts) {
    const { options, logger } = parts;
    if (options.tls) this.certificate = new Certificate(options.tls, logger);
    this.#shown = { isStopping: () => this.#isStopping, checks: this.#checks, metrics: () => this.metrics.text() };
  }

  /** Reads the certificate and opens the access log; throws if it cannot. */
  static async open(parts: OperationParts): Promise<Operations> {
    const operations = new Operations(parts);
    const { accessLog } = parts.options;
    if (accessLog !== undefined) operations.#lines = await openLines(accessLog, parts.logger);
    return operations;
  }

  /** Lets readiness depend on something. */
  check(name: string, check: Check): void {
    this.#checks[name] = check;
  }

  /** How many requests are being answered. */
  get inFlight(): number {
    return this.#traffic.reduce((sum, { inFlight }) => sum + inFlight, 0);
  }

  /** Makes the servers of a backend, behind all this. */
  serverOf(backend: string): FastifyServerFactory {
    const traffic = this.metrics.trafficOf(backend);
    this.#traffic.push(traffic);
    return (handler, options) => {
      const { keepAliveTimeout, requestTimeout } = options as FastifyServerOptions;
      const server = this.#newServer((request, response) => this.#receive(traffic, { request, response }, handler));
      server.keepAliveTimeout = keepAliveTimeout ?? server.keepAliveTimeout;
      server.requestTimeout = requestTimeout ?? server.requestTimeout;
      this.#servers.push(server);
      return server;
    };
  }

  /** Serves the endpoints at a port of their own, if they have one. */
  async listen(host: string): Promise<void> {
    const { metricsPort } = this.parts.options;
    if (metricsPort === undefined) return;
    const server = createServer((request, response) => {
      if (!answerEndpoint(this.#shown, request, response)) response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
    });
    server.listen(metricsPort, host);
    // Rejects with what prevents it.
    await once(server, 'listening');
    this.#own = server;
  }

  /** Where the endpoints are, if they have a port of their own. */
  get url(): string | undefined {
    return this.#own && urlOf(this.#own);
  }

  /** Makes readiness fail, and ends each connection with the request that it is used for. */
  stop(): void {
    this.#isStopping = true;
  }

  /** Reads the certificate anew and opens the access log anew. */
  reload(): void {
    this.certificate?.reload();
    this.#lines?.reopen();
  }

  /** Writes out what is left to be logged. */
  async close(): Promise<void> {
    this.certificate?.close();
    this.#own?.close();
    this.#own?.closeAllConnections();
    await this.#lines?.close();
  }

  #newServer(listener: RequestListener): Server {
    const { certificate } = this;
    if (!certificate) return createServer(listener);
    const server = createSecureServer(certificate.settings, listener);
    certificate.add(server);
    return server;
  }

  #receive(traffic: Traffic, { request, response }: Pair, handler: RequestListener): void {
    const { options, strict } = this.parts;
    if (!strict && options.metricsPort === undefined && answerEndpoint(this.#shown, request, response)) return;
    const facts = new RequestFacts(traffic.backend, request.headers);
    observe(request, facts);
    // At its end, a request is separated from its connection.
    const { socket } = request;
    traffic.inFlight += 1;
    response.on('close', () => {
      traffic.inFlight -= 1;
      this.#ended(traffic, { request, response, socket }, facts);
    });
    // An id that no log has helps nobody; one of the client is returned.
    if (!strict && (this.#lines ?? request.headers[REQUEST_ID]) !== undefined) response.setHeader(REQUEST_ID, facts.id.id);
    if (this.#isStopping) response.shouldKeepAlive = false;
    handler(request, response);
  }

  #ended(traffic: Traffic, { request, response, socket }: Pair & { readonly socket: Counted }, facts: RequestFacts): void {
    const seconds = (performance.now() - facts.startedAt) / 1000;
    const status = response.writableFinished ? response.statusCode : GIVEN_UP;
    const [received, sent] = moved(socket);
    const { type, repository, source } = facts;
    traffic.add({ type, repository, source, status, seconds, received, sent });
    if (this.#lines) {
      const bytes = Math.max(0, sent - headLength(response));
      const ended = { request, facts, status, bytes, seconds, client: this.#clientOf(request, socket) };
      this.#lines.write(accessLine(this.parts.options.accessLogFormat ?? 'combined', ended));
    }
    if (this.#isStopping) setImmediate(() => this.#servers.forEach((server) => server.closeIdleConnections()));
  }

  /** The address of the client: the proxy in front adds it last to what it was told. */
  #clientOf({ headers }: IncomingMessage, socket: Socket): string {
    const forwarded = this.parts.trustForwarded ? [headers['x-forwarded-for']].flat().join(',').split(',').at(-1)?.trim() : '';
    return forwarded && /^[\da-f.:]+$/i.test(forwarded) ? forwarded : (socket.remoteAddress ?? '-');
  }
}

interface Pair {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const SEEN = Symbol('seen');
type Counted = Socket & { [SEEN]?: { read: number; written: number } };

/** What went over a connection since the last request: Node reads the head of a request, and some of its body, before it tells of it. */
function moved(socket: Counted): readonly [received: number, sent: number] {
  const { bytesRead, bytesWritten } = socket;
  const seen = (socket[SEEN] ??= { read: 0, written: 0 });
  const since = [bytesRead - seen.read, bytesWritten - seen.written] as const;
  seen.read = bytesRead;
  seen.written = bytesWritten;
  return since;
}

/** Node keeps the head of an answer as it was sent. */
function headLength(response: ServerResponse & { readonly _header?: string | null }): number {
  return response._header?.length ?? 0;
}

/** Where a server listens, without a slash at the end. */
export function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  const host = address === '0.0.0.0' || address === '::' ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  return `${server instanceof SecureServer ? 'https' : 'http'}://${host}:${port}`;
}
