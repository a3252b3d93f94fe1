import http from 'node:http';
import https from 'node:https';
import { type Environment, proxyFor } from './proxy-rules';
import { proxyAuthorization, requestTo, TunnelAgent } from './tunnel-agent';

/** How connections are made and kept. */
export interface ConnectionOptions extends https.AgentOptions {
  readonly env: Environment;
  /** Milliseconds that a proxy may take to open a tunnel. */
  readonly connectTimeout: number;
}

/** One request; its body is written by the caller. */
export interface Outgoing {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent in place of the URL's path and query, as it is. */
  readonly path?: string;
  readonly signal?: AbortSignal;
  /** Opens a connection of its own, which is not kept. */
  readonly fresh?: boolean;
}

type Agents = { readonly http: http.Agent; readonly https: https.Agent; readonly tunnels: Map<string, TunnelAgent> };

/**
 * Connections by Node's own client, through the proxy that the environment sets, if any. undici is not used: it crashes the
 * process when a server closes its connection before a slow reader has consumed the response (all its releases for Node 20 do).
 */
export class Connections {
  readonly #kept: Agents;
  readonly #fresh: Agents;

  constructor(private readonly options: ConnectionOptions) {
    this.#kept = agentsOf({ ...options, keepAlive: true });
    this.#fresh = agentsOf({ ...options, keepAlive: false });
  }

  /** Starts a request. The caller must listen to its errors for its whole lifetime. */
  request(url: URL, { fresh, signal, path = url.pathname + url.search, ...outgoing }: Outgoing): http.ClientRequest {
    const agents = fresh ? this.#fresh : this.#kept;
    const proxy = proxyFor(url, this.options.env);
    const target = { ...outgoing, path, ...(signal && { signal }) };
    if (proxy && url.protocol === 'http:') return throughProxy(proxy, { url, agents, target });
    const hostname = url.hostname.replace(/^\[|\]$/g, '');
    if (url.protocol === 'http:') return http.request({ ...target, hostname, port: url.port, agent: agents.http });
    return https.request({ ...target, hostname, port: url.port, agent: proxy ? this.#tunnels(agents, proxy) : agents.https });
  }

  /** Closes every connection, including those in use. */
  close(): void {
    for (const { tunnels, ...agents } of [this.#kept, this.#fresh]) {
      for (const agent of [agents.http, agents.https, ...tunnels.values()]) agent.destroy();
    }
  }

  #tunnels({ tunnels, https: direct }: Agents, proxy: URL): TunnelAgent {
    const known = tunnels.get(proxy.href) ?? new TunnelAgent(proxy, { ...this.options, keepAlive: direct.options.keepAlive === true });
    tunnels.set(proxy.href, known);
    return known;
  }
}

function agentsOf(options: https.AgentOptions): Agents {
  return { http: new http.Agent(options), https: new https.Agent(options), tunnels: new Map() };
}

/** Plain http is sent to the proxy with the absolute URL, because many proxies refuse a tunnel to port 80. */
function throughProxy(proxy: URL, { url, agents, target }: { url: URL; agents: Agents; target: https.RequestOptions }): http.ClientRequest {
  const headers = { ...target.headers, host: url.host, ...proxyAuthorization(proxy) };
  const agent = proxy.protocol === 'https:' ? agents.https : agents.http;
  return requestTo(proxy, { ...target, headers, agent, path: url.origin + target.path });
}
