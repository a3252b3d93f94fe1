import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer as createSecureServer, Server as SecureServer } from 'node:https';
import { type AddressInfo, type Socket } from 'node:net';
import { type FastifyServerFactory, type FastifyServerOptions } from 'fastify';
import { type LogEvent } from 'kysely';
import { type Logger } from '../logger';
import { type CircuitOptions } from '../proxy/circuit';
import { Guard } from '../proxy/guard';
import { isHost } from '../public-url';
import { type Settings } from '../settings';
import { type AccessLogFormat, accessLine } from './access-log';
import { headLength, isBrokenOff, knowConnections, moved, noteBrokenOff, unanswered } from './connection';
import { answerEndpoint, type Check, oneAtATime, type Shown, statesOf } from './endpoints';
import { observe, RequestFacts } from './facts';
import { type Lines, openLines } from './lines';
import { TrafficHistory } from './history';
import { Metrics } from './metrics';
import { REQUEST_ID } from './request-id';
import { type Traffic } from './traffic';
import { type Outcome, type Tracing } from './tracing';
import { Certificate, type CertificateFiles } from './tls';

/** How long the ends of requests are waited for after their connections have ended. */
const LAST_WORDS_MS = 1000;

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
  /** When requests to an upstream that fails are refused at once. @default - after 5 failures in a row, for 15 seconds */
  readonly circuit?: CircuitOptions;
  /** Whether upstreams are told of the trace that a request is in. @default false */
  readonly traceUpstreams?: boolean;
  /** How often the traffic is looked at for charts, in milliseconds. @default 60000 */
  readonly trafficEveryMs?: number;
}

/** What operating depends on. */
export interface OperationParts {
  readonly options: OperationOptions;
  readonly logger: Logger;
  /** Whether only what a real server has may be seen. */
  readonly strict: boolean;
  /** Whether `X-Forwarded-For` names the client. */
  readonly trustForwarded: boolean;
  /** The variables of OpenTelemetry say whether requests are traced. */
  readonly environment: Settings;
}

/**
 * What stands before the backends: it identifies, counts and logs their requests, answers probes and metrics, and knows when the last request
 * is over.
 */
export class Operations {
  readonly metrics = new Metrics();
  readonly history: TrafficHistory;
  readonly certificate: Certificate | undefined;
  readonly guard: Guard;
  readonly #checks: Record<string, Check> = {};
  readonly #traffic: Traffic[] = [];
  readonly #servers: Server[] = [];
  readonly #connections = new Set<Socket>();
  readonly #shown: Shown;
  #lines: Lines | undefined;
  #own: Server | undefined;
  #isStopping = false;
  #mayMeasure: Shown['mayMeasure'] = () => Promise.resolve(true);

