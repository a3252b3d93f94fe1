import { isUrl } from '../../common/urls';
import { type ClientRequest, type IncomingMessage } from 'node:http';
import { type Socket } from 'node:net';
import { type Readable } from 'node:stream';
import { type ConnectionOptions, Connections } from '../../net/connections';
import { proxyFor } from '../../net/proxy-rules';
import { type Remote } from '../store/repositories';
import { basicOf, Tokens } from './bearer';
import { type Guard } from './guard';
import { NotPublic, Reach } from './reach';
import { UpstreamError } from './upstream-error';

const MAX_REDIRECTS = 5;
const CONNECT_TIMEOUT = 10_000;
/** For the head of an answer as a whole, and for every silence in its body. */
const ANSWER_TIMEOUT = 60_000;
/** What is read of a body that nobody wants, so that its connection can be used again. */
const DISCARDED = 64 * 1024;

/** Whose upstream is asked, and how it is logged in to. */
export type UpstreamRemote = Pick<Remote, 'name' | 'base_url' | 'username' | 'password' | 'updated_at'>;

/** One request to the upstream of a remote. */
export interface UpstreamRequest {
  readonly remote: UpstreamRemote;
  readonly url: string;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly accept: string;
  /** Validators of the copy at hand. */
  readonly etag?: string;
  readonly lastModified?: string;
  readonly body?: { readonly content: Buffer; readonly headers: Readonly<Record<string, string>> };
  /** Throws when the remote may not be led to a place. */
  readonly admit: (url: URL) => void;
}

/** The upstream's answer, its body not read yet. */
export interface UpstreamAnswer {
  readonly status: number;
  /** Where the answer came from in the end. */
  readonly url: string;
  readonly body: Readable;
  /** The length the upstream announced. */
  readonly length: number | undefined;
  readonly headerNames: readonly string[];
  header(name: string): string;
  /** Lets go of a body that is not wanted. */
  discard(): void;
}

const CONNECTIONS: ConnectionOptions = { env: process.env, connectTimeout: CONNECT_TIMEOUT, maxFreeSockets: 64, scheduling: 'lifo' };

/** What requests to upstreams are sent through. */
export interface UpstreamParts {
  /** Is not asked while it fails. @default - nothing guards them */
  readonly guard?: Guard;
  /** Where upstreams may lead. @default - one of the internet to the internet */
  readonly reach?: Reach;
}

/** Talks to the upstreams, over kept connections. */
export class Upstream {
  readonly #connections = new Connections(CONNECTIONS);
  /** To where upstreams lead that may not lead anywhere: of no use to others, whose connections may go to private networks. */
  readonly #outside: Connections;
  readonly #guard: Guard | undefined;
  readonly #reach: Reach;
  readonly #open = new Set<ClientRequest>();
  readonly #tokens = new Tokens((remote, url, authorization) =>
    this.#led(url, { remote, url: url.href, method: 'GET', accept: 'application/json', admit: () => undefined }, authorization),
  );

  constructor({ guard, reach = new Reach() }: UpstreamParts = {}) {
    this.#guard = guard;
    this.#reach = reach;
    this.#outside = new Connections({ ...CONNECTIONS, lookup: reach.lookup });
  }

  /** Sends a request and follows redirects; credentials go to the remote's own host only. */
  send(wanted: UpstreamRequest): Promise<UpstreamAnswer> {
    return this.#guard ? this.#guard.send(wanted, () => this.#follow(wanted)) : this.#follow(wanted);
  }

  async #follow(wanted: UpstreamRequest): Promise<UpstreamAnswer> {
    let url = new URL(wanted.url);
    const home = new URL(wanted.remote.base_url).origin;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const answer = await (url.origin === home ? this.#atHome(url, wanted) : this.#led(url, wanted));
      const location = [301, 302, 303, 307, 308].includes(answer.status) ? answer.header('location') : '';
      if (!location) return answer;
      answer.discard();
      if (!isUrl(location, url.href)) break;
      url = new URL(location, url);
      if (!/^https?:$/.test(url.protocol)) break;
      wanted.admit(url);
    }
    throw new UpstreamError(wanted.remote, 'redirects too often or without a location');
  }

  /** Breaks off all requests and closes all connections. */
  close(): void {
    for (const request of this.#open) request.destroy(new Error('the registry is shutting down'));
    this.#connections.close();
    this.#outside.close();
  }

  /** A request to the remote's own host, with its credentials or with the token that the host demands for them. */
  async #atHome(url: URL, wanted: UpstreamRequest): Promise<UpstreamAnswer> {
    const { remote } = wanted;
    let token = this.#tokens.guess(remote, url);
    let answer = await this.#once(url, wanted, { authorization: token === undefined ? basicOf(remote) : `Bearer ${token}` });
    // A token that was kept may have been revoked; a new one that is refused is not good enough.
    for (let isNew = false; answer.status === 401 && !isNew;) {
      const obtained = await this.#tokens.obtain({ remote, url, answer, token });
      if (!obtained) return answer;
      answer.discard();
      ({ text: token, isNew } = obtained);
      answer = await this.#once(url, wanted, { authorization: `Bearer ${token}` });
    }
    return answer;
  }

  /** A request to where the upstream has led, which may be at the remote's own host. */
  async #led(url: URL, wanted: UpstreamRequest, authorization?: string): Promise<UpstreamAnswer> {
    try {
      const isFree = await this.#reach.isFree(new URL(wanted.remote.base_url), url);
      // A proxy looks names up by itself, and has rules of its own.
      const connections = isFree || proxyFor(url, process.env) ? this.#connections : this.#outside;
      return await this.#once(url, wanted, { authorization, connections });
    } catch (cause) {
      throw cause instanceof NotPublic ? new UpstreamError(wanted.remote, cause.message) : cause;
    }
  }

  /** GET and HEAD are tried once more when a connection that was kept turns out to be closed; anything else gets a fresh one. */
  async #once(url: URL, wanted: UpstreamRequest, { authorization, connections = this.#connections }: Sending): Promise<UpstreamAnswer> {
    const headers = { ...headersFor(wanted, authorization), ...this.#guard?.headers() };
    const exchange = { method: wanted.method, headers, content: wanted.body?.content, connections };
    const send = (fresh: boolean) => this.#exchange(url, { ...exchange, fresh });
    try {
      return await send(wanted.method === 'POST').catch((cause: unknown) => {
        if (cause instanceof StaleConnection) return send(true);
        throw cause;
      });
    } catch (cause) {
      if (cause instanceof NotPublic) throw cause;
      throw new UpstreamError(wanted.remote, 'cannot be reached', { cause });
    }
  }

  #exchange(url: URL, { connections, ...outgoing }: Exchange): Promise<UpstreamAnswer> {
    return new Promise((resolve, reject) => {
      const request = connections.request(url, outgoing);
      this.#open.add(request);
      const timer = setTimeout(() => request.destroy(new Error(`no answer within ${ANSWER_TIMEOUT / 1000} s`)), ANSWER_TIMEOUT);
      let answer: IncomingMessage | undefined;
      // Listens for good: what happens to a connection after its answer came must not be an error that nobody listens to. And Node takes
      // a body without an announced length for a whole one when its connection is reset.
      request.on('error', (cause) => {
        if (answer && (!answer.complete || sentMore(answer, cause))) answer.destroy(cause);
        reject(request.reusedSocket && isStale(cause) ? new StaleConnection('closed', { cause }) : cause);
      });
      request.on('close', () => {
        clearTimeout(timer);
        this.#open.delete(request);
        // Node closes what switches protocols without an error; nothing happens where the promise is settled already.
        reject(new Error('closed without an answer'));
      });
      request.once('socket', (socket) => limitConnect(request, socket));
      request.once('response', (response) => {
        clearTimeout(timer);
        answer = response;
        this.#reach.saw(url, response.socket.remoteAddress);
        request.setTimeout(ANSWER_TIMEOUT, () => request.destroy(new Error(`silent for ${ANSWER_TIMEOUT / 1000} s`)));
        resolve(toAnswer(url.href, response));
      });
      request.end(outgoing.content);
    });
  }
}

