import { inspect } from 'node:util';
import { type ErrorCode, ApiError } from '../schema/define/errors';
import { setMaxListeners } from 'node:events';
import type { ErrorDecoder } from '../schema/define/error-decoder';
import type { ApiAnswer, ApiClient, ApiRequest, ClientAdditions, LogFields } from '../schema/define/client';
import { BaseClient, ExtendedClient } from './base-client';
import { Breaker } from './breaker';
import { type Call, climbs, failureOfException, failureOfStatus, isPage } from './failures';
import { bodyBytes, bodyDigest, parseBody } from './body';
import { Limiter } from './limiter';
import { Memo } from './memo';
import { bodyOf, headersOf, isRead, isRepeatable, Received } from './message';
import { Pace } from './pace';
import { Redactor } from './redact';
import { type Retryable, withRetry } from './retry';
import { createTransport, type Transport, type TransportOptions, type TransportRequest } from './transport';

/** How a client reaches its server. */
export interface ClientOptions extends TransportOptions {
  /** Base URL; its path is preserved. */
  readonly endpoint: string;
  /** Sent with every request, authentication included. */
  readonly headers: Readonly<Record<string, string>>;
  /** Secret values. */
  readonly secrets: readonly string[];
  /** Texts that are never redacted. @default none */
  readonly words?: ReadonlySet<string>;
  /** The credentials and where they come from, for the text of a 401, e.g. `the token from NAME_TOKEN`. @default not mentioned */
  readonly credentials?: string;
  readonly userAgent: string;
  /** The configuration that definitions may read. @default nothing */
  readonly settings?: ApiClient['settings'];
  /** Decodes failures from the bodies of the API. */
  readonly errorDecoder?: ErrorDecoder;
  readonly maxRetries: number;
  /** What makes the client refuse to write, for the error, e.g. `read_only is true`. @default it may write */
  readonly readOnly?: string;
  /** Milliseconds before the second try. @default 250 */
  readonly baseDelay?: number;
  /** Called when a request ends; never with bodies or headers. */
  readonly onRequest?: (event: { method: string; path: string; status: number | string; milliseconds: number }) => void;
  /** Logs messages from definitions, redacted. */
  readonly log?: (message: string, fields: LogFields) => void;
}

const strain: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['busy', 'server-error', 'timeout', 'unreachable']);

/** An API request and how it is sent. */
interface Sending {
  readonly api: ApiRequest;
  /** Ends it. */
  readonly signal: AbortSignal;
}

type Result = { readonly answer: ApiAnswer } | Retryable;

/** An HTTP client for one server. */
export class Client extends BaseClient {
  readonly endpoint: string;
  readonly settings: ApiClient['settings'];
  readonly redactor: Redactor;
  private readonly limiter: Limiter;
  private readonly breaker: Breaker;
  private readonly memo = new Memo();
  private cancel = new AbortController();
  private transport: Promise<Transport> | undefined;

  constructor(private readonly options: ClientOptions) {
    super();
    this.endpoint = options.endpoint.replace(/\/+$/, '');
    this.settings = options.settings ?? {};
    this.limiter = new Limiter(options.maxConcurrency);
    this.breaker = new Breaker({ retries: options.maxRetries, baseDelay: this.baseDelay, requestTimeout: options.requestTimeout });
    this.redactor = new Redactor(options.words);
    for (const secret of options.secrets) this.redactor.add(secret);
    // Every call in flight listens; above the default of 10, Node writes a warning to stderr.
    setMaxListeners(0, this.cancel.signal);
  }

