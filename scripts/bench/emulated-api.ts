import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the API was asked since it was last asked for its counters. */
export interface Counters {
  /** Requests to the API; those for Terraform's state are not among them. */
  readonly requests: number;
  readonly byRoute: Readonly<Record<string, number>>;
  readonly connections: number;
  readonly mostAtOnce: number;
  readonly stateWrites: number;
}

type Fields = Readonly<Record<string, unknown>>;
type Reply = readonly [status: number, body?: unknown];

const zero = { requests: 0, connections: 0, mostAtOnce: 0, stateWrites: 0 };
const routes = /^\/api\/v2\/(remotes|virtuals)(?:\/([^/]+))?$/;

/** An ArtifactAPI in memory that answers after a set time and counts, and beside it an `http` backend for Terraform's state. */
export class EmulatedApi {
  /** Milliseconds that each answer of the API waits; answers about state do not wait. */
  latency = 0;
  private readonly collections = { remotes: new Map<string, Fields>(), virtuals: new Map<string, Fields>() };
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
    return this.collections.remotes.size + this.collections.virtuals.size;
  }

  /** Forgets all objects. */
  forget(): void {
    for (const objects of Object.values(this.collections)) objects.clear();
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
    const isState = path.startsWith('/state/');
    if (!isState) this.count(request, response, path);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (isState) return this.state(request.method ?? '', path, { body, response });
    if (this.latency > 0) await new Promise((resolve) => setTimeout(resolve, this.latency));
    send(response, this.answer(request.method ?? '', path, body));
  }

  private count(request: IncomingMessage, response: ServerResponse, path: string): void {
    const [, collection, name] = routes.exec(path) ?? [];
    const route = `${request.method ?? ''} ${collection ? `/${collection}${name === undefined ? '' : '/{name}'}` : path}`;
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

  private answer(method: string, path: string, body: Buffer): Reply {
    if (path === '/version') return [200, { name: 'artifactapi', version: 'v3.7.6' }];
    if (path === '/health') return [200, { status: 'ok' }];
    const [, collection, name] = routes.exec(path) ?? [];
    if (!collection) return [404, 'not found'];
    const objects = this.collections[collection as 'remotes' | 'virtuals'];
    const fields = (body.length > 0 ? JSON.parse(body.toString()) : {}) as Fields;
    return name === undefined
      ? onCollection(objects, method, fields)
      : onObject(objects, method, { ...fields, name: decodeURIComponent(name) });
  }
}

function onCollection(objects: Map<string, Fields>, method: string, fields: Fields): Reply {
  if (method === 'GET') return [200, [...objects.values()]];
  if (method !== 'POST') return [405, 'method not allowed'];
  const name = String(fields.name ?? '');
  if (name === '') return [400, 'a name is required'];
  if (objects.has(name)) return [409, `${name} exists`];
  objects.set(name, complete(fields));
  return [201, objects.get(name)];
}

function onObject(objects: Map<string, Fields>, method: string, fields: Fields & { readonly name: string }): Reply {
  if (!objects.has(fields.name)) return [404, 'not found'];
  if (method === 'DELETE') objects.delete(fields.name);
  if (method === 'PUT') objects.set(fields.name, complete(fields));
  return method === 'DELETE' ? [204] : [200, objects.get(fields.name)];
}

/** A server answers every field that it knows, also those that the client left out. */
function complete(fields: Fields): Fields {
  if ('members' in fields) return { description: '', ...fields };
  const lists = { patterns: [], blocklist: [], mutable_patterns: [], immutable_patterns: [] };
  return { repo_type: 'remote', description: '', username: '', immutable_ttl: 0, mutable_ttl: 3600, ...lists, ...fields };
}

function send(response: ServerResponse, [status, body]: Reply): void {
  const json = typeof body !== 'string';
  const text = body === undefined ? undefined : json ? JSON.stringify(body) : `${String(body)}\n`;
  if (text !== undefined) response.setHeader('content-type', json ? 'application/json' : 'text/plain');
  if (text !== undefined) response.setHeader('content-length', Buffer.byteLength(text));
  response.writeHead(status).end(text);
}
