import type { Readable } from 'node:stream';
import { decoding } from './content-encoding';
import { directTransport } from './direct-transport';
import { tlsSettings } from './tls-settings';

/** How connections are made. */
export interface TransportOptions {
  /** PEM text or a file of it. */
  readonly caCert?: string;
  readonly clientCert?: string;
  readonly clientKey?: string;
  readonly insecureSkipVerify: boolean;
  readonly maxConcurrency: number;
  /** Milliseconds. */
  readonly requestTimeout: number;
  /** The environment, for the proxy variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One request, as it goes out. */
export interface TransportRequest {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Sent unchanged. */
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
  readonly signal: AbortSignal;
}

/** A response. */
export interface TransportResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** The one connection pool of a client. Redirects are not followed. */
export interface Transport {
  request(request: TransportRequest): Promise<TransportResponse>;
  close(): Promise<void>;
}

/** Connect timeout in milliseconds. */
export const connectTimeout = ({ requestTimeout }: TransportOptions): number => Math.min(requestTimeout, 10_000);

/** Milliseconds before an idle connection is closed. */
export const idleTimeout = 30_000;

/** Creates the connection pool. Throws like `tlsSettings`. */
export async function createTransport(options: TransportOptions): Promise<Transport> {
  const tls = tlsSettings(options);
  if (!proxied(options.env)) return decoding(directTransport(options, tls));
  const { proxiedTransport } = await import('./proxied-transport');
  return decoding(proxiedTransport(options, tls));
}

const proxied = (env: TransportOptions['env']): boolean =>
  ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'].some((name) => env[name]);
