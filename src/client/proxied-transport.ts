import { Connections } from '../net/connections';
import { nodeTransport } from './direct-transport';
import type { TlsSettings } from './tls-settings';
import { connectTimeout, idleTimeout, type Transport, type TransportOptions } from './transport';

/** Connections through the proxy that the environment names. */
export function proxiedTransport(options: TransportOptions, tls: TlsSettings): Transport {
  const connections = new Connections({
    ...tls,
    env: options.env,
    connectTimeout: connectTimeout(options),
    maxSockets: options.maxConcurrency,
    maxFreeSockets: options.maxConcurrency,
    timeout: idleTimeout,
    scheduling: 'lifo',
  });
  return nodeTransport(options, {
    begin: ({ origin, ...outgoing }) => connections.request(new URL(origin), outgoing),
    close: () => connections.close(),
  });
}
