import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates } from 'node:tls';
import { isNativeError } from 'node:util/types';
import type { TransportOptions } from './transport';

/** A file that a TLS option names cannot be read. */
export class UnreadableFile extends Error {
  constructor(
    readonly option: 'caCert' | 'clientCert' | 'clientKey',
    message: string,
  ) {
    super(message);
  }
}

/** The options for the TLS library. */
export interface TlsSettings {
  readonly rejectUnauthorized: boolean;
  readonly ca?: string[];
  readonly cert?: string;
  readonly key?: string;
}

/** Reads the TLS options. Throws `UnreadableFile` for a missing file, and an error for unusable certificates or keys. */
export function tlsSettings(options: TransportOptions): TlsSettings {
  const tls = {
    rejectUnauthorized: !options.insecureSkipVerify,
    ...(options.caCert && { ca: [...rootCertificates, ...extraAuthorities(options.env), pem('caCert', options.caCert)] }),
    ...(options.clientCert && { cert: pem('clientCert', options.clientCert) }),
    ...(options.clientKey && { key: pem('clientKey', options.clientKey) }),
  };
  if (options.caCert || options.clientCert || options.clientKey) check(tls);
  return tls;
}

/** Throws the TLS library's error for unusable certificates or keys. */
function check({ ca = [], cert, key }: { readonly ca?: readonly string[]; readonly cert?: string; readonly key?: string }): void {
  // The library silently skips CA certificates that it cannot parse.
  for (const certificate of ca.slice(-1)) new X509Certificate(certificate);
  createSecureContext({ ...(cert && { cert }), ...(key && { key }) });
}

function pem(option: UnreadableFile['option'], textOrFile: string): string {
  if (textOrFile.includes('-----BEGIN')) return textOrFile;
  try {
    return readFileSync(textOrFile, 'utf8');
  } catch (cause) {
    const reason = isNativeError(cause) && 'code' in cause ? String(cause.code) : 'unreadable';
    // A key given as text without its BEGIN line must not be shown as a file name.
    const shown = option === 'clientKey' ? 'the given file' : `the file "${textOrFile.slice(0, 200)}"`;
    throw new UnreadableFile(option, `it is not PEM text, and ${shown} cannot be read (${reason})`);
  }
}

/** Setting `ca` replaces the CA certificates that Node adds by itself. */
function extraAuthorities(env: TransportOptions['env']): string[] {
  const file = env['NODE_EXTRA_CA_CERTS'];
  try {
    return file ? [readFileSync(file, 'utf8')] : [];
  } catch {
    return [];
  }
}
