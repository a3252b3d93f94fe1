import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Collection } from '../../../store/documents';
import { formatDuration } from '../go/duration';
import { parseJson } from '../go/json-parse';

/** How long tokens last, and how many a user may have. */
export interface TokenSettings {
  /** The lifetime of an access token in seconds; fractions are fine. @default 7200 */
  readonly accessTokenMaxAge: number;
  /** How many seconds longer a refresh token lasts. @default 1800 */
  readonly accessTokenInactivityTimeout: number;
  /** Whether a user may be logged in more than once; else each login ends the others. @default true */
  readonly multipleLogin: boolean;
}

/** The two kinds of tokens. */
export type TokenType = 'access_token' | 'refresh_token';

/** What a login or its renewal answers. */
export interface IssuedTokens {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly refresh_token: string;
  readonly expires_in: number;
}

interface Claims {
  readonly sub: string;
  readonly token_type: TokenType;
  readonly iat: number;
  readonly exp: number;
}

/** The tokens of a user that count. */
export interface Session {
  /** Their SHA-256 in hexadecimal. */
  readonly tokens: readonly string[];
}

/** Issues tokens and reads them: JSON Web Tokens, signed, and kept only where a user may have one pair at a time. */
export class Tokens {
  constructor(
    private readonly key: string,
    private readonly settings: TokenSettings,
    private readonly sessions: Pick<Collection<Session>, 'get' | 'put'>,
  ) {}

  /** Issues a pair of tokens. */
  async issue(user: string): Promise<IssuedTokens> {
    const { accessTokenMaxAge: age, accessTokenInactivityTimeout: more } = this.settings;
    const access = this.#sign(user, 'access_token', age);
    const refresh = this.#sign(user, 'refresh_token', age + more);
    if (!this.settings.multipleLogin) await this.sessions.put({ id: user }, { tokens: [access, refresh].map(digestOf) });
    return { access_token: access, token_type: 'Bearer', refresh_token: refresh, expires_in: Math.floor(age) };
  }

  /** The user and the kind of a token, or what is wrong with it. */
  async read(token: string): Promise<{ readonly user: string; readonly type: TokenType } | { readonly problem: string }> {
    const [head = '', body = '', signature = '', ...more] = token.split('.');
    if (more.length > 0 || token.split('.').length < 3) return { problem: 'token contains an invalid number of segments' };
    const garbled = headerProblem(head);
    if (garbled !== undefined) return { problem: garbled };
    if (!isSame(signature, this.#signature(`${head}.${body}`))) return { problem: 'signature is invalid' };
    const { sub, token_type: type, exp } = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Claims;
    const late = Date.now() / 1000 - exp;
    if (late >= 0) return { problem: `jwt: token is expired by ${formatDuration(late)}` };
    const isKnown = this.settings.multipleLogin || (await this.sessions.get(sub))?.tokens.includes(digestOf(token));
    return isKnown ? { user: sub, type } : { problem: 'token not found in cache' };
  }

  /** Two tokens that one user gets within a second are one, as times in them are whole seconds unless the lifetime is not. */
  #sign(sub: string, type: TokenType, age: number): string {
    const iat = Number.isInteger(age) ? Math.floor(Date.now() / 1000) : Date.now() / 1000;
    const claims: Claims = { sub, token_type: type, iat, exp: iat + age };
    const unsigned = [{ alg: 'HS256', typ: 'JWT' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${unsigned}.${this.#signature(unsigned)}`;
  }

  #signature(text: string): string {
    return createHmac('sha256', this.key).update(text).digest('base64url');
  }
}

/** What is wrong with the first part of a token, which is looked at before the signature. */
function headerProblem(head: string): string | undefined {
  const wrong = head.search(/[^\w-]/);
  if (wrong >= 0 || head.length % 4 === 1) return `illegal base64 data at input byte ${wrong >= 0 ? wrong : head.length - 1}`;
  try {
    parseJson(Buffer.from(head, 'base64url').toString('utf8'));
    return undefined;
  } catch (cause) {
    return (cause as Error).message;
  }
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
