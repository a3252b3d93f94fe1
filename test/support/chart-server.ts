import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo } from 'node:net';

/** An index with two versions of a chart `hello`. */
export const GOOD_INDEX = indexOf({ hello: ['0.1.0', '0.2.0'] });

/** An index of charts with their versions. */
export function indexOf(charts: Readonly<Record<string, readonly string[]>>): string {
  const version = (name: string, text: string, day: number): string => `  - name: ${name}
    version: ${text}
    description: says ${name}
    created: 2026-01-0${(day % 9) + 1}T00:00:00Z
    digest: ${name}${text}
    urls: [${name}-${text}.tgz]
`;
  const entries = Object.entries(charts).map(
    ([name, versions]) => `  ${name}:\n${versions.map((text, day) => version(name, text, day)).join('')}`,
  );
  return `apiVersion: v1\nentries:\n${entries.join('')}`;
}

/** What stands at each path of a chart server: the index, or what answers. */
export type Charts = Record<string, string | ((request: IncomingMessage, response: ServerResponse) => void)>;

/** The user of `/auth`, and the password. */
export const CHART_USER = { username: 'ci', password: 'p@ss/w' };

const auth: RequestListener = (request, response) => {
  const { username, password } = CHART_USER;
  const isKnown = request.headers.authorization === `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  response.writeHead(isKnown ? 200 : 401).end(isKnown ? GOOD_INDEX : 'no');
};

/** A server of chart repositories: `/good`, `/good2`, `/auth`, `/empty`, `/noapi`, `/html`, `/bad`, `/nourls`, and 404 for the rest. */
export class ChartServer {
  /** What it was asked for. */
  readonly requests: IncomingMessage[] = [];

  private constructor(
    /** Host and port. */
    readonly host: string,
    private readonly server: Server,
    /** What stands where; may be changed at any time. */
    readonly charts: Charts,
  ) {}

  /** Starts one; with a key and a certificate it speaks https. */
  static async start(more: Charts = {}, tls?: { readonly key: string; readonly cert: string }): Promise<ChartServer> {
    const charts: Charts = {
      '/good': GOOD_INDEX,
      '/good2': indexOf({ world: ['1.0.0'] }),
      '/auth': auth,
      '/empty': '',
      '/noapi': 'entries: {}\n',
      '/html': '<html><body>hello</body></html>',
      '/bad': 'a: [1, <&\n',
      '/nourls': 'apiVersion: v1\nentries:\n  hello:\n  - name: hello\n    version: 0.1.0\n    digest: a\n',
      ...more,
    };
    const server = tls ? createTlsServer(tls) : createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const running = new ChartServer(`127.0.0.1:${(server.address() as AddressInfo).port}`, server, charts);
    server.on('request', (request, response) => running.answer(request, response));
    return running;
  }

  /** How often an index was asked for. */
  count(path: string): number {
    return this.requests.filter(({ url }) => url === `${path}/index.yaml`).length;
  }

  /** Stops it. */
  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((closed) => this.server.close(() => closed()));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(request);
    const path = /^(.*)\/index\.yaml$/.exec(request.url ?? '')?.[1] ?? '';
    const found = this.charts[path];
    if (typeof found === 'function') found(request, response);
    else response.writeHead(found === undefined ? 404 : 200).end(found ?? 'none');
  }
}
