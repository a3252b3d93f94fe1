import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates } from 'node:tls';
import { isNativeError } from 'node:util/types';
import type { Dispatcher } from 'undici';
import Agent from 'undici/lib/dispatcher/agent.js';

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

/** A file that a TLS option names cannot be read. */
export class UnreadableFile extends Error {
  constructor(
    readonly option: 'caCert' | 'clientCert' | 'clientKey',
    message: string,
  ) {
    super(message);
  }
}

/** The one connection pool of a client. Throws `UnreadableFile` for a certificate that is not there. */
export async function createDispatcher(options: TransportOptions): Promise<Dispatcher> {
  const tls = {
    rejectUnauthorized: !options.insecureSkipVerify,
    ...(options.caCert && { ca: [...rootCertificates, ...extraAuthorities(options.env), pem('caCert', options.caCert)] }),
    ...(options.clientCert && { cert: pem('clientCert', options.clientCert) }),
    ...(options.clientKey && { key: pem('clientKey', options.clientKey) }),
  };
  if (options.caCert || options.clientCert || options.clientKey) check(tls);
  const common = {
    connections: options.maxConcurrency,
    pipelining: 1,
    connect: { ...tls, timeout: Math.min(options.requestTimeout, 10_000) },
    headersTimeout: options.requestTimeout,
    bodyTimeout: options.requestTimeout,
    keepAliveTimeout: 30_000,
  };
  if (!proxied(options.env)) return new Agent(common);
  const { default: EnvHttpProxyAgent } = await import('undici/lib/dispatcher/env-http-proxy-agent.js');
  // The proxy agent calls `connect()`, which only the whole of undici adds to its dispatchers.
  const { default: connect } = await import('undici/lib/api/api-connect.js');
  const { default: Base } = await import('undici/lib/dispatcher/dispatcher.js');
  Object.assign(Base.prototype, { connect });
  const { env } = options;
  const proxies = { httpProxy: env['http_proxy'] || env['HTTP_PROXY'] || '', httpsProxy: env['https_proxy'] || env['HTTPS_PROXY'] || '' };
  return new EnvHttpProxyAgent({ ...common, ...proxies, noProxy: env['no_proxy'] || env['NO_PROXY'] || '', requestTls: tls });
}

/** Throws, in the TLS library's words, for what no connection could be made with. */
function check({ ca = [], cert, key }: { readonly ca?: readonly string[]; readonly cert?: string; readonly key?: string }): void {
  // The library skips authorities that it cannot read.
  for (const certificate of ca.slice(-1)) new X509Certificate(certificate);
  createSecureContext({ ...(cert && { cert }), ...(key && { key }) });
}

const proxied = (env: TransportOptions['env']): boolean =>
  ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'].some((name) => env[name]);

function pem(option: UnreadableFile['option'], textOrFile: string): string {
  if (textOrFile.includes('-----BEGIN')) return textOrFile;
  try {
    return readFileSync(textOrFile, 'utf8');
  } catch (cause) {
    const reason = isNativeError(cause) && 'code' in cause ? String(cause.code) : 'unreadable';
    // A key given as text without its BEGIN line must not be shown as if it were a file name.
    const shown = option === 'clientKey' ? 'the given file' : `the file "${textOrFile.slice(0, 200)}"`;
    throw new UnreadableFile(option, `it is neither PEM text nor can ${shown} be read (${reason})`);
  }
}

/** Giving `ca` replaces the authorities Node adds by itself. */
function extraAuthorities(env: TransportOptions['env']): string[] {
  const file = env['NODE_EXTRA_CA_CERTS'];
  try {
    return file ? [readFileSync(file, 'utf8')] : [];
  } catch {
    return [];
  }
}
