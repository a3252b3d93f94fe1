import { createHash } from 'node:crypto';
import { type IncomingHttpHeaders } from 'node:http';
import { HttpError } from '../errors';
import { type Logger } from '../logger';
import { Reach } from '../proxy/reach';
import { type Store } from '../store/store';
import { limitKey } from './address';
import { Audit, type AuditOptions } from './audit';
import { Limiter } from './limiter';
import { OidcVerifier } from './oidc/verifier';
import { type IssuerSettings } from './oidc/settings';
import { ANYBODY, pipeline, type Principal } from './principal';
import { allowsEvery, formatScope, parseScope, readingOf, type Scope } from './scopes';
import { Tickets } from './tickets';
import { type Token, Tokens } from './tokens';

/** How requests are admitted. */
export interface AccessSettings {
  /** Whether requests need a login. */
  readonly isRequired: boolean;
  /** What needs none all the same. @default - nothing */
  readonly anonymous?: readonly Scope[];
  /** @default - none */
  readonly issuers?: readonly IssuerSettings[];
  /** Requests per second of one client address and of one credential, in the long run; 0 for no limit. @default 500 */
  readonly rateLimit?: number | undefined;
  /** Failed logins per minute of one client address; 0 for no limit. @default 20 */
  readonly loginLimit?: number | undefined;
  /** Whether the limits are in force. */
  readonly isLimited: boolean;
  readonly audit?: AuditOptions;
  /** Where issuers may lead. @default - those of the internet to the internet */
  readonly reach?: Reach | undefined;
}

const RATE_LIMIT = 500;
const LOGIN_LIMIT = 20;
/** How many seconds' worth of requests may come at once: installing a large project asks for thousands of files. */
const BURST_SECONDS = 20;
const KEPT_GOOD = 10_000;
const HOW = 'send a token as "Authorization: Bearer <token>", or as the password of any user name';

/** Who sends requests, and how many they may send. */
export class Access {
  readonly isRequired: boolean;
  readonly tokens: Tokens;
  readonly tickets: Tickets;
  readonly audit: Audit;
  readonly #anonymous: Principal;
  readonly #oidc: OidcVerifier;
  readonly #requests: Limiter | undefined;
  readonly #failures: Limiter | undefined;
  /** Credentials that were right lately, hashed: they go on working at an address from which others guess. */
  readonly #good = new Set<string>();

  constructor(store: Pick<Store, 'metadata' | 'signingKeys'>, settings: AccessSettings, logger: Logger) {
    const { isRequired, anonymous = [], issuers = [], isLimited, rateLimit = RATE_LIMIT, loginLimit = LOGIN_LIMIT } = settings;
    this.isRequired = isRequired;
    this.tokens = new Tokens(store.metadata);
    this.tickets = new Tickets(store.signingKeys, () => store.metadata.now());
    this.audit = new Audit(store.metadata, logger, settings.audit);
    this.#anonymous = isRequired ? { ...ANYBODY, title: 'who does not log in', scopes: anonymous } : ANYBODY;
    this.#oidc = new OidcVerifier(issuers, settings.reach ?? new Reach());
    if (isLimited && rateLimit > 0) this.#requests = new Limiter({ perSecond: rateLimit, burst: rateLimit * BURST_SECONDS });
    if (isLimited && loginLimit > 0) this.#failures = new Limiter({ perSecond: loginLimit / 60, burst: loginLimit });
  }

  /** Who sends a request, by its headers. Throws a 401 for credentials that are wrong, also where none are needed. */
  async identify(headers: IncomingHttpHeaders): Promise<Principal> {
    const { authorization } = headers;
    if (!this.isRequired || authorization === undefined) return this.#anonymous;
    const { secret, isBearer } = secretOf(authorization);
    if (isBearer && this.tickets.isTicket(secret)) return this.#byTicket(secret);
    if (this.tokens.isToken(secret)) return this.#byToken(await this.tokens.find(secret));
    if (this.#oidc.isToken(secret)) {
      const { principal, until } = await this.#oidc.verify(secret);
      return { ...principal, until };
    }
    throw new HttpError(401, `the credentials are not a token of this registry; ${HOW}`);
  }

  /** The signature of a link to a path: whoever has it may read that as long as who asks now may, and a few minutes at most. */
  async linkTo(path: string, { id, tokenId, until, scopes }: Principal): Promise<string> {
    const may = tokenId === undefined ? { scopes: readingOf(scopes).map(formatScope) } : { token: tokenId };
    return (await this.tickets.issue({ of: 'link', id, path, ...may }, until)).ticket;
  }

