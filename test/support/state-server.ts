import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A server for the backend `http`, with locks. */
export interface StateServer {
  /** What the configuration says of it. */
  readonly hcl: string;
  /** The stored state, if any. */
  state: string | undefined;
  /** Who holds the lock, as the core that took it said, if anybody. */
  lock: string | undefined;
  /** Whether writes of the state fail. */
  broken: boolean;
  close(): Promise<void>;
}

/** Starts one on a free port. */
export async function startStateServer(): Promise<StateServer> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const answer = (status: number, content?: string) => response.writeHead(status).end(content);
    if (request.method === 'LOCK' && self.lock !== undefined) return answer(423, self.lock);
    if (request.method === 'LOCK') self.lock = body;
    else if (request.method === 'UNLOCK') self.lock = undefined;
    else if (request.method === 'GET') return self.state === undefined ? answer(404) : answer(200, self.state);
    else if (self.broken) return answer(500);
    else self.state = body;
    return answer(200);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `"http://127.0.0.1:${(server.address() as AddressInfo).port}/state"`;
  const self: StateServer = {
    hcl: `terraform {\n  backend "http" {\n    address        = ${address}\n    lock_address   = ${address}\n    unlock_address = ${address}\n    retry_max      = 0\n  }\n}\n`,
    state: undefined,
    lock: undefined,
    broken: false,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return self;
}
