import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';

/** The callback of `http.Agent` for a new connection. */
type Created = (failure: Error | null, stream: Duplex) => void;

/** Connections to https servers through a proxy, each by a tunnel of its own. */
export class TunnelAgent extends https.Agent {
  constructor(
    private readonly proxy: URL,
    private readonly settings: https.AgentOptions & { readonly connectTimeout: number },
  ) {
    super(settings);
  }

  override createConnection(options: http.ClientRequestArgs & tls.ConnectionOptions, created: Created): undefined {
    const fail = (message: string): void => created(new Error(`the proxy at ${this.proxy.host} ${message}`), undefined as never);
    const host = options.host?.includes(':') ? `[${options.host}]` : options.host;
    const path = `${host}:${options.port}`;
    const headers = { host: path, ...proxyAuthorization(this.proxy) };
    const request = requestTo(this.proxy, { ...this.settings, method: 'CONNECT', path, headers, agent: false });
    request.setTimeout(this.settings.connectTimeout, () => request.destroy(new Error('did not answer in time')));
    // Never removed: a proxy may still close the connection when the tunnel is in use or was refused.
    request.on('error', (cause) => fail(`cannot be used: ${cause.message}`));
    request.once('connect', (response, socket, head) => {
      socket.on('error', () => undefined);
      socket.setTimeout(0);
      if (response.statusCode !== 200) {
        socket.destroy();
        return fail(`answered ${response.statusCode} when asked for ${path}`);
      }
      if (head.length > 0) socket.unshift(head);
      created(null, tls.connect({ ...options, socket, path: undefined as never }));
    });
    request.end();
    return undefined;
  }
}

/** Begins a request to the proxy itself. */
export function requestTo(proxy: URL, options: https.RequestOptions): http.ClientRequest {
  const hostname = proxy.hostname.replace(/^\[|\]$/g, '');
  const target = { ...options, hostname, port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80) };
  return proxy.protocol === 'https:' ? https.request({ ...target, servername: hostname }) : http.request(target);
}

/** The authentication header for a proxy, if its URL contains credentials. */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (!username && !password) return {};
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(user).toString('base64')}` };
}