interface Sending {
  readonly authorization: string | undefined;
  /** @default - those to the remotes' own hosts */
  readonly connections?: Connections;
}

interface Exchange {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fresh: boolean;
  readonly content: Buffer | undefined;
  readonly connections: Connections;
}

/** A connection that had been kept for further requests cannot be used any more. */
class StaleConnection extends Error {}

/** Closed, or with a rest of the answer before in it, as after a HEAD that was answered with a body. */
function isStale({ code = '' }: NodeJS.ErrnoException): boolean {
  return code === 'ECONNRESET' || code === 'EPIPE' || code.startsWith('HPE_');
}

/** Whether more came than was announced, before the body was read: what was announced is not the whole of it. */
function sentMore(
  { req, readableEnded }: IncomingMessage & { readonly req?: ClientRequest },
  { code = '' }: NodeJS.ErrnoException,
): boolean {
  return req?.method !== 'HEAD' && !readableEnded && code.startsWith('HPE_');
}

/** Node has no limit of its own for making a connection. */
function limitConnect(request: ClientRequest, socket: Socket): void {
  if (!socket.connecting) return;
  const timer = setTimeout(() => request.destroy(new Error(`no connection within ${CONNECT_TIMEOUT / 1000} s`)), CONNECT_TIMEOUT);
  const done = (): void => clearTimeout(timer);
  socket.once('connect', done).once('close', done);
}

function headersFor({ accept, etag, lastModified, body }: UpstreamRequest, authorization: string | undefined): Record<string, string> {
  return {
    'user-agent': 'repoform-registry',
    // What is stored is what the upstream's files are, so that sizes and hashes hold.
    'accept-encoding': 'identity',
    accept: accept || '*/*',
    ...(authorization !== undefined && { authorization }),
    ...(etag && { 'if-none-match': etag }),
    ...(lastModified && { 'if-modified-since': lastModified }),
    ...(body && { ...body.headers, 'content-length': String(body.content.length) }),
  };
}

function toAnswer(url: string, response: IncomingMessage): UpstreamAnswer {
  const header = (name: string) => {
    const value = response.headers[name];
    return (Array.isArray(value) ? value[0] : value) ?? '';
  };
  // A 204 has no body, whatever length it announces.
  const length = response.statusCode === 204 ? 0 : /^\d+$/.test(header('content-length')) ? Number(header('content-length')) : undefined;
  // A body that nobody reads any more must not end the process when its connection breaks.
  response.on('error', () => undefined);
  const facts = { status: response.statusCode ?? 0, url, body: response, length, header };
  return { ...facts, headerNames: Object.keys(response.headers), discard: () => discard(response) };
}

/** Reads a small rest, and breaks the connection of a large one. */
function discard(response: IncomingMessage): void {
  let left = DISCARDED;
  response.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) response.destroy();
  });
}
