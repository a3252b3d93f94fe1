import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import type { ValueRecord } from '../common/value';
import type { Dialect } from '../schema/dialect';
import type { ApiAnswer, ApiClient, ApiRequest } from '../schema/binding';
import type { ErrorCode } from './error';
import { type Call, failureOfException, failureOfStatus } from './failures';
import { Limiter } from './limiter';
import { bodyDigest, bodyText, parse } from './body';
import { Redactor } from './redact';
import { type Retryable, withRetry } from './retry';
import { createTransport, type Transport, type TransportOptions, type TransportRequest } from './transport';

/** How a client reaches its server. */
export interface ClientOptions extends TransportOptions {
  /** Base URL; its path is kept. */
  readonly endpoint: string;
  /** Sent with every request, authentication included. */
  readonly headers: Readonly<Record<string, string>>;
  /** Values that must never show. */
  readonly secrets: readonly string[];
  readonly userAgent: string;
  /** What definitions may know of the configuration. @default nothing */
  readonly settings?: ValueRecord;
  /** How the API tells of failures in its bodies. */
  readonly dialect?: Dialect;
  readonly maxRetries: number;
  /** Milliseconds before the second try. @default 250 */
  readonly baseDelay?: number;
  /** Told of each request when it ends; never with bodies or headers. */
  readonly log?: (event: { method: string; path: string; status: number | string; milliseconds: number }) => void;
}

const strain: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['busy', 'server-error', 'timeout', 'unreachable']);

/** A request of the API and how it goes out. */
interface Sending {
  readonly api: ApiRequest;
  readonly outgoing: () => TransportRequest;
}

/** An HTTP client for one server. */
export class Client implements ApiClient {
  readonly endpoint: string;
  readonly settings: ValueRecord;
  readonly redactor = new Redactor();
  private readonly limiter: Limiter;
  private cancel = new AbortController();
  private transport: Promise<Transport> | undefined;

  constructor(private readonly options: ClientOptions) {
    this.endpoint = options.endpoint.replace(/\/+$/, '');
    this.settings = options.settings ?? {};
    this.limiter = new Limiter(options.maxConcurrency);
    for (const secret of options.secrets) this.redactor.add(secret);
    // Every call under way listens; the default of 10 would write a warning to stderr.
    setMaxListeners(0, this.cancel.signal);
  }

  async send(api: ApiRequest): Promise<ApiAnswer> {
    for (const secret of api.secrets ?? []) this.redactor.add(secret);
    const idempotent = api.idempotent ?? (api.method !== 'POST' && api.method !== 'PATCH');
    const call: Call = {
      method: api.method,
      url: this.endpoint + api.path,
      idempotent,
      requestTimeout: this.options.requestTimeout,
      clean: (text) => this.redactor.clean(text),
    };
    const signal = api.signal ? AbortSignal.any([api.signal, this.cancel.signal]) : this.cancel.signal;
    const policy = { retries: this.options.maxRetries, baseDelay: this.options.baseDelay ?? 250, signal };
    // A write under way is not cut off by a stop: what it made has to be known, or it is orphaned.
    const reads = api.method === 'GET' || api.method === 'HEAD';
    const outgoing = this.outgoing(api, reads ? signal : (api.signal ?? new AbortController().signal));
    const attempt = (): Promise<{ answer: ApiAnswer } | Retryable> =>
      signal.aborted
        ? Promise.resolve(failureOfException({ ...call, idempotent: true }, signal.reason))
        : this.limited(call, { api, outgoing });
    return withRetry(() => this.limiter.run(attempt), policy);
  }

  /** Ends the reads and waits that are under way, and starts no waiting call; writes under way come to their end. */
  stop(): void {
    const { cancel } = this;
    this.cancel = new AbortController();
    cancel.abort();
  }

  /** Makes the connection pool, so that certificate files that are not there are found early. */
  async prepare(): Promise<void> {
    await this.pool();
  }

  /** Closes the connections. */
  async close(): Promise<void> {
    await (await this.transport)?.close();
  }

  private pool(): Promise<Transport> {
    return (this.transport ??= createTransport(this.options));
  }

  /** One try; how it went tells the limiter what the server takes. A try that waits for its turn again holds no place. */
  private async limited(call: Call, sending: Sending): Promise<{ answer: ApiAnswer } | Retryable> {
    const started = performance.now();
    const result = await this.attempt(call, sending);
    const { api } = sending;
    const strained = 'error' in result && strain.has(result.error.code);
    // Bodies of files say how large a file is, not how busy the server is.
    const comparable = !strained && !api.upload && !api.digest;
    this.limiter.report({ strained, startedAt: started, ...(comparable && { latency: performance.now() - started, kind: api.method }) });
    return result;
  }

  private async attempt(call: Call, { api, outgoing }: Sending): Promise<{ answer: ApiAnswer } | Retryable> {
    const started = performance.now();
    let status: number | string = 'failed';
    try {
      const response = await (await this.pool()).request(outgoing());
      status = response.status;
      const succeeded = status >= 200 && status < 300;
      if (succeeded && api.digest) return { answer: { status, json: undefined, digest: await bodyDigest(response.body) } };
      const text = await bodyText(response.body);
      const json = parse(text);
      const failure = this.options.dialect?.({ status, json });
      if (succeeded && !failure) return { answer: { status, json } };
      const header = (name: string): string | undefined => [response.headers[name]].flat()[0];
      return failureOfStatus(call, {
        status,
        text,
        contentType: header('content-type') ?? '',
        retryAfter: header('retry-after'),
        location: header('location'),
        failure,
      });
    } catch (thrown) {
      return failureOfException(call, thrown);
    } finally {
      this.options.log?.({
        method: api.method,
        path: this.redactor.clean(api.path),
        status,
        milliseconds: Math.round(performance.now() - started),
      });
    }
  }

  /** Makes the request for each try, because a body can be read only once. */
  private outgoing(api: ApiRequest, signal: AbortSignal): () => TransportRequest {
    return () => this.requestOptions(api, signal);
  }

  private requestOptions(api: ApiRequest, signal: AbortSignal): TransportRequest {
    const base = new URL(this.endpoint);
    const body = api.upload ? Readable.from(api.upload.open()) : api.body === undefined ? undefined : JSON.stringify(api.body);
    const type = api.upload
      ? { 'content-type': 'application/octet-stream', 'content-length': String(api.upload.size) }
      : body !== undefined && { 'content-type': 'application/json' };
    return {
      origin: base.origin,
      path: base.pathname.replace(/\/+$/, '') + api.path,
      method: api.method,
      headers: {
        accept: api.digest ? '*/*' : 'application/json',
        'user-agent': this.options.userAgent,
        ...type,
        ...this.options.headers,
        ...api.headers,
      },
      ...(body !== undefined && { body }),
      signal,
    };
  }
}
