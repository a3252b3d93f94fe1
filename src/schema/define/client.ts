import type { ErrorDecoder } from './error-decoder';
import type { JsonObject } from './json';

/** One call to an API. Its body is `body`, `form`, `text` or `upload`; at most one of them. */
export interface ApiRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the endpoint, with encoded segments and the query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as a form (`application/x-www-form-urlencoded`). */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as it is. */
  readonly text?: string;
  /** Sent instead of a JSON body; opened anew for each try. */
  readonly upload?: Upload;
  /** Media type of the body. @default that of its kind; `text/plain; charset=utf-8` for `text` */
  readonly contentType?: string;
  /** Media type of the answer. With one that is not JSON the answer is `text`. @default `application/json` */
  readonly accept?: string;
  /**
   * Milliseconds that one try may take, for what the server needs longer for, e.g. a validation that takes minutes. However long it
   * takes, it is no sign that the server is overrun. @default `request_timeout` of the provider block
   */
  readonly timeout?: number;
  /** Ends the call, with all its tries. */
  readonly signal?: AbortSignal;
  /** Answer the digest of the body instead of parsing it; the body is never held whole. */
  readonly digest?: boolean;
  /** Headers of this call, besides those of the client. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Texts of the call that must never show, besides the secrets of the configuration. @default none */
  readonly secrets?: readonly string[];
  /** How failures of this call are told. @default the client's */
  readonly errorDecoder?: ErrorDecoder;
  /** Whether some servers do not have the path, so that "not found" says nothing of an object. @default false */
  readonly mayLack?: boolean;
  /** Whether sending it twice does no harm. @default true but for POST and PATCH */
  readonly idempotent?: boolean;
}

/** A body that is a file's content. */
export interface Upload {
  /** Size in bytes. */
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

/** What is known of a body that was read through. */
export interface Digest {
  /** SHA-256 in hex. */
  readonly sha256: string;
  /** Size in bytes. */
  readonly size: number;
}

/** A successful answer. */
export interface ApiAnswer {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body; `undefined` when there is none, when it is not JSON, and when `accept` asked for something else. */
  readonly json: unknown;
  /** The body as text, where `json` is not there. */
  readonly text?: string;
  /** Present when it was asked for. */
  readonly digest?: Digest;
}

/** What of a request the short forms leave open. */
export type CallOptions = Omit<ApiRequest, 'method' | 'path' | 'body'>;

/** Values of a line in the log. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** What definitions see of the HTTP client. A failed call throws an `ApiError`. */
export interface ApiClient {
  /** Sends one request; retries, authentication and limits are the client's business. */
  send(request: ApiRequest): Promise<ApiAnswer>;
  /** The JSON object at a path. Throws `UnexpectedAnswer` for an answer that is none. */
  get(path: string, options?: CallOptions): Promise<JsonObject>;
  /** The JSON object at a path, or nothing when the server answers that there is none. */
  find(path: string, options?: CallOptions): Promise<JsonObject | undefined>;
  /** The JSON objects of the list at a path; `null` is an empty one. Throws `UnexpectedAnswer` for an answer that is none. */
  list(path: string, options?: CallOptions): Promise<readonly JsonObject[]>;
  /** Posts a JSON body; answers the JSON object that came back, or nothing when none did. */
  post(path: string, body?: unknown, options?: CallOptions): Promise<JsonObject | undefined>;
  /** Puts a JSON body; answers the JSON object that came back, or nothing when none did. */
  put(path: string, body?: unknown, options?: CallOptions): Promise<JsonObject | undefined>;
  /** Patches with a JSON body; answers the JSON object that came back, or nothing when none did. */
  patch(path: string, body?: unknown, options?: CallOptions): Promise<JsonObject | undefined>;
  /** Deletes what is at a path; that there is nothing is a success. */
  delete(path: string, options?: CallOptions): Promise<void>;
  /** The base URL, without a slash at the end. */
  readonly endpoint: string;
  /** The provider block, camelCase names, without its secrets; `undefined` where nothing is set. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Aborted when the operation is stopped, or has taken as long as its `timeouts` allow. */
  readonly signal: AbortSignal;
  /** Writes a line to the log (`TF_LOG=INFO`); secrets that the client knows do not show in it. */
  log(message: string, fields?: LogFields): void;
  /**
   * What `make` answered, asked once in the life of the process, e.g. `await client.once(detectVersion)`. It is remembered by the
   * function itself, so declare that outside the hook. Calls at the same time share one; a failure is not kept.
   */
  once<T>(make: (client: ApiClient) => Promise<T>): Promise<T>;
  /** A client that does more with each call. */
  with(more: ClientAdditions): ApiClient;
}

/** What a client does with each call, besides what the one does that it was made from. */
export interface ClientAdditions {
  /** Headers of each call. Their values do not show in messages. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Texts that must never show, besides those of the headers. @default none */
  readonly secrets?: readonly string[];
  /** How to get the headers that say who asks, where that takes a call. */
  readonly login?: Login;
  /** How the API tells of failures. @default as before */
  readonly errorDecoder?: ErrorDecoder;
}

/**
 * Logs in; called at the first request, before the login expires, and once after an answer that the caller is not authenticated.
 * Calls at the same time share one login. One that the server refuses (400, 401, 403) is not tried again in this process.
 *
 * @param client makes the calls of the login, without a login
 */
export type Login = (client: ApiClient) => Promise<LoggedIn>;

/** What a login gave. */
export interface LoggedIn {
  /** Sent with each call. Their values do not show in messages. */
  readonly headers: Readonly<Record<string, string>>;
  /** Texts that must never show besides those in `headers`, e.g. a refresh token. @default none */
  readonly secrets?: readonly string[];
  /** When it ends; it is made anew a little before. @default when the server says that the caller is not authenticated */
  readonly expiresAt?: Date;
}
