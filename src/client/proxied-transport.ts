import connect from 'undici/lib/api/api-connect.js';
import request from 'undici/lib/api/api-request.js';
import Base from 'undici/lib/dispatcher/dispatcher.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import type { TlsSettings } from './tls-settings';
import { connectTimeout, idleTimeout, type Transport, type TransportOptions } from './transport';

/** Connections through the proxy that the environment names, by undici. */
export function proxiedTransport(options: TransportOptions, tls: TlsSettings): Transport {
  // The proxy agent calls `connect()`, which only the whole of undici adds to its dispatchers.
  Object.assign(Base.prototype, { connect });
  const { env } = options;
  const agent = new EnvHttpProxyAgent({
    connections: options.maxConcurrency,
    pipelining: 1,
    connect: { ...tls, timeout: connectTimeout(options) },
    // The client ends what takes too long.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: idleTimeout,
    httpProxy: env['http_proxy'] || env['HTTP_PROXY'] || '',
    httpsProxy: env['https_proxy'] || env['HTTPS_PROXY'] || '',
    noProxy: env['no_proxy'] || env['NO_PROXY'] || '',
    requestTls: { ...tls },
  });
  return {
    async request({ method, body, ...outgoing }) {
      const response = await request.call(agent, { ...outgoing, method: method as 'GET', body: body ?? null });
      return { status: response.statusCode, headers: response.headers, body: response.body };
    },
    close: () => agent.close(),
  };
}
