import { X509Certificate } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { type Socket } from 'node:net';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { reasonOf } from '../errors';
import { type Logger } from '../logger';

const WATCH_MS = 2000;

/** The files of a certificate, both in PEM. */
export interface CertificateFiles {
  /** The certificate, followed by those between it and the root. */
  readonly cert: string;
  readonly key: string;
}

/** What a server presents and accepts. */
export type TlsSettings = SecureContextOptions & { readonly minVersion: 'TLSv1.2' };

/** Reads a certificate and its key; throws an error that names the file if they cannot be used. */
export function readCertificate(files: CertificateFiles): TlsSettings & { readonly until: Date } {
  const cert = read(files.cert, 'certificate');
  const key = read(files.key, 'key');
  const settings = { cert, key, minVersion: 'TLSv1.2' } as const;
  try {
    createSecureContext(settings);
  } catch (cause) {
    const reason = /key values mismatch/i.test(reasonOf(cause)) ? 'the key belongs to another certificate' : reasonOf(cause);
    throw new Error(`the certificate ${files.cert} cannot be used with the key ${files.key}: ${reason}`);
  }
  return { ...settings, until: new Date(new X509Certificate(cert).validTo) };
}

function read(path: string, what: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Error(`the ${what} ${path} cannot be read: ${reasonOf(cause)}`);
  }
}

/** Keeps servers on the certificate that is in its files; one that cannot be used is refused, and the one before stays. */
export class Certificate {
  readonly #settings: TlsSettings;
  readonly #servers: { setSecureContext(options: SecureContextOptions): void }[] = [];

  /** Reads the files; throws if they cannot be used. */
  constructor(
    private readonly files: CertificateFiles,
    private readonly logger: Logger,
  ) {
    const { until, ...settings } = readCertificate(files);
    this.#settings = settings;
    if (until.getTime() < Date.now()) logger.warn('the certificate has expired', { path: files.cert, until: until.toISOString() });
    // By their times, since what is a link to a link, as in Kubernetes, is never changed in its own folder.
    for (const path of [files.cert, files.key]) watchFile(path, { interval: WATCH_MS, persistent: false }, this.#changed);
  }

  /** What a new server begins with. */
  get settings(): TlsSettings {
    return this.#settings;
  }

  /** Adds a server that gets each new certificate. */
  add(server: { setSecureContext(options: SecureContextOptions): void }): void {
    this.#servers.push(server);
  }

  /** Presents what the files have now to new connections; those that are open go on. */
  reload(): void {
    try {
      const { until, ...settings } = readCertificate(this.files);
      if (until.getTime() < Date.now()) throw new Error(`the certificate ${this.files.cert} expired on ${until.toISOString()}`);
      for (const server of this.#servers) server.setSecureContext(settings);
      this.logger.info('the certificate was reloaded', { path: this.files.cert, until: until.toISOString() });
    } catch (cause) {
      this.logger.error('the new certificate is refused, the old one stays', { reason: reasonOf(cause) });
    }
  }

  /** Stops looking at the files. */
  close(): void {
    for (const path of [this.files.cert, this.files.key]) unwatchFile(path, this.#changed);
  }

  readonly #changed = (): void => this.reload();
}

/** What OpenSSL calls HTTP in place of a handshake: it knows four methods by their names, any other looks like a version. */
const NO_HANDSHAKE = ['ERR_SSL_HTTP_REQUEST', 'ERR_SSL_WRONG_VERSION_NUMBER'];

/** The connection beneath a secure one whose client does not speak TLS: what is written to it goes out as it is. */
export function plainConnection({ code = '' }: { readonly code?: string }, socket: Socket): Socket | undefined {
  if (!NO_HANDSHAKE.includes(code)) return undefined;
  // Node has no public name for it. To look at the first byte of each connection instead would cost every client.
  const { _parent: beneath } = socket as Socket & { readonly _parent?: Socket | null };
  return beneath?.writable ? beneath : undefined;
}
