import { type IncomingHttpHeaders } from 'node:http';
import { HttpError } from '../errors';
import { type Logger } from '../logger';
import { type Store } from '../store/store';
import { Audit, type AuditOptions } from './audit';
import { Limiter } from './limiter';
import { OidcVerifier } from './oidc/verifier';
import { type IssuerSettings } from './oidc/settings';
import { ANYBODY, pipeline, type Principal } from './principal';
import { allowsEvery, formatScope, parseScope, type Scope } from './scopes';
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
    this.#oidc = new OidcVerifier(issuers);
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
    if (this.#oidc.isToken(secret)) return (await this.#oidc.verify(secret)).principal;
    throw new HttpError(401, `the credentials are not a token of this registry; ${HOW}`);
  }

  /** Who may follow a signed link to a path. Throws a 401 where the link is of another path or of too long ago. */
  async byLink(path: string, ticket: string): Promise<Principal> {
    const claim = await this.tickets.read(ticket);
    if (claim?.of !== 'link' || claim.path !== path) throw new HttpError(401, 'the signature of the link has expired or is not valid');
    return { name: claim.id, title: 'the link', id: claim.id, isAnonymous: false, scopes: readScopes(claim.scopes) };
  }

  /** A ticket for whoever sends a request, and for how many seconds it holds. */
  async ticketFor(headers: IncomingHttpHeaders): Promise<{ readonly ticket: string; readonly seconds: number }> {
    const { secret } = headers.authorization === undefined ? { secret: '' } : secretOf(headers.authorization);
    if (this.#oidc.isToken(secret)) {
      const { principal, until } = await this.#oidc.verify(secret);
      return this.tickets.issue({ of: 'issuer', id: principal.id, scopes: principal.scopes.map(formatScope) }, until);
    }
    const token = this.tokens.isToken(secret) ? await this.tokens.find(secret) : undefined;
    return this.tickets.issue(token ? { of: 'token', id: token.id } : { of: 'nobody' });
  }

  /** Whether headers are those of one who may see figures of all repositories. */
  async mayMeasure(headers: IncomingHttpHeaders): Promise<boolean> {
    const { scopes } = await this.identify(headers).catch(() => ({ scopes: [] }));
    return allowsEvery(scopes, 'read');
  }

  /** Counts a request of an address or a credential; throws a 429 if it is one too many. */
  admit(key: string): void {
    const seconds = this.#requests?.take(key) ?? 0;
    if (seconds > 0) throw tooMany('too many requests', seconds);
  }

  /** Throws a 429 at an address from which too many logins have failed, unless these credentials were right before. */
  admitLogin(address: string, authorization: string, digest: (text: string) => string): void {
    const seconds = this.#failures?.wait(address) ?? 0;
    if (seconds > 0 && !this.#good.has(digest(authorization))) throw tooMany('too many failed logins', seconds);
  }

  /** Counts a login that failed. */
  noteFailure(address: string): void {
    this.#failures?.take(address);
  }

  /** Remembers credentials that are right. */
  noteSuccess(digest: string): void {
    if (this.#good.size >= KEPT_GOOD) this.#good.clear();
    this.#good.add(digest);
  }

  /** Whether everybody may do everything, as often as they like. */
  get isOpen(): boolean {
    return !this.isRequired && this.#requests === undefined && this.#failures === undefined;
  }

  /** Whether failed logins are limited. */
  get limitsLogins(): boolean {
    return this.#failures !== undefined;
  }

  /** Ends what runs. */
  async close(): Promise<void> {
    this.#oidc.close();
    await this.audit.flush();
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
    const { name, scopes } = token;
    return { name, title: `the token ${JSON.stringify(name)}`, id: `token:${name}`, isAnonymous: false, scopes };
  }
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
