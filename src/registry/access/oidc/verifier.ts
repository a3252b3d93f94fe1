import { type JWTPayload } from 'jose';
import { Connections } from '../../../net/connections';
import { HttpError, reasonOf } from '../../errors';
import { compileGlob } from '../glob';
import { pipeline, type Principal } from '../principal';
import { type Reach } from '../../proxy/reach';
import { IssuerKeys, KeysAway, type Ways } from './keys';
import { type IssuerSettings, type Rule } from './settings';

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const CONNECT_TIMEOUT = 5000;
const LONGEST_SUBJECT = 300;

interface Issuer {
  readonly settings: IssuerSettings;
  readonly keys: IssuerKeys;
}

/** A pipeline that has proved to be what an issuer says it is. */
export interface Verified {
  readonly principal: Principal;
  /** When its token ends, in milliseconds. */
  readonly until: number;
}

/** Verifies the tokens that pipelines get from issuers such as GitHub and GitLab (OpenID Connect). */
export class OidcVerifier {
  readonly #issuers: ReadonlyMap<string, Issuer>;
  readonly #ways: Ways;

  constructor(settings: readonly IssuerSettings[], reach: Reach) {
    const options = { env: process.env, connectTimeout: CONNECT_TIMEOUT };
    const [connections, outside] = [new Connections(options), new Connections({ ...options, lookup: reach.lookup })];
    this.#ways = { connections, outside, reach };
    this.#issuers = new Map(settings.map((each) => [each.issuer, { settings: each, keys: new IssuerKeys(each.issuer, this.#ways) }]));
  }

  /** Whether a text has the form of such a token. */
  isToken(text: string): boolean {
    return this.#issuers.size > 0 && JWT.test(text);
  }

  /** Who has a token, and what its claims allow. Throws a 401 that says what is wrong with it, a 403 if no rule knows it, or a 503. */
  async verify(token: string): Promise<Verified> {
    const { decodeJwt } = await import('jose');
    const issuer = this.#issuerOf(() => decodeJwt(token).iss);
    const claims = await this.#claims(issuer, token);
    const { sub = '', exp = 0 } = claims;
    const name = `${issuer.settings.issuer}#${printable(sub)}`;
    const scopes = issuer.settings.rules.filter((rule) => fits(rule, claims)).flatMap((rule) => rule.scopes);
    if (scopes.length === 0)
      throw new HttpError(
        403,
        `the OIDC token of ${JSON.stringify(printable(sub))} is valid, but no rule of this registry fits its claims`,
      );
    return { principal: pipeline(`oidc:${name}`, scopes), until: exp * 1000 };
  }

  /** Closes its connections. */
  close(): void {
    this.#ways.connections.close();
    this.#ways.outside.close();
  }

  /** What a token says of itself selects one of the issuers that the operator has named, and nothing else. */
  #issuerOf(read: () => string | undefined): Issuer {
    let name: string | undefined;
    try {
      name = read();
    } catch {
      throw refused('it cannot be read');
    }
    const issuer = this.#issuers.get(name ?? '');
    if (!issuer) throw refused(`its issuer ${JSON.stringify(printable(name ?? ''))} is not one that this registry accepts`);
    return issuer;
  }

  async #claims({ settings, keys }: Issuer, token: string): Promise<JWTPayload> {
    const { jwtVerify, errors } = await import('jose');
    const getKey = await keys.get();
    try {
      const { issuer, audience, algorithms, clockTolerance } = settings;
      const checks = { issuer, audience, algorithms, clockTolerance, requiredClaims: ['exp', 'iat', 'sub'] };
      return (await jwtVerify(token, getKey, checks)).payload;
    } catch (cause) {
      if (cause instanceof KeysAway) throw cause;
      const isUnknown = cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSTimeout;
      // The key may be among those that could not be fetched.
      if (isUnknown && keys.failure !== undefined) throw new KeysAway(settings.issuer, keys.failure);
      throw refused(reasonOf(cause));
    }
  }
}

/** Whether claims are what a rule demands; one that is absent, or neither text, number nor truth value, is not. */
export function fits({ claims: wanted }: Pick<Rule, 'claims'>, claims: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(wanted).every(([name, globs]) => {
    const claim = Object.hasOwn(claims, name) ? claims[name] : undefined;
    const isPlain = ['string', 'number', 'boolean'].includes(typeof claim);
    return isPlain && globs.some((glob) => compileGlob(glob)(String(claim)));
  });
}

function refused(reason: string): HttpError {
  return new HttpError(401, `the OIDC token is refused: ${printable(reason)}`);
}

/** What comes from a token in a message: one line of no great length. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, '?').slice(0, LONGEST_SUBJECT);
}
