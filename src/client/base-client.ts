import { ApiError } from '../schema/define/errors';
import type { ApiAnswer, ApiClient, ApiRequest, CallOptions, ClientAdditions, LogFields } from '../schema/define/client';
import { isJsonObject, type JsonObject } from '../schema/define/json';
import { bareObject, unwrapList } from '../schema/define/unwrap';
import { secretsIn } from './header-secrets';
import { LoginSession } from './login';
import { isRepeatable } from './message';
import { Memo } from './memo';

/** The shorthands for `send` that all clients share. */
export abstract class BaseClient implements ApiClient {
  abstract readonly endpoint: string;
  abstract readonly settings: ApiClient['settings'];
  abstract readonly signal: AbortSignal;
  abstract send(request: ApiRequest): Promise<ApiAnswer>;
  abstract log(message: string, fields?: LogFields): void;
  abstract once<T>(make: (client: ApiClient) => Promise<T>): Promise<T>;
  abstract with(more: ClientAdditions): ApiClient;

  async get(path: string, options: CallOptions = {}): Promise<JsonObject> {
    return bareObject((await this.send({ ...options, method: 'GET', path })).json, path);
  }

  find(path: string, options?: CallOptions): Promise<JsonObject | undefined> {
    return this.get(path, options).catch(notFoundIsNothing);
  }

  async list(path: string, options: CallOptions = {}): Promise<readonly JsonObject[]> {
    return unwrapList((await this.send({ ...options, method: 'GET', path })).json, path);
  }

  post(path: string, body?: unknown, options?: CallOptions): Promise<JsonObject | undefined> {
    return this.write({ ...options, method: 'POST', path, body });
  }

  put(path: string, body?: unknown, options?: CallOptions): Promise<JsonObject | undefined> {
    return this.write({ ...options, method: 'PUT', path, body });
  }

  patch(path: string, body?: unknown, options?: CallOptions): Promise<JsonObject | undefined> {
    return this.write({ ...options, method: 'PATCH', path, body });
  }

  async delete(path: string, options: CallOptions = {}): Promise<void> {
    await this.send({ ...options, method: 'DELETE', path }).catch(notFoundIsNothing);
  }

  /** A successful write counts, whatever the body: an acknowledgement that is not an object becomes nothing. */
  private async write(request: ApiRequest): Promise<JsonObject | undefined> {
    const { json } = await this.send(request);
    return isJsonObject(json) ? json : undefined;
  }
}

function notFoundIsNothing(thrown: unknown): undefined {
  if (thrown instanceof ApiError && thrown.code === 'not-found') return undefined;
  throw thrown;
}

/** A client that delegates to another one and adds nothing itself. */
export class WrappedClient extends BaseClient {
  constructor(protected readonly inner: ApiClient) {
    super();
  }

  get endpoint(): string {
    return this.inner.endpoint;
  }

  get settings(): ApiClient['settings'] {
    return this.inner.settings;
  }

  get signal(): AbortSignal {
    return this.inner.signal;
  }

  send(request: ApiRequest): Promise<ApiAnswer> {
    return this.inner.send(request);
  }

  log(message: string, fields?: LogFields): void {
    this.inner.log(message, fields);
  }

  once<T>(make: (client: ApiClient) => Promise<T>): Promise<T> {
    return this.inner.once(make);
  }

  with(more: ClientAdditions): ApiClient {
    return new ExtendedClient(this, more);
  }
}

/** A client that adds to each call, see `ApiClient.with`. */
export class ExtendedClient extends WrappedClient {
  private readonly memo = new Memo();
  private readonly session: LoginSession | undefined;
  private readonly secrets: readonly string[];

  constructor(
    inner: ApiClient,
    private readonly more: ClientAdditions,
  ) {
    super(inner);
    this.session = more.login && new LoginSession(() => new LoginClient(inner, inner.signal), more.login);
    this.secrets = [...(more.secrets ?? []), ...secretsIn(more.headers ?? {}, inner.settings)];
  }

  override send(request: ApiRequest): Promise<ApiAnswer> {
    const { session } = this;
    return session ? session.send(request, (headers, secrets) => this.sendWith(request, headers, secrets)) : this.sendWith(request);
  }

  override once<T>(make: (client: ApiClient) => Promise<T>): Promise<T> {
    return this.memo.once(make, this);
  }

  private sendWith(request: ApiRequest, login: ApiRequest['headers'] = {}, secrets: readonly string[] = []): Promise<ApiAnswer> {
    const errorDecoder = request.errorDecoder ?? this.more.errorDecoder;
    return this.inner.send({
      ...request,
      headers: { ...this.more.headers, ...login, ...request.headers },
      secrets: [...this.secrets, ...secrets, ...(request.secrets ?? [])],
      ...(errorDecoder && { errorDecoder }),
    });
  }
}

/** A client for a login: a signal aborts its calls, including writes, and they are made also where nothing else may be written. */
class LoginClient extends WrappedClient {
  constructor(
    inner: ApiClient,
    private readonly end: AbortSignal,
  ) {
    super(inner);
  }

  override get signal(): AbortSignal {
    return this.end;
  }

  override send(request: ApiRequest): Promise<ApiAnswer> {
    const idempotent = request.idempotent ?? isRepeatable(request);
    return this.inner.send({
      ...request,
      idempotent,
      reads: true,
      signal: request.signal ? AbortSignal.any([request.signal, this.end]) : this.end,
    });
  }
}
