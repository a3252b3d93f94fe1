import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** One request that a test server got. */
export interface Got {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly bytes: Buffer;
  /** The parsed body, when there is one. */
  readonly json: unknown;
}

/** What a test server answers: a value is sent as JSON, a text as it is. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers requests; `undefined` breaks the connection. */
export type Answer = (got: Got) => Reply | undefined | Promise<Reply | undefined>;

/** What goes wrong with some requests: before the work is done, or after it with the answer. */
export type FaultKind =
  | 'hang'
  | 'reset'
  | 'lost'
  | 'truncated'
  | 'late'
  | { readonly status: number; readonly text?: string; readonly headers?: Record<string, string> };

/** A fault for requests of a method and path, a number of times. */
export interface Fault {
  readonly kind: FaultKind;
  /** A pattern of the whole method. @default any */
  readonly method?: string;
  readonly path?: RegExp;
  /** @default 1 */
  readonly times?: number;
}

/** A server on a free loopback port, with all it was asked and faults on demand. */
export interface TestServer {
  readonly endpoint: string;
  readonly port: number;
  readonly log: Got[];
  /** Makes the next matching requests fail. */
  fault(fault: Fault): void;
  /** Forgets the faults that are left. */
  heal(): void;
  /** `METHOD /path` of each request since the last call. */
  calls(): string[];
  stop(): Promise<void>;
}

/** Starts a server; with a key and certificate it speaks TLS. */
export async function startServer(
  answer: Answer,
  tls?: { readonly key: string; readonly cert: string; readonly ca?: string; readonly requestCert?: boolean },
): Promise<TestServer> {
  const log: Got[] = [];
  let faults: { fault: Fault; left: number }[] = [];
  const open = new Set<ServerResponse>();
  const listener: RequestListener = (request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    void receive(request)
      .then(async (got) => {
        log.push(got);
        const hit = faults.find(
          ({ fault, left }) => left > 0 && new RegExp(`^(${fault.method ?? '.*'})$`).test(got.method) && (fault.path ?? /^/).test(got.path),
        );
        if (hit) hit.left -= 1;
        await respond(response, got, { answer, fault: hit?.fault.kind });
      })
      .catch((cause: unknown) => response.writeHead(599).end(`the test server failed: ${String(cause)}`));
  };
  const server = tls ? createTlsServer({ rejectUnauthorized: false, ...tls }, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  let told = 0;
  return {
    endpoint: `${tls ? 'https' : 'http'}://${tls ? 'localhost' : '127.0.0.1'}:${port}`,
    port,
    log,
    fault: (fault) => void faults.push({ fault, left: fault.times ?? 1 }),
    heal: () => void (faults = []),
    calls: () => {
      const since = log.slice(told).map(({ method, path }) => `${method} ${path}`);
      told = log.length;
      return since;
    },
    async stop() {
      for (const response of open) response.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function receive(request: IncomingMessage): Promise<Got> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    // The client hung up; what it sent so far is what was got.
  }
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString('utf8');
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    text,
    bytes,
    json: text === '' ? undefined : parse(text),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function respond(
  response: ServerResponse,
  got: Got,
  { answer, fault }: { answer: Answer; fault: FaultKind | undefined },
): Promise<void> {
  if (fault === 'hang') return;
  if (fault === 'reset') return void response.destroy();
  if (typeof fault === 'object')
    return void response.writeHead(fault.status, { 'content-type': 'text/plain', ...fault.headers }).end(fault.text ?? 'injected');
  const reply = await answer(got);
  if (fault === 'late') return;
  if (reply === undefined || fault === 'lost') return void response.destroy();
  const text = Buffer.from(reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body)));
  const type = reply.text === undefined ? 'application/json' : 'text/plain';
  if (fault === 'truncated') {
    response.writeHead(reply.status, { 'content-type': type, 'content-length': String(Math.max(text.length, 2)) });
    response.write(text.length > 1 ? text.subarray(0, text.length >> 1) : '{', () => response.destroy());
    return;
  }
  response.writeHead(reply.status, { ...(text.length > 0 && { 'content-type': type }), ...reply.headers }).end(text);
}

/** Passes everything on to another server, so that faults can be put in between. */
export function forwardTo(endpoint: string): Answer {
  return async (got) => {
    // Whoever sent less than announced hung up: no server takes that for a whole body.
    if (got.bytes.length < Number(got.headers['content-length'] ?? 0)) return undefined;
    const passed = Object.entries(got.headers).filter(([name]) => /^(authorization|accept|content-type|x-bk.*)$/.test(name));
    const answer = await fetch(endpoint + got.path, {
      method: got.method,
      headers: { 'content-type': 'application/json', ...(Object.fromEntries(passed) as Record<string, string>) },
      ...(got.bytes.length > 0 && { body: new Uint8Array(got.bytes) }),
    });
    const kept = ['content-type', 'retry-after', 'etag', 'location'].flatMap((name) =>
      answer.headers.has(name) ? [[name, answer.headers.get(name) ?? '']] : [],
    );
    return {
      status: answer.status,
      text: Buffer.from(await answer.arrayBuffer()),
      headers: Object.fromEntries(kept) as Record<string, string>,
    };
  };
}
