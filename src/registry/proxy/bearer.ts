import { createHash } from 'node:crypto';
import { isUrl } from '../../common/urls';
import { isObject } from '../formats/json';
import { type UpstreamAnswer, type UpstreamRemote } from './upstream';
import { UpstreamError } from './upstream-error';

const LIMIT = 256 << 10;
const KEPT = 1000;
/** How long a token is used, in seconds: by default as long as the protocol says, and never too long for a login that was changed. */
const [DEFAULT_LIFE, SHORTEST_LIFE, LONGEST_LIFE] = [60, 30, 3600];
const NO_LOGIN = 'requests without a username and password';
const TOKEN = /^[\x21-\x7e]{1,16384}$/;

interface Token {
  readonly text: string;
  /** In milliseconds. */
  readonly until: number;
}

/** A request that was answered with a 401, and the token that it had, if any. */
export interface Refused {
  readonly remote: UpstreamRemote;
  readonly url: URL;
  readonly answer: UpstreamAnswer;
  readonly token: string | undefined;
}

/** Asks a token server. */
export type AskForToken = (remote: UpstreamRemote, url: URL, authorization: string | undefined) => Promise<UpstreamAnswer>;

/**
 * The tokens of upstreams that refuse requests with a challenge `WWW-Authenticate: Bearer realm="...",service="...",scope="..."`, as the
 * registries of container images do. Only challenges of the remote's own host count. The realm is an address like any other that an upstream
 * leads to, but it gets the username and password only if nobody can listen or it is at the remote's own host and port, and it is never one
 * without TLS where the remote has TLS. A token goes to the remote's own host alone.
 */
export class Tokens {
  readonly #known = new Map<string, Token>();
  readonly #running = new Map<string, Promise<Token>>();
  /** What was demanded where: requests to the same place will need the same. */
  readonly #demanded = new Map<string, string>();

  constructor(private readonly ask: AskForToken) {}

  /** The token that a request will probably need. */
  guess(remote: UpstreamRemote, url: URL): string | undefined {
    const key = this.#demanded.get(keyOf(remote, [placeOf(url)]));
    return key === undefined ? undefined : this.#alive(key)?.text;
  }

  /** A token for a request that was refused, and whether it was made just now; undefined if the upstream did not ask for one. */
  async obtain({ remote, url, answer, token }: Refused): Promise<{ text: string; isNew: boolean } | undefined> {
    const challenge = readChallenge(answer.header('www-authenticate'));
    if (!challenge) return undefined;
    const server = serverOf(remote, challenge);
    const key = keyOf(remote, [server.href]);
    keep(this.#demanded, keyOf(remote, [placeOf(url)]), key);
    const known = this.#alive(key);
    if (known && known.text !== token) return { text: known.text, isNew: false };
    this.#known.delete(key);
    const running = this.#running.get(key) ?? this.#fetch(remote, server).finally(() => this.#running.delete(key));
    this.#running.set(key, running);
    const fresh = await running;
    keep(this.#known, key, fresh);
    return { text: fresh.text, isNew: true };
  }

  #alive(key: string): Token | undefined {
    const token = this.#known.get(key);
    return token && token.until > Date.now() ? token : undefined;
  }

  async #fetch(remote: UpstreamRemote, server: URL): Promise<Token> {
    const home = new URL(remote.base_url).origin;
    // Other ports of a host may be somebody else's.
    const isTrusted = server.protocol === 'https:' || server.origin === home || basicOf(remote) === undefined;
    const answer = await this.ask(remote, server, isTrusted ? basicOf(remote) : undefined);
    const at = `the token server ${server.host} that it names`;
    if (answer.status !== 200) {
      answer.discard();
      const refused = isTrusted ? loginOf(remote) : `${NO_LOGIN}; without TLS, those of the remote go only to ${home}`;
      const what = [401, 403].includes(answer.status) ? `${answer.status}: it refuses ${refused}` : String(answer.status);
      // That there is no such token server does not mean that there is no such file.
      const isBusy = answer.status === 429;
      throw new UpstreamError(remote, `cannot be logged in to: ${at} answered ${what}`, {
        ...(isBusy && { status: 429, retryAfter: answer.header('retry-after') }),
      });
    }
    const token = tokenIn(await textOf(answer));
    if (!token) throw new UpstreamError(remote, `cannot be logged in to: ${at} sent something other than a token`);
    return token;
  }
}

/** The username and password of a remote for the header `Authorization`. */
export function basicOf({ username, password }: UpstreamRemote): string | undefined {
  const secret = password.reveal();
  return username || secret ? `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}` : undefined;
}

/** What an upstream refuses when it refuses a login. */
export function loginOf(remote: UpstreamRemote): string {
  return basicOf(remote) === undefined ? NO_LOGIN : 'the username and password of the remote';
}

/** Reads the parameters of a Bearer challenge; there may be others beside it. */
function readChallenge(header: string): ReadonlyMap<string, string> | undefined {
  const start = /(?:^|,\s*)Bearer\s+/i.exec(header);
  if (!start) return undefined;
  const found = new Map<string, string>();
  const parameter = /\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))\s*(?:,|$)/y;
  parameter.lastIndex = start.index + start[0].length;
  for (let match = parameter.exec(header); match; match = parameter.exec(header)) {
    const [, name = '', quoted, plain = ''] = match;
    found.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain);
  }
  return found;
}

/** Where a challenge sends for a token. */
function serverOf(remote: UpstreamRemote, challenge: ReadonlyMap<string, string>): URL {
  const realm = challenge.get('realm') ?? '';
  const isSound = isUrl(realm) && /^https?:$/.test(new URL(realm).protocol) && !new URL(realm).username && !new URL(realm).password;
  const server = isSound ? new URL(realm) : undefined;
  const isDowngrade = server?.protocol === 'http:' && new URL(remote.base_url).protocol === 'https:';
  if (!server || isDowngrade) {
    const expected = isDowngrade ? 'an https URL, as the upstream is one' : 'an http or https URL';
    throw new UpstreamError(remote, `demands a token from ${JSON.stringify(realm.slice(0, 200))}; expected ${expected}`);
  }
  server.hash = '';
  for (const name of ['service', 'scope']) {
    const value = challenge.get(name);
    if (value) server.searchParams.set(name, value);
  }
  return server;
}

function tokenIn(text: string): Token | undefined {
  const answer = parsed(text);
  if (!isObject(answer)) return undefined;
  const token = [answer['token'], answer['access_token']].find((value) => typeof value === 'string' && TOKEN.test(value));
  const told = answer['expires_in'];
  const life = typeof told === 'number' && Number.isFinite(told) ? Math.min(Math.max(told, SHORTEST_LIFE), LONGEST_LIFE) : DEFAULT_LIFE;
  // The last tenth is left to requests that are on their way.
  return typeof token === 'string' ? { text: token, until: Date.now() + life * 900 } : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function textOf(answer: UpstreamAnswer): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > LIMIT) return '';
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Identifies something of a remote as it is logged in to now. */
function keyOf(remote: UpstreamRemote, what: readonly string[]): string {
  const login = createHash('sha256')
    .update(basicOf(remote) ?? '')
    .digest('base64');
  return JSON.stringify([new URL(remote.base_url).origin, login, ...what]);
}

/** The part of an address that the files of one image share. */
function placeOf({ pathname }: URL): string {
  return pathname.split('/').slice(0, -2).join('/');
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= KEPT) map.clear();
  map.set(key, value);
}