  /**
   * Who may follow a signed link to a path. Throws a 401 where the link is of another path or of too long ago, or where the token that it was
   * made for has expired or was revoked.
   */
  async byLink(path: string, ticket: string): Promise<Principal> {
    const claim = await this.tickets.read(ticket);
    if (claim?.of !== 'link' || claim.path !== path) throw new HttpError(401, 'the signature of the link has expired or is not valid');
    const { id, token, scopes = [] } = claim;
    const known = token === undefined ? readScopes(scopes) : (await this.#byToken(await this.tokens.byId(token))).scopes;
    return { name: id, title: 'the link', id, isAnonymous: false, scopes: readingOf(known) };
  }

  /** Calls a listener when a token was revoked, by whichever process, until the answer is called. */
  onRevoked(listener: () => void): () => void {
    return this.tokens.onRevoked(listener);
  }

  /** A ticket for whoever sends a request, and for how many seconds it holds. */
  async ticketFor(headers: IncomingHttpHeaders): Promise<{ readonly ticket: string; readonly seconds: number }> {
    const { secret } = headers.authorization === undefined ? { secret: '' } : secretOf(headers.authorization);
    if (this.#oidc.isToken(secret)) {
      const { principal, until } = await this.#oidc.verify(secret);
      return this.#issued(await this.tickets.issue({ of: 'issuer', id: principal.id, scopes: principal.scopes.map(formatScope) }, until));
    }
    const token = this.tokens.isToken(secret) ? await this.tokens.find(secret) : undefined;
    return token ? this.#issued(await this.tickets.issue({ of: 'token', id: token.id })) : this.tickets.issue({ of: 'nobody' });
  }

  /** Who sends a request from an address, by its credentials. Throws a 429 after too many failures; counts those of the steps. */
  async admitLogin(address: string, authorization: string | undefined, identify: () => Promise<Principal>): Promise<Principal> {
    this.refuseGuesses(address, authorization);
    try {
      const found = await identify();
      if (authorization !== undefined) this.noteSuccess(authorization);
      return found;
    } catch (cause) {
      // A link that has expired is no guess.
      if (authorization !== undefined && cause instanceof HttpError && cause.status === 401) this.noteFailure(address);
      throw cause;
    }
  }

  /** Whether headers are those of one who may see figures of all repositories. Throws a 429 after too many failures. */
  async mayMeasure(address: string, headers: IncomingHttpHeaders): Promise<boolean> {
    try {
      const { scopes } = await this.admitLogin(address, headers.authorization, () => this.identify(headers));
      return allowsEvery(scopes, 'read');
    } catch (cause) {
      if (cause instanceof HttpError && cause.status === 401) return false;
      throw cause;
    }
  }

  /** Counts a request of an address or a credential; throws a 429 if it is one too many. */
  admit(key: string): void {
    const seconds = this.#requests?.take(key) ?? 0;
    if (seconds > 0) throw tooMany('too many requests', seconds);
  }

  /** Throws a 429 for credentials from an address from which too many logins have failed, unless these were right before. */
  refuseGuesses(address: string, credentials: string | undefined): void {
    if (credentials === undefined || !this.#failures) return;
    const seconds = this.#failures.wait(limitKey(address));
    if (seconds > 0 && !this.#good.has(digestOf(credentials))) throw tooMany('too many failed logins', seconds);
  }

  /** Counts a login that failed. */
  noteFailure(address: string): void {
    this.#failures?.take(limitKey(address));
  }

  /** Notes credentials that were right, such as an `Authorization` header: they go on being let in at an address from which others guess. */
  noteSuccess(credentials: string): void {
    if (!this.#failures) return;
    if (this.#good.size >= KEPT_GOOD) this.#good.clear();
    this.#good.add(digestOf(credentials));
  }

  /** Whether everybody may do everything, as often as they like. */
  get isOpen(): boolean {
    return !this.isRequired && this.#requests === undefined && this.#failures === undefined;
  }

  /** Ends what runs. */
  async close(): Promise<void> {
    this.#oidc.close();
    await this.audit.flush();
  }

  #issued<T extends { readonly ticket: string }>(issued: T): T {
    this.noteSuccess(`Bearer ${issued.ticket}`);
    return issued;
  }

  async #byTicket(ticket: string): Promise<Principal> {
    const claim = await this.tickets.read(ticket);
    if (!claim) throw new HttpError(401, 'the login has expired; log in again');
    // A link leads to one path, and is no login.
    if (claim.of === 'link') throw new HttpError(401, `the credentials are not a token of this registry; ${HOW}`);
    if (claim.of === 'nobody') return this.#anonymous;
    if (claim.of === 'token') return this.#byToken(await this.tokens.byId(claim.id));
    return pipeline(claim.id, readScopes(claim.scopes));
  }

  async #byToken(token: Token | undefined): Promise<Principal> {
    if (!token) throw new HttpError(401, `the token is not known; it may have been revoked. ${capital(HOW)}`);
    if (this.tokens.isExpired(token))
      throw new HttpError(401, `the token ${JSON.stringify(token.name)} expired at ${token.expiresAt}; ask for a new one`);
    await this.tokens.noteUse(token);
    const { id: tokenId, name, scopes } = token;
    return { name, title: `the token ${JSON.stringify(name)}`, id: `token:${name}`, tokenId, isAnonymous: false, scopes };
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

/** Scopes as they were written down; one that this version does not understand allows nothing. */
function readScopes(texts: readonly string[]): readonly Scope[] {
  return texts.map(parseScope).filter((scope) => typeof scope !== 'string');
}

/** The refusal of who does not log in. */
export function loginNeeded(): HttpError {
  return new HttpError(401, `a login is required; ${HOW}`);
}

/** The token in a header: of a Bearer, or the password of a Basic, whose user name says nothing. */
function secretOf(authorization: string): { readonly secret: string; readonly isBearer: boolean } {
  const [, scheme = '', value = ''] = /^(\S+)\s+(\S+)\s*$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return { secret: value, isBearer: true };
  if (scheme.toLowerCase() !== 'basic') throw new HttpError(401, `unsupported Authorization header; ${HOW}`);
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return { secret: colon < 0 ? '' : text.slice(colon + 1), isBearer: false };
}

function tooMany(what: string, seconds: number): HttpError {
  return new HttpError(429, `${what}; try again in ${seconds} s`, { 'retry-after': String(seconds) });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
