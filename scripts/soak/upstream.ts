import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Outages } from './ledger';

/** What an upstream serves at a path. */
export interface Served {
  readonly body: Buffer;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Whether its digest is known before it comes, by its path, a header or an index, so that wrong bytes are noticed. Of indexes it is not, nor of what
   * the registry leaves to clients: packages of RPM and Go. @default false
   */
  readonly isAnnounced?: boolean;
}

/** What an upstream has; `host` is its own for clients. */
export type Shelf = (path: string, host: string) => Served | undefined;

/** The ways in which an upstream fails. */
export const FAULTS = ['500', '503', '429', 'cut', 'chunks cut', 'slow', 'wrong', 'reset', 'refused', 'silent'] as const;
export type FaultKind = (typeof FAULTS)[number];

/** How long after a fault its consequences may last: the longest pause of a circuit breaker that waits a second at first. */
const TAIL_MS = 17_000;

/** A server of somebody else, which fails when it is told to. */
export class Upstream {
  readonly outages = new Outages();
  #fault: FaultKind | undefined;
  #server: Server;
  #port = 0;

  private constructor(private readonly shelf: Shelf) {
    this.#server = this.#made();
  }

  static async start(shelf: Shelf): Promise<Upstream> {
    const upstream = new Upstream(shelf);
    await upstream.#listen();
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** How many connections are open. */
  connections(): Promise<number> {
    return new Promise((resolve, reject) => this.#server.getConnections((error, count) => (error ? reject(error) : resolve(count))));
  }

  /** Fails for a while. Slowness is no excuse. */
  async failFor(kind: FaultKind, ms: number): Promise<void> {
    const end = kind === 'slow' ? undefined : this.outages.begin(kind);
    this.#fault = kind;
    if (kind === 'refused') await this.#close();
    await sleep(ms);
    this.#fault = undefined;
    if (kind === 'refused') await this.#listen();
    if (kind === 'silent') this.#server.closeAllConnections();
    end?.(TAIL_MS);
  }

  async stop(): Promise<void> {
    if (this.#server.listening) await this.#close();
  }

  #made(): Server {
    return createServer({ keepAliveTimeout: 4000 }, (request, response) => {
      response.on('error', () => undefined);
      void this.#answer(request, response).catch(() => response.destroy());
    });
  }

  async #listen(): Promise<void> {
    for (let tries = 0; ; tries++) {
      this.#server = this.#made();
      const listening = new Promise<void>((resolve, reject) => {
        this.#server.once('listening', resolve).once('error', reject);
        this.#server.listen(this.#port, '127.0.0.1');
      });
      const failure = await listening.then(
        () => undefined,
        (cause: unknown) => cause as Error,
      );
      if (failure === undefined) break;
      // A client may have taken the port for a connection of its own meanwhile.
      if (tries > 300) throw failure;
      await sleep(100);
    }
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  #close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    return closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = this.#fault;
    if (fault === 'silent') return;
    if (fault === 'reset') return void request.socket.resetAndDestroy();
    if (fault === '500' || fault === '503' || fault === '429')
      return void response.writeHead(Number(fault), { 'retry-after': '1' }).end('down');
    const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
    const found = this.shelf(path, request.headers.host ?? '');
    if (!found) return void response.writeHead(404).end();
    const etag = `"${createHash('sha256').update(found.body).digest('hex').slice(0, 20)}"`;
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
    response.setHeader('content-type', found.type ?? 'application/octet-stream').setHeader('etag', etag);
    for (const [name, value] of Object.entries(found.headers ?? {})) response.setHeader(name, value);
    if (fault !== 'chunks cut') response.setHeader('content-length', found.body.length);
    if (request.method === 'HEAD') return void response.end();
    await send(response, found, fault);
  }
}

/** Sends a body as the fault has it. */
async function send(response: ServerResponse, { body, isAnnounced }: Served, fault: FaultKind | undefined): Promise<void> {
  const half = body.length >> 1;
  if (fault === 'cut' || fault === 'chunks cut') {
    response.write(body.subarray(0, half));
    await sleep(30);
    return void response.destroy();
  }
  if (fault === 'wrong' && isAnnounced) {
    const wrong = Buffer.from(body);
    wrong.writeUInt8(wrong.readUInt8(half) ^ 0x55, half);
    return void response.end(wrong);
  }
  if (fault !== 'slow') return void response.end(body);
  const step = Math.ceil(body.length / 10) || 1;
  for (let at = 0; at < body.length && !response.destroyed; at += step) {
    response.write(body.subarray(at, at + step));
    await sleep(150);
  }
  response.end();
}
