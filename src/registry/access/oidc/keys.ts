import { type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { type Connections } from '../../../net/connections';
import { proxyFor } from '../../../net/proxy-rules';
import { HttpError, reasonOf } from '../../errors';
import { type Reach } from '../../proxy/reach';
import { isSafe } from './settings';

const TIMEOUT_MS = 5000;
const LIMIT = 512 << 10;
const MOST_KEYS = 100;
/** How long keys are used that could not be fetched anew. */
const STALE_MS = 24 * 3_600_000;
/** How soon a fetch that failed is tried again, and how soon an unknown key leads to the next fetch. */
const COOLDOWN_MS = 10_000;
const FRESH_MS = 10 * 60_000;

/** The issuer does not say what its keys are; whoever sends a token can try again. */
export class KeysAway extends HttpError {
  constructor(issuer: string, reason: string) {
    super(503, `the keys of ${issuer} cannot be fetched: ${reason}; try again`, { 'retry-after': String(COOLDOWN_MS / 1000) });
  }
}

/** How issuers are asked. */
export interface Ways {
  readonly connections: Connections;
  /** For what issuers lead to that may not lead anywhere. */
  readonly outside: Connections;
  readonly reach: Reach;
}

/** The public keys of an issuer, found by its discovery document and fetched again when a token names an unknown one. */
export class IssuerKeys {
  #keys: JWTVerifyGetKey | undefined;
  #last: { readonly set: JSONWebKeySet; readonly at: number } | undefined;
  #seen = -Infinity;
  #failed: { readonly reason: string; readonly at: number } | undefined;

  constructor(
    private readonly issuer: string,
    private readonly ways: Ways,
    private readonly clock: () => number = () => Date.now(),
  ) {}

  /** Why the keys at hand may be old; undefined if they are not. */
  get failure(): string | undefined {
    return this.#failed?.reason;
  }

  /** What verifies a signature. Throws `KeysAway` where there are no keys. */
  async get(): Promise<JWTVerifyGetKey> {
    this.#forgetIfSetBack();
    if (this.#keys) return this.#keys;
    const { createRemoteJWKSet, customFetch } = await import('jose');
    const url = await this.#attempt(() => this.#discover());
    return (this.#keys = createRemoteJWKSet(url, {
      [customFetch]: async (address: string) => Response.json(await this.#fetchKeys(new URL(address))),
      cacheMaxAge: FRESH_MS,
      cooldownDuration: COOLDOWN_MS,
      timeoutDuration: TIMEOUT_MS * 2,
    }));
  }

  /** By a clock that was set back, what is old counts as new for as long: keys would not be fetched. */
  #forgetIfSetBack(): void {
    const now = this.clock();
    if (now < this.#seen) this.#keys = this.#failed = undefined;
    this.#seen = now;
  }

  async #discover(): Promise<URL> {
    const document = await this.#json(new URL(`${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
    const { issuer, jwks_uri: address } = document as { issuer?: unknown; jwks_uri?: unknown };
    if (issuer !== this.issuer) throw new Error(`its discovery document is of the issuer ${JSON.stringify(issuer)}`);
    if (typeof address !== 'string' || !isSafe(address)) throw new Error('the jwks_uri of its discovery document is not an https URL');
    return new URL(address);
  }

  /** The keys as they are now, or as they were not too long ago. */
  async #fetchKeys(url: URL): Promise<JSONWebKeySet> {
    try {
      return await this.#attempt(async () => {
        const { keys } = (await this.#json(url)) as { keys?: unknown };
        if (!Array.isArray(keys) || keys.length > MOST_KEYS) throw new Error(`it does not list at most ${MOST_KEYS} keys`);
        // A key for secrets that two share would let everybody who knows it sign.
        const set = { keys: keys.filter((key) => (key as { kty?: unknown } | null)?.kty !== 'oct') } as JSONWebKeySet;
        this.#last = { set, at: this.clock() };
        return set;
      });
    } catch (cause) {
      if (this.#last && this.clock() - this.#last.at < STALE_MS) return this.#last.set;
      throw cause;
    }
  }

  async #attempt<T>(step: () => Promise<T>): Promise<T> {
    if (this.#failed && this.clock() - this.#failed.at < COOLDOWN_MS) throw new KeysAway(this.issuer, this.#failed.reason);
    try {
      const result = await step();
      this.#failed = undefined;
      return result;
    } catch (cause) {
      this.#failed = { reason: reasonOf(cause), at: this.clock() };
      throw new KeysAway(this.issuer, this.#failed.reason);
    }
  }

  /** The issuer itself may be anywhere, as the operator has named it; where its keys are is what it tells. */
  async #connectionsTo(url: URL): Promise<Connections> {
    const { connections, outside, reach } = this.ways;
    const home = new URL(this.issuer);
    const isFree = url.origin === home.origin || (await reach.isFree(home, url));
    // A proxy looks names up by itself, and has rules of its own.
    return isFree || proxyFor(url, process.env) ? connections : outside;
  }

  /** A JSON object of a server that may be slow or send anything; it is not followed elsewhere. */
  async #json(url: URL): Promise<object> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const connections = await this.#connectionsTo(url);
    const request = connections.request(url, { method: 'GET', headers: { host: url.host, accept: 'application/json' }, signal });
    request.on('error', () => undefined);
    request.end();
    const [answer] = (await once(request, 'response', { signal })) as [IncomingMessage];
    this.ways.reach.saw(url, answer.socket.remoteAddress);
    try {
      if (answer.statusCode !== 200) throw new Error(`${url.href} answered ${answer.statusCode}`);
      const value = JSON.parse(await bounded(answer)) as unknown;
      if (typeof value !== 'object' || value === null) throw new Error(`${url.href} answered with no JSON object`);
      return value;
    } finally {
      answer.destroy();
    }
  }
}

async function bounded(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    size += (chunk as Buffer).length;
    if (size > LIMIT) throw new Error(`it is larger than ${LIMIT} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
