import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A registry's front that knows two tokens: one may read, the other one may write, too. */
export interface Guard {
  readonly url: string;
  /** The changes that were made, e.g. `PUT /api/v2/remotes/npm`, with their bodies. */
  readonly writes: { readonly what: string; readonly body: string }[];
  /** The requests that were refused. */
  readonly refused: string[];
  /** Called before a change is passed on. */
  beforeWrite: (what: string) => Promise<void>;
  close(): void;
}

export const READER = 'reader-token-of-the-registry';
export const WRITER = 'writer-token-of-the-registry';

/** Starts one in front of a registry. */
export async function startGuard(registry: string): Promise<Guard> {
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const what = `${method} ${url}`;
    const body: Buffer[] = [];
    for await (const chunk of request) body.push(chunk as Buffer);
    const reads = method === 'GET' || method === 'HEAD';
    const tokens = [`Bearer ${WRITER}`, ...(reads ? [`Bearer ${READER}`] : [])];
    if (!tokens.includes(headers.authorization ?? '')) {
      self.refused.push(what);
      return void response.writeHead(403).end('{"error":"forbidden"}');
    }
    if (!reads) {
      self.writes.push({ what, body: Buffer.concat(body).toString() });
      await self.beforeWrite(what);
    }
    // The registry behind has no tokens of its own.
    const { authorization: _checked, ...others } = headers;
    const passed = httpRequest(registry + url, { method, headers: { ...others, host: new URL(registry).host } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    passed.end(Buffer.concat(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const self: Guard = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    writes: [],
    refused: [],
    beforeWrite: async () => {},
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return self;
}
