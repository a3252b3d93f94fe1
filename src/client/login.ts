import { isNativeError } from 'node:util/types';
import { ApiError, type ErrorCode, HookError, UnexpectedAnswer } from '../schema/define/errors';
import type { ApiAnswer, ApiClient, ApiRequest, LoggedIn, Login } from '../schema/define/client';
import { isJsonObject } from '../schema/define/json';
import { failureOfException } from './failures';
import { secretsIn } from './header-secrets';
import { untilAborted } from './pause';

/** The current login. */
interface Held {
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  /** When it is renewed, in milliseconds of the clock. */
  readonly renewAt: number;
  /** Whether it was made because the server rejected the previous one. */
  readonly afterRefusal: boolean;
  /** Whether the server has accepted it at least once. */
  accepted: boolean;
}

type SendWith = (headers: Held['headers'], secrets: Held['secrets']) => Promise<ApiAnswer>;

/** Maximum milliseconds before its expiry at which a login is renewed; for a short login, a tenth of its lifetime. */
const longestMargin = 30_000;

/** Statuses with which a server permanently refuses a login. */
const refusals: ReadonlySet<number | undefined> = new Set([400, 401, 403]);

/** The login of one client: made when first needed, shared by all calls, renewed when it expires. */
export class LoginSession {
  private held: Held | undefined;
  private running: Promise<Held> | undefined;
  private refusal: ApiError | undefined;

  /** @param client creates a client for the calls of one login */
  constructor(
    private readonly client: () => ApiClient,
    private readonly login: Login,
  ) {}

  /** Sends a request with the login, and once more with a new login if the server rejects it. */
  async send(request: ApiRequest, sendWith: SendWith): Promise<ApiAnswer> {
    const used = await this.wait(request, () => this.current());
    try {
      return await taken(used, sendWith);
    } catch (thrown) {
      if (!isUnauthorized(thrown)) throw thrown;
      const next = await this.wait(request, () => this.next(used));
      if (!next) throw thrown;
      return taken(next, sendWith);
    }
  }

  private current(): Promise<Held> | Held {
    if (this.refusal) throw this.refusal;
    return this.held && Date.now() < this.held.renewAt ? this.held : this.renew(false);
  }

  /** The login to use in place of a rejected one; nothing if a new one would not help. */
  private next(used: Held): Promise<Held> | Held | undefined {
    if (this.refusal) throw this.refusal;
    if (this.running || this.held !== used) return this.current();
    return used.afterRefusal && !used.accepted ? undefined : this.renew(true);
  }

  private renew(afterRefusal: boolean): Promise<Held> {
    return (this.running ??= this.make(afterRefusal).finally(() => (this.running = undefined)));
  }

  private async make(afterRefusal: boolean): Promise<Held> {
    const client = this.client();
    try {
      const given = checked(await this.login(client));
      const secrets = [...(given.secrets ?? []), ...secretsIn(given.headers, client.settings)];
      return (this.held = { headers: given.headers, secrets, renewAt: renewAt(given), afterRefusal, accepted: false });
    } catch (thrown) {
      if (thrown instanceof ApiError && refusals.has(thrown.status)) this.refusal = thrown;
      throw thrown;
    }
  }

  /** Waits for a login within the timeout of the call; a call whose login fails was not sent. */
  private async wait<T>(request: ApiRequest, login: () => Promise<T> | T): Promise<T> {
    try {
      return await untilAborted(login, request.signal);
    } catch (thrown) {
      const ended = thrown === request.signal?.reason;
      throw ended ? failureOfEnd(request, this.client().endpoint, thrown) : this.notSent(request, thrown);
    }
  }

  private notSent({ method, path }: ApiRequest, thrown: unknown): unknown {
    if (!(thrown instanceof ApiError || thrown instanceof UnexpectedAnswer)) return hookError(thrown);
    const refused = thrown === this.refusal;
    const url = this.client().endpoint + path;
    const message = `${method} ${url}: not sent, because the login ${refused ? 'was refused' : 'failed'}: ${thrown.message}`;
    const advice = thrown instanceof ApiError ? thrown.advice : undefined;
    // What is no login refuses everybody, not these credentials.
    const code = refused && thrown.code !== 'unexpected-answer' ? 'unauthorized' : codeOf(thrown);
    return new ApiError(message, { code, method, url, cause: thrown, ...(advice !== undefined && { advice }) });
  }
}

/** The call timed out or was stopped while it waited for the shared login. */
function failureOfEnd({ method, path }: ApiRequest, endpoint: string, reason: unknown): ApiError {
  const call = { method, url: endpoint + path, idempotent: true, clean: (text: string) => text };
  return failureOfException(call, reason).error;
}

/** Sends with a login; any response but "not authenticated" shows that the server accepts it. */
async function taken(login: Held, sendWith: SendWith): Promise<ApiAnswer> {
  try {
    const answer = await sendWith(login.headers, login.secrets);
    login.accepted = true;
    return answer;
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.status !== undefined && !isUnauthorized(thrown)) login.accepted = true;
    throw thrown;
  }
}

const isUnauthorized = (thrown: unknown): boolean => thrown instanceof ApiError && thrown.code === 'unauthorized';

/** A failed login says nothing about the requested object. */
const own: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['busy', 'server-error', 'unreachable', 'timeout', 'tls', 'cancelled']);
const codeOf = ({ code }: ApiError | UnexpectedAnswer): ErrorCode => (own.has(code) ? code : 'unexpected-answer');

function hookError(thrown: unknown): unknown {
  if (thrown instanceof HookError) return thrown;
  return new HookError('login', `threw: ${isNativeError(thrown) ? thrown.message : String(thrown)}`, thrown);
}

/** Validates the result of a login. Throws a `HookError` if it is invalid. */
function checked(given: LoggedIn): LoggedIn {
  const told: unknown = given;
  const wrong = (what: string): HookError => new HookError('login', `returned ${what}; it must return { headers, secrets?, expiresAt? }`);
  const isTexts = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.values(value).every(isText);
  if (!isJsonObject(told)) throw wrong('no object');
  if (!isTexts(given.headers) || Array.isArray(given.headers)) throw wrong('headers that are not a record of strings');
  if (given.secrets !== undefined && !(Array.isArray(given.secrets) && given.secrets.every(isText)))
    throw wrong('secrets that are not strings');
  const { expiresAt } = given;
  if (expiresAt !== undefined && !(expiresAt instanceof Date && !Number.isNaN(expiresAt.getTime())))
    throw wrong('an expiresAt that is not a valid Date');
  return given;
}

const isText = (value: unknown): boolean => typeof value === 'string';

/** A login that is already expired is used until the server refuses it: one of the two clocks is wrong. */
function renewAt({ expiresAt }: LoggedIn): number {
  const life = expiresAt === undefined ? 0 : expiresAt.getTime() - Date.now();
  return life <= 0 ? Infinity : Date.now() + life - Math.min(longestMargin, life / 10);
}
