import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EmulatedArtifactapi } from './emulated-artifactapi';
import { EmulatedBkrepo } from './emulated-bkrepo';
import type { Emulation, Fields, Reply } from './emulation';

/** What the API was asked since it was last asked for its counters. */
export interface Counters {
  /** Requests to the API; those for Terraform's state are not among them. */
  readonly requests: number;
  readonly byRoute: Readonly<Record<string, number>>;
  readonly connections: number;
  readonly mostAtOnce: number;
  readonly stateWrites: number;
}

const zero = { requests: 0, connections: 0, mostAtOnce: 0, stateWrites: 0 };

/** The APIs in memory, which answer after a set time and count, and beside them an `http` backend for Terraform's state. */
export class EmulatedApi {
  /** Milliseconds that each answer of the API waits; answers about state do not wait. */
  latency = 0;
  private readonly emulations: readonly Emulation[] = [new EmulatedArtifactapi(), new EmulatedBkrepo()];
  private readonly states = new Map<string, Buffer>();
  private readonly sockets = new Set<object>();
  private readonly server: Server;
  private counted = { ...zero };
  private byRoute: Record<string, number> = {};
  private inFlight = 0;

  constructor() {
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.keepAliveTimeout = 120_000;
  }

  /** Listens on a free port of this machine and answers the URL. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Stops listening and ends every connection. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  /** How many objects there are. */
  get size(): number {
    return this.emulations.reduce((sum, { size }) => sum + size, 0);
  }

  /** Forgets all objects. */
  forget(): void {
    for (const emulation of this.emulations) emulation.forget();
  }

  /** The counters, which begin at zero again. */
  take(): Counters {
    const taken = { ...this.counted, byRoute: this.byRoute };
    this.counted = { ...zero };
    this.byRoute = {};
    this.sockets.clear();
    return taken;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const method = request.method ?? '';
    const isState = path.startsWith('/state/');
    const emulation = this.emulations.find((one) => one.routeOf(path) !== undefined);
    if (!isState) this.count(request, response, emulation?.routeOf(path) ?? path);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (isState) return this.state(method, path, { body, response });
    if (this.latency > 0) await new Promise((resolve) => setTimeout(resolve, this.latency));
    const fields = (body.length > 0 ? JSON.parse(body.toString()) : {}) as Fields;
    send(response, emulation?.answer(method, path, fields) ?? [404, 'not found']);
  }

  private count(request: IncomingMessage, response: ServerResponse, where: string): void {
    const route = `${request.method ?? ''} ${where}`;
    this.counted.requests += 1;
    this.byRoute[route] = (this.byRoute[route] ?? 0) + 1;
    this.counted.mostAtOnce = Math.max(this.counted.mostAtOnce, (this.inFlight += 1));
    response.on('close', () => (this.inFlight -= 1));
    if (this.sockets.has(request.socket)) return;
    this.sockets.add(request.socket);
    this.counted.connections += 1;
  }

  private state(method: string, path: string, { body, response }: { readonly body: Buffer; readonly response: ServerResponse }): void {
    const known = this.states.get(path);
    if (method === 'POST') {
      this.states.set(path, body);
      this.counted.stateWrites += 1;
    } else if (method === 'DELETE') this.states.delete(path);
    else if (!known) response.statusCode = 404;
    response.end(method === 'GET' ? known : undefined);
  }
}

function send(response: ServerResponse, [status, body]: Reply): void {
  const json = typeof body !== 'string';
  const text = body === undefined ? undefined : json ? JSON.stringify(body) : `${String(body)}\n`;
  if (text !== undefined) response.setHeader('content-type', json ? 'application/json' : 'text/plain');
  if (text !== undefined) response.setHeader('content-length', Buffer.byteLength(text));
  response.writeHead(status).end(text);
}
