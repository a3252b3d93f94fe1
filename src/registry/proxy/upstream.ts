import { type Readable } from 'node:stream';
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { HttpError, reasonOf } from '../errors';
import { type Remote } from '../store/repositories';

const MAX_REDIRECTS = 5;

/** One request to the upstream of a remote. */
export interface UpstreamRequest {
  readonly remote: Remote;
  readonly url: string;
  readonly method: 'GET' | 'HEAD';
  readonly accept: string;
  /** Validators of the copy at hand. */
  readonly etag?: string;
  readonly lastModified?: string;
}

/** The upstream's answer, its body not read yet. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly url: string;
  readonly body: Readable;
  /** The length the upstream announced. */
  readonly length: number | undefined;
  readonly headerNames: readonly string[];
  header(name: string): string;
}

/** The upstream could not be reached or broke off; a stored copy may be served in its place. */
export class UpstreamNetworkError extends HttpError {
  constructor(remote: Remote, cause: unknown) {
    super(502, `upstream of remote ${JSON.stringify(remote.name)} cannot be reached: ${reasonOf(cause)}`);
  }
}

/** Talks to the upstreams, over one pool of connections. */
export class Upstream {
  readonly #agent = new EnvHttpProxyAgent({ connect: { timeout: 10_000 }, headersTimeout: 60_000, bodyTimeout: 60_000 });

  /** Sends a request and follows redirects; credentials go to the remote's own host only. */
  async send(wanted: UpstreamRequest): Promise<UpstreamAnswer> {
    let url = new URL(wanted.url);
    const home = url.origin;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const answer = await this.#once(url, wanted, url.origin === home);
      const location = [301, 302, 303, 307, 308].includes(answer.status) ? answer.header('location') : '';
      if (!location) return answer;
      answer.body.resume();
      if (!URL.canParse(location, url.href)) break;
      url = new URL(location, url);
      if (!/^https?:$/.test(url.protocol)) break;
    }
    throw new HttpError(502, `upstream of remote ${JSON.stringify(wanted.remote.name)} redirects too often or to nowhere`);
  }

  /** Breaks off all requests and closes all connections. */
  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #once(url: URL, wanted: UpstreamRequest, withCredentials: boolean): Promise<UpstreamAnswer> {
    const { method } = wanted;
    try {
      const response = await request(url, { method, headers: headersFor(wanted, withCredentials), dispatcher: this.#agent });
      return toAnswer(url.href, response);
    } catch (cause) {
      throw new UpstreamNetworkError(wanted.remote, cause);
    }
  }
}

function headersFor({ remote, accept, etag, lastModified }: UpstreamRequest, withCredentials: boolean): Record<string, string> {
  const { username, password } = remote;
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  return {
    'user-agent': 'repoform-registry',
    // What is stored is what the upstream's files are, so that sizes and hashes hold.
    'accept-encoding': 'identity',
    accept: accept || '*/*',
    ...(withCredentials && (username || password) && { authorization: `Basic ${basic}` }),
    ...(etag && { 'if-none-match': etag }),
    ...(lastModified && { 'if-modified-since': lastModified }),
  };
}

function toAnswer(url: string, response: Dispatcher.ResponseData): UpstreamAnswer {
  const header = (name: string) => {
    const value = response.headers[name];
    return (Array.isArray(value) ? value[0] : value) ?? '';
  };
  const length = /^\d+$/.test(header('content-length')) ? Number(header('content-length')) : undefined;
  // A body that nobody reads any more must not end the process when its connection breaks.
  response.body.on('error', () => undefined);
  return { status: response.statusCode, url, body: response.body, length, header, headerNames: Object.keys(response.headers) };
}