  private constructor(
    private readonly parts: OperationParts,
    private readonly tracing: Tracing | undefined,
  ) {
    const { options, logger } = parts;
    const { upstreamRequests: requests, upstreamSeconds: seconds } = this.metrics;
    this.guard = new Guard({ options: options.circuit, logger, requests, seconds, tracing });
    this.metrics.add(this.guard.metric());
    this.history = new TrafficHistory(() => this.metrics.traffic(), { everyMs: options.trafficEveryMs });
    if (options.tls) this.certificate = new Certificate(options.tls, logger);
    this.#shown = {
      isStopping: () => this.#isStopping,
      checks: this.#checks,
      metrics: () => this.metrics.text(),
      mayMeasure: (request) => this.#mayMeasure(request),
    };
  }

  /** Reads the certificate and opens the access log; throws if it cannot. */
  static async open(parts: OperationParts): Promise<Operations> {
    const { accessLog, traceUpstreams = false } = parts.options;
    const encoding = tracedAs(parts.environment);
    const tracing = encoding && new (await import('./tracing')).Tracing(traceUpstreams, encoding);
    const operations = new Operations(parts, tracing);
    if (accessLog !== undefined) operations.#lines = await openLines(accessLog, parts.logger);
    return operations;
  }

  /** Lets readiness depend on something. */
  check(name: string, check: Check): void {
    this.#checks[name] = oneAtATime(check);
  }

  /** What readiness depends on, and `ok` or what is wrong for each. */
  states(): Promise<Readonly<Record<string, string>>> {
    return statesOf(this.#checks);
  }

  /** Counts a statement to the database that has ended, and adds it to the trace. */
  readonly onStatement = ({ level, query, queryDurationMillis: ms, ...rest }: LogEvent): void => {
    const [operation = ''] = query.sql.trimStart().split(/\s/, 1);
    this.metrics.statementSeconds.observe([operation.toLowerCase()], ms / 1000);
    this.tracing?.statement({ sql: query.sql, ms, ...(level === 'error' && 'error' in rest && { failure: rest.error }) });
  };

  /** Forgets a repository that is gone. */
  readonly forget = (repository: string): void => {
    for (const traffic of this.metrics.traffic()) traffic.forget(repository);
    this.guard.forget(repository);
  };

  /** Lets somebody decide who may see the metrics where they are served beside the backends. */
  guardMetrics(mayMeasure: Shown['mayMeasure']): void {
    this.#mayMeasure = mayMeasure;
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
      knowConnections(server, this.#connections);
      this.#servers.push(server);
      return server;
    };
  }

  /** Serves the endpoints at a port of their own, if they have one. */
  async listen(host: string): Promise<void> {
    const { metricsPort } = this.parts.options;
    if (metricsPort === undefined) return;
    const server = createServer((request, response) => {
      if (!answerEndpoint({ ...this.#shown, mayMeasure: () => Promise.resolve(true) }, request, response))
        response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
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

  /** Ends all connections; says so in the log if there are requests on them. */
  breakOff(graceMs: number): void {
    const requests = this.inFlight;
    if (requests > 0) {
      const words = requests === 1 ? '1 request was' : `${requests} requests were`;
      this.parts.logger.warn(`${words} broken off after ${graceMs / 1000} s`);
    }
    for (const socket of this.#connections) noteBrokenOff(socket);
    for (const server of this.#servers) server.closeAllConnections();
  }

  /** Resolves when all requests are counted and logged, or after a second: servers are closed before they tell of connections that were broken off. */
  async ended(): Promise<void> {
    for (const end = performance.now() + LAST_WORDS_MS; this.inFlight > 0 && performance.now() < end;) await sleep(10);
  }

  /** Reads the certificate anew and opens the access log anew. */
  reload(): void {
    this.certificate?.reload();
    this.#lines?.reopen();
  }

  /** Writes out what is left to be logged. */
  async close(): Promise<void> {
    this.history.stop();
    this.certificate?.close();
    this.#own?.close();
    this.#own?.closeAllConnections();
    await Promise.all([this.#lines?.close(), this.tracing?.close()]);
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
    // A target may be a whole URL; its path is what counts, for the router and for all who read it after that.
    if (!request.url?.startsWith('/')) request.url = request.url?.replace(/^https?:\/\/[^/?#]*/i, '') || '/';
    const facts = new RequestFacts(traffic.backend, request.headers);
    observe(request, facts);
    // At its end, a request is separated from its connection.
    const { socket } = request;
    let trace: ReturnType<Tracing['serve']> | undefined;
    traffic.inFlight += 1;
    response.on('close', () => {
      traffic.inFlight -= 1;
      const outcome = this.#ended(traffic, { request, response, socket }, facts);
      trace?.(outcome);
    });
    // An id that no log has helps nobody; one of the client is returned.
    if (!strict && (this.#lines ?? this.tracing ?? request.headers[REQUEST_ID]) !== undefined) response.setHeader(REQUEST_ID, facts.id.id);
    if (this.#isStopping) response.shouldKeepAlive = false;
    // Links begin with it, and what may be changed from where depends on it.
    if (!isHost(request.headers.host || 'localhost')) return refuseHost(request, response);
    if (this.tracing) trace = this.tracing.serve(request, facts, () => handler(request, response));
    else handler(request, response);
  }

  #ended(traffic: Traffic, { request, response, socket }: Pair & { readonly socket: Socket }, facts: RequestFacts): Outcome {
    const seconds = (performance.now() - facts.startedAt) / 1000;
    const status = response.writableFinished ? response.statusCode : unanswered(request, response, socket);
    const [received, sent] = moved(socket);
    const { type, repository, source } = facts;
    traffic.add({ type, repository, source, status, seconds, received, sent });
    if (this.#lines) {
      const bytes = Math.max(0, sent - headLength(response));
      const isBroken = isBrokenOff(response, socket);
      const ended = { request, facts, status, bytes, seconds, isBroken, client: this.#clientOf(request, socket) };
      this.#lines.write(accessLine(this.parts.options.accessLogFormat ?? 'combined', ended));
    }
    if (this.#isStopping) setImmediate(() => this.#servers.forEach((server) => server.closeIdleConnections()));
    return { status, sent };
  }

  /** The address of the client: the proxy in front adds it last to what it was told. */
  #clientOf({ headers }: IncomingMessage, socket: Socket): string {
    const forwarded = this.parts.trustForwarded ? [headers['x-forwarded-for']].flat().join(',').split(',').at(-1)?.trim() : '';
    return forwarded && /^[\da-f.:]+$/i.test(forwarded) ? forwarded : (socket.remoteAddress ?? '-');
  }
}

function refuseHost({ headers: { host } }: IncomingMessage, response: ServerResponse): void {
  const text = `invalid Host header ${JSON.stringify(host)}; expected a name or an address, with or without a port\n`;
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(text), connection: 'close' };
  response.writeHead(400, headers).end(text);
}

interface Pair {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** How spans are sent to a collector. */
export type Encoding = 'http/protobuf' | 'http/json';

/** How spans are sent, if OpenTelemetry's variables name a collector; throws if they want what there is not. */
function tracedAs(environment: Settings): Encoding | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: all, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces = all } = environment;
  const { OTEL_SDK_DISABLED: disabled = '', OTEL_TRACES_EXPORTER: exporter = '' } = environment;
  if (!traces || disabled.toLowerCase() === 'true' || exporter === 'none') return undefined;
  const name = environment['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] ? 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL' : 'OTEL_EXPORTER_OTLP_PROTOCOL';
  // What OpenTelemetry says that SDKs should do where nothing is set.
  const protocol = environment[name] || 'http/protobuf';
  if (protocol === 'http/protobuf' || protocol === 'http/json') return protocol;
  throw new Error(
    `${name} is ${JSON.stringify(protocol)}; the registry sends traces over HTTP, usually to port 4318: set "http/protobuf" or "http/json"`,
  );
}

/** Where a server listens, without a slash at the end. */
export function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  const host = address === '0.0.0.0' || address === '::' ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  return `${server instanceof SecureServer ? 'https' : 'http'}://${host}:${port}`;
}