  async send(api: ApiRequest): Promise<ApiAnswer> {
    for (const secret of api.secrets ?? []) this.redactor.add(secret);
    const reads = api.reads ?? isRead(api);
    const idempotent = api.idempotent ?? (reads || isRepeatable(api));
    const call: Call = {
      method: api.method,
      url: this.endpoint + api.path,
      endpoint: this.endpoint,
      idempotent,
      ...(this.options.credentials !== undefined && { credentials: this.options.credentials }),
      clean: (text) => this.redactor.clean(text),
    };
    if (this.options.readOnly !== undefined && !reads) throw notAllowed(call, this.options.readOnly);
    const climbing = climbs(call, api.path);
    if (climbing) throw climbing;
    const signal = api.signal ? AbortSignal.any([api.signal, this.cancel.signal]) : this.cancel.signal;
    const holdsOn = (failed: Retryable): boolean => isAway(failed) && this.breaker.holdsOn(failed.error.status !== undefined);
    const policy = { retries: this.options.maxRetries, baseDelay: this.baseDelay, signal, holdsOn };
    // A stop does not abort a write in flight: its result must be known, or the object is orphaned.
    const sending = { api, signal: isRead(api) ? signal : (api.signal ?? new AbortController().signal) };
    return withRetry(() => this.inTurn(call, sending, signal), policy);
  }

  get signal(): AbortSignal {
    return this.cancel.signal;
  }

  log(message: string, fields: LogFields = {}): void {
    const clean = Object.entries(fields).map(([name, value]) => [this.redactor.clean(name), this.loggable(value)]);
    this.options.log?.(this.redactor.clean(message), Object.fromEntries(clean) as LogFields);
  }

  /** A value as it may stand in the log; definitions that no compiler checked may give more than scalars. */
  private loggable(value: unknown): LogFields[string] {
    const text = typeof value === 'string' ? value : inspect(value);
    const clean = this.redactor.clean(text);
    return clean === text && (typeof value === 'number' || typeof value === 'boolean') ? value : clean;
  }

  once<T>(make: (client: ApiClient) => Promise<T>): Promise<T> {
    return this.memo.once(make, this);
  }

  with(more: ClientAdditions): ApiClient {
    return new ExtendedClient(this, more);
  }

  /** Aborts reads and waits in flight and starts no queued call; writes in flight complete. */
  stop(): void {
    const { cancel } = this;
    this.cancel = new AbortController();
    cancel.abort();
  }

  /** Creates the connection pool, so that missing certificate files are detected early. */
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

  private get baseDelay(): number {
    return this.options.baseDelay ?? 250;
  }

  /** One try, once the breaker and the limiter allow it. A call that waits between tries holds no slot. */
  private async inTurn(call: Call, sending: Sending, signal: AbortSignal): Promise<Result> {
    for (;;) {
      const refused = await this.breaker.enter(signal);
      if (refused) return { error: notTried(call, refused), retryable: false };
      const probes = this.breaker.isOpen && !signal.aborted;
      const result = await this.limiter.run(async () => {
        if (signal.aborted) return failureOfException({ ...call, idempotent: true }, signal.reason);
        return this.breaker.isOpen && !probes ? undefined : this.limited(call, sending);
      });
      if (probes) this.breaker.abandon();
      if (result) return result;
    }
  }

  /** One try; its outcome tells the limiter how much the server can take, and the breaker whether it is up. */
  private async limited(call: Call, sending: Sending): Promise<Result> {
    const started = performance.now();
    const result = await this.attempt(call, sending);
    const { api } = sending;
    if ('answer' in result || result.error.status !== undefined || result.unanswered) {
      const failed = 'error' in result && result.unanswered === true;
      this.breaker.report({ startedAt: started, ...(failed && { failure: result.error, after: result.after }) });
    }
    const ownTime = api.timeout !== undefined;
    const strained = 'error' in result && strain.has(result.error.code) && !(ownTime && result.error.code === 'timeout');
    // File transfers and calls with their own timeout are slow anyway; their latency does not show how busy the server is.
    const comparable = !strained && !api.upload && !isDownload(api) && !ownTime;
    this.limiter.report({ strained, startedAt: started, ...(comparable && { latency: performance.now() - started, kind: api.method }) });
    return result;
  }

