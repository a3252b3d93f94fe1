import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A server for the backend `http`, with locks. Each path is a state; locks are taken there with LOCK, or at its `/lock` with POST. */
export interface StateServer {
  /** Where it listens, without a path. */
  readonly url: string;
  /** What the configuration says of the state `/state`. */
  readonly hcl: string;
  /** The stored states, by path. */
  readonly states: Map<string, string>;
  /** Who holds the lock of a path, as the core that took it said. */
  readonly locks: Map<string, string>;
  /** The state at `/state`, if any, and its lock. */
  state: string | undefined;
  lock: string | undefined;
  /** Whether writes of the state fail. */
  broken: boolean;
  /** Says whether a request may be made. @default all may */
  allows: (request: Pick<IncomingMessage, 'headers'> & { readonly right: Right }) => boolean;
  /** Answers a request that came elsewhere. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<unknown>;
  close(): Promise<void>;
}

/** What a request does: reads a state, takes or releases a lock, writes a state. */
export type Right = 'read' | 'lock' | 'write';

/** Starts one on a free port. */
export async function startStateServer(): Promise<StateServer> {
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const body = await text(request);
    const answer = (status: number, content?: string) => response.writeHead(status).end(content);
    const { path, action, id } = wish(request);
    if (!self.allows({ headers: request.headers, right: action === 'unlock' ? 'lock' : action })) return answer(403);
    const [held, stored] = [self.locks.get(path), self.states.get(path)];
    if (action === 'read') return stored === undefined ? answer(404) : answer(200, stored);
    if (action === 'lock' && held !== undefined) return answer(423, held);
    if (action === 'lock') self.locks.set(path, body);
    else if (action === 'unlock') self.locks.delete(path);
    else if (held !== undefined && id !== null && idOf(held) !== id) return answer(423, held);
    else if (self.broken) return answer(500);
    else self.states.set(path, body);
    return answer(200);
  };
  const server = createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const address = `"${url}/state"`;
  const [states, locks] = [new Map<string, string>(), new Map<string, string>()];
  const self: StateServer = {
    url,
    hcl: `terraform {\n  backend "http" {\n    address        = ${address}\n    lock_address   = ${address}\n    unlock_address = ${address}\n    retry_max      = 0\n  }\n}\n`,
    states,
    locks,
    get state() {
      return states.get('/state');
    },
    set state(text) {
      put(states, text);
    },
    get lock() {
      return locks.get('/state');
    },
    set lock(text) {
      put(locks, text);
    },
    broken: false,
    allows: () => true,
    handle,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return self;
}

const put = (into: Map<string, string>, text: string | undefined): void =>
  void (text === undefined ? into.delete('/state') : into.set('/state', text));

function wish({ method = '', url = '' }: IncomingMessage): { path: string; action: Right | 'unlock'; id: string | null } {
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  const path = pathname.replace(/\/lock$/, '');
  const atLock = path !== pathname;
  const action = method === 'LOCK' || (atLock && method === 'POST') ? 'lock' : method === 'UNLOCK' || atLock ? 'unlock' : undefined;
  return { path, action: action ?? (method === 'GET' ? 'read' : 'write'), id: searchParams.get('ID') };
}

const idOf = (lock: string): unknown => (JSON.parse(lock) as { ID?: unknown }).ID;
