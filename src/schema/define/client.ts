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
  /** Sent unchanged. */
  readonly text?: string;
  /** Sent instead of a JSON body; reopened for each try. */
  readonly upload?: Upload;
  /** Media type of the body. @default that of its kind; `text/plain; charset=utf-8` for `text` */
  readonly contentType?: string;
  /** Media type of the response. If it is not JSON, the response is in `text`. @default `application/json` */
  readonly accept?: string;
  /**
   * Timeout of one try in milliseconds, for calls that take longer, e.g. a validation that takes minutes. Its duration
   * does not count as a sign of overload, and it is not tried again. @default `request_timeout` of the provider block
   */
  readonly timeout?: number;
  /** Aborts the call, including its retries. */
  readonly signal?: AbortSignal;
  /** Returns the digest of the body instead of parsing it; the body is never held in memory as a whole. */
  readonly digest?: boolean;
  /**
   * Gets the body of a success instead of parsing it; the body is never held in memory as a whole. A retry calls it again: set `idempotent` to
   * false if it can be called only once.
   */
  readonly receive?: (body: AsyncIterable<Uint8Array>) => Promise<void>;
  /** Headers of this call, besides those of the client. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Secrets in this call, besides those of the configuration. @default none */
  readonly secrets?: readonly string[];
  /** Decodes failures of this call. @default the client's */
  readonly errorDecoder?: ErrorDecoder;
  /** Whether some servers lack the path, so that "not found" does not mean that an object is missing. @default false */
  readonly mayLack?: boolean;
  /** Whether it only reads, so that a provider with `read_only = true` sends it too. @default true for GET and HEAD, and for every call of a login */
  readonly reads?: boolean;
  /** Whether it is safe to send twice. @default true except for POST and PATCH that do not only read */
  readonly idempotent?: boolean;
}

/** A request body with the content of a file. */
export interface Upload {
  /** Size in bytes. */
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

/** The digest of a body. */
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
  /** The parsed body; `undefined` if there is none, if it is not JSON, or if `accept` asked for something else. */
  readonly json: unknown;
  /** The body as text, if `json` is absent. */
  readonly text?: string;
  /** Present if it was requested. */
  readonly digest?: Digest;
}

/** The options of a request that the shorthands do not set. */
export type CallOptions = Omit<ApiRequest, 'method' | 'path' | 'body'>;

/** Values of a line in the log. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** The HTTP client for definitions. A failed call throws an `ApiError`. */
export interface ApiClient {
  /** Sends one request; the client handles retries, authentication and limits. */
  send(request: ApiRequest): Promise<ApiAnswer>;
  /** The JSON object at a path. Throws `UnexpectedAnswer` if the response is not an object. */
  get(path: string, options?: CallOptions): Promise<JsonObject>;
  /** The JSON object at a path, or nothing if the server answers that it does not exist. */
  find(path: string, options?: CallOptions): Promise<JsonObject | undefined>;
  /** The JSON objects of the list at a path; `null` is an empty list. Throws `UnexpectedAnswer` if the response is not a list. */
  list(path: string, options?: CallOptions): Promise<readonly JsonObject[]>;
  /** Posts a JSON body; returns the JSON object of the response, or nothing if there is none. */
  post(path: string, body?: unknown, options?: CallOptions): Promise<JsonObject | undefined>;
  /** Puts a JSON body; returns the JSON object of the response, or nothing if there is none. */
  put(path: string, body?: unknown, options?: CallOptions): Promise<JsonObject | undefined>;
  /** Patches with a JSON body; returns the JSON object of the response, or nothing if there is none. */
  patch(path: string, body?: unknown, options?: CallOptions): Promise<JsonObject | undefined>;
  /** Deletes the object at a path; succeeds if it does not exist. */
  delete(path: string, options?: CallOptions): Promise<void>;
  /** The base URL, without a slash at the end. */
  readonly endpoint: string;
  /** The provider block without its secrets, under camelCase names; `undefined` for what is not set. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Aborted when the operation is stopped or its `timeouts` expire. */
  readonly signal: AbortSignal;
  /** Writes a line to the log (`TF_LOG=INFO`), with the secrets known to the client redacted. */
  log(message: string, fields?: LogFields): void;
  /**
   * The result of `make`, called once per process, e.g. `await client.once(detectVersion)`. It is cached by
   * function identity, so declare the function outside the hook. Concurrent calls share one; a failure is not cached.
   */
  once<T>(make: (client: ApiClient) => Promise<T>): Promise<T>;
  /** A client with additions to each call. */
  with(more: ClientAdditions): ApiClient;
}

/** What a client adds to each call of the client that it is derived from. */
export interface ClientAdditions {
  /** Headers of each call. Their values are redacted in messages. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further secrets, besides the values of the headers. @default none */
  readonly secrets?: readonly string[];
  /** Obtains the authentication headers, if that takes a call. */
  readonly login?: Login;
  /** Decodes failures of the API. @default that of the original client */
  readonly errorDecoder?: ErrorDecoder;
}

/**
 * Logs in; called at the first request, before the login expires, and once after a response that the caller is not authenticated.
 * Concurrent calls share one login. A login that the server refuses (400, 401, 403) is not retried in this process.
 *
 * @param client makes the calls of the login, without a login
 */
export type Login = (client: ApiClient) => Promise<LoggedIn>;

/** The result of a login. */
export interface LoggedIn {
  /** Sent with each call. Their values are redacted in messages. */
  readonly headers: Readonly<Record<string, string>>;
  /** Further secrets besides those in `headers`, e.g. a refresh token. @default none */
  readonly secrets?: readonly string[];
  /** When it expires; it is renewed shortly before. @default when the server responds that the caller is not authenticated */
  readonly expiresAt?: Date;
}
