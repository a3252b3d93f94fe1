import { setMaxListeners } from 'node:events';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { type AgentOptions } from 'node:https';
import { isUrl } from '../../../../common/urls';
import { Connections } from '../../../../net/connections';
import { GoError } from '../go/json-parse';
import { parseUrl, withoutPassword } from '../go/url';
import { NotPublic, type Reach } from '../../../proxy/reach';
import { networkReason } from './network-reason';

const MAX_REDIRECTS = 10;
const CONNECT_TIMEOUT = 30_000;
/** Enough for the largest public indexes, little enough for the memory of a small machine. */
const MAX_BYTES = 64 << 20;

/** What goes with a request. */
export interface FetchOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent to the first host only. */
  readonly authorization?: string | undefined;
  readonly tls?: Pick<AgentOptions, 'rejectUnauthorized' | 'ca' | 'cert' | 'key'>;
  readonly timeoutMs?: number;
}

/** A whole answer. */
export interface Fetched {
  readonly status: number;
  /** The status with its words, e.g. `404 Not Found`. */
  readonly statusLine: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Fetches from chart repositories, within limits of time and size; what goes wrong is told in Go's words. */
export class Fetcher {
  readonly #open = new Set<AbortController>();
  #isClosed = false;

  constructor(
    private readonly timeoutMs: number,
    private readonly reach: Reach,
  ) {}

  /** Breaks off what is under way. */
  close(): void {
    this.#isClosed = true;
    for (const journey of this.#open) journey.abort();
  }

  /** Gets a URL, following redirects. */
  async get(text: string, options: FetchOptions = {}): Promise<Fetched> {
    const { scheme, host, path, query } = parseUrl(text);
    if (scheme !== 'http' && scheme !== 'https') throw failure(text, `unsupported protocol scheme ${JSON.stringify(scheme)}`);
    if (host === '' || !isUrl(text)) throw failure(text, 'http: no Host in request URL');
    // One signal for all (AbortSignal.any) would remember each journey for good.
    const abort = new AbortController();
    const { signal } = abort;
    if (this.#isClosed) abort.abort();
    this.#open.add(abort);
    const timer = setTimeout(() => abort.abort(), options.timeoutMs ?? this.timeoutMs).unref();
    // Each hop of a journey listens.
    setMaxListeners(0, signal);
    // Proxies are for what leaves the machine by its own name; the real server's transport asks for none either.
    const settings = { env: {}, connectTimeout: CONNECT_TIMEOUT, ...options.tls };
    const [connections, outside] = [new Connections(settings), new Connections({ ...settings, lookup: this.reach.lookup })];
    try {
      const target = `${path || '/'}${query === undefined ? '' : `?${query}`}`;
      return await follow(new URL(text), { connections, outside, reach: this.reach, signal, options, target });
    } catch (cause) {
      if (cause instanceof NotPublic) throw failure(text, cause.message);
      throw cause instanceof GoError ? cause : failure(text, networkReason(cause));
    } finally {
      clearTimeout(timer);
      this.#open.delete(abort);
      connections.close();
      outside.close();
    }
  }
}

interface Journey {
  readonly connections: Connections;
  /** To where the server has led that may not lead anywhere. */
  readonly outside: Connections;
  readonly reach: Reach;
  readonly signal: AbortSignal;
  readonly options: FetchOptions;
  /** The path of the first request, as it was written. */
  readonly target: string;
}

async function follow(first: URL, { target, ...journey }: Journey): Promise<Fetched> {
  let [url, path, given]: [URL, string, string] = [first, target, first.href];
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const connections = url.origin === first.origin || (await journey.reach.isFree(first, url)) ? journey.connections : journey.outside;
    const answer = await once(url, { ...journey, connections, target: path }, url.host === first.host);
    const { location } = answer.headers;
    if (![301, 302, 303, 307, 308].includes(answer.status) || !location || !isUrl(location, url.href)) return answer;
    url = new URL(location, url);
    given = location;
    path = url.pathname + url.search;
    if (!/^https?:$/.test(url.protocol))
      throw failure(url.href, `unsupported protocol scheme ${JSON.stringify(url.protocol.slice(0, -1))}`);
  }
  throw failure(given, `stopped after ${MAX_REDIRECTS} redirects`);
}

function once(url: URL, { connections, reach, signal, options, target }: Journey, isHome: boolean): Promise<Fetched> {
  const { authorization, headers = {} } = options;
  return new Promise((resolve, reject) => {
    const sent = { ...headers, ...(authorization !== undefined && isHome && { authorization }) };
    const request = connections.request(url, { method: 'GET', headers: sent, path: target, signal });
    const closed = () => reject(new Error('closed without an answer'));
    request.on('error', reject);
    request.on('close', closed);
    request.on('response', (response) => {
      reach.saw(url, response.socket.remoteAddress);
      // Node's own listener has to stay: by that, the signal lets go of the request.
      request.off('close', closed);
      read(response).then(resolve, reject);
    });
    request.end();
  });
}

async function read(response: IncomingMessage): Promise<Fetched> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > MAX_BYTES) throw new GoError(`the answer is longer than ${MAX_BYTES} bytes`);
  }
  if (!response.complete) throw new GoError('unexpected EOF');
  const status = response.statusCode ?? 0;
  const statusLine = `${status} ${response.statusMessage || STATUS_CODES[status] || ''}`.trim();
  return { status, statusLine, headers: response.headers, body: Buffer.concat(chunks) };
}

function failure(url: string, reason: string): GoError {
  return new GoError(`Get ${JSON.stringify(withoutPassword(url))}: ${reason}`);
}