  private async attempt(call: Call, { api, signal }: Sending): Promise<Result> {
    const started = performance.now();
    let status: number | string = 'failed';
    const pace = new Pace(api.timeout ?? this.options.requestTimeout, signal);
    try {
      const response = await (await this.pool()).request(this.requestOptions(api, pace));
      status = response.status;
      if (isSuccess(status) && api.digest) {
        const digest = await bodyDigest(pace.file(response.body));
        return { answer: { status, headers: headersOf(response), json: undefined, digest } };
      }
      if (isSuccess(status) && api.receive) {
        await api.receive(pace.file(response.body));
        return { answer: { status, headers: headersOf(response), json: undefined } };
      }
      return this.answered(call, api, new Received(response, await bodyBytes(response.body)));
    } catch (thrown) {
      const failed = failureOfException(call, pace.expired ?? thrown);
      // Exceeding its own timeout does not mean that the server is down, and what took that long once would again.
      return pace.expired && api.timeout !== undefined ? { ...failed, unanswered: false, retryable: false } : failed;
    } finally {
      pace.end();
      this.options.onRequest?.({
        method: api.method,
        path: this.redactor.clean(api.path),
        status,
        milliseconds: Math.round(performance.now() - started),
      });
    }
  }

  /** Interprets a complete response: a success, or a failure according to status and body. */
  private answered(call: Call, api: ApiRequest, received: Received): Result {
    const { status, headers } = received;
    const json = wantsJson(api) ? parseBody(received.bytes) : undefined;
    const decode = api.errorDecoder ?? this.options.errorDecoder;
    const failure = decode?.(received.decoded(api, json));
    const page = api.method !== 'GET' && wantsJson(api) && json === undefined && isPage(received.text);
    if (isSuccess(status) && !failure && !page) {
      const text = json === undefined && received.bytes.length > 0 ? { text: received.text } : {};
      return { answer: { status, headers, json, ...text } };
    }
    return failureOfStatus(call, {
      status,
      text: received.text,
      contentType: headers['content-type'] ?? '',
      retryAfter: headers['retry-after'],
      location: headers['location'],
      failure,
    });
  }

  /** The request for one try: a body can be read only once. */
  private requestOptions(api: ApiRequest, pace: Pace): TransportRequest {
    const base = new URL(this.endpoint);
    const { content, type, length } = bodyOf(api, pace);
    return {
      origin: base.origin,
      path: base.pathname.replace(/\/+$/, '') + api.path,
      method: api.method,
      headers: {
        accept: api.accept ?? (isDownload(api) ? '*/*' : 'application/json'),
        'user-agent': this.options.userAgent,
        ...(type !== undefined && { 'content-type': api.contentType ?? type }),
        ...(length !== undefined && { 'content-length': String(length) }),
        ...this.options.headers,
        ...api.headers,
      },
      ...(content !== undefined && { body: content }),
      signal: pace.signal,
    };
  }
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** Whether the response is a file. */
const isDownload = ({ digest, receive }: ApiRequest): boolean => digest === true || receive !== undefined;

/** Whether to parse the response. */
const wantsJson = ({ accept }: ApiRequest): boolean => accept === undefined || accept.includes('json');

/** What a gateway responds for a server that is down. */
const awayStatuses: ReadonlySet<number | undefined> = new Set([502, 503, 504]);

/** Whether the server may come back, as after a restart: there was no response, or only one from a gateway. */
const isAway = ({ unanswered, error: { status, apiCode } }: Retryable): boolean =>
  !!unanswered && (status === undefined || (awayStatuses.has(status) && apiCode === undefined));

/** The failure of a call that was not sent because it might write. */
const notAllowed = ({ method, url }: Call, why: string): ApiError =>
  new ApiError(`${method} ${url}: not sent, because ${why}`, { code: 'read-only', method, url });

/** The failure of a call that was not sent because the server does not respond. */
function notTried({ method, url }: Call, { code, message }: ApiError): ApiError {
  return new ApiError(`${method} ${url}: not sent, because the server did not respond to earlier requests; the last one: ${message}`, {
    code,
    method,
    url,
  });
}
