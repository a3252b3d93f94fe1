import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A reverse proxy that ends TLS, as one stands before a registry. */
export interface TlsFront {
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** `127.0.0.1:PORT`; clients of module registries demand a name with a dot. */
  readonly host: string;
  /** The file with the certificate that its clients must trust. */
  readonly authority: string;
  /** What it was asked for, as `METHOD PATH`. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/** Starts one before a server; its certificate is written into a folder. */
export async function tlsFront(target: string, folder: string): Promise<TlsFront> {
  const authority = join(folder, 'authority.pem');
  const keyFile = join(folder, 'key.pem');
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-keyout', keyFile, '-out', authority];
  execFileSync('openssl', ['req', '-x509', ...made, ...names], { stdio: 'ignore' });
  const requests: string[] = [];
  const server = createServer({ cert: readFileSync(authority), key: readFileSync(keyFile) }, (asked, answer) => {
    requests.push(`${asked.method} ${asked.url}`);
    const headers = { ...asked.headers, 'x-forwarded-proto': 'https' };
    const passed = request(target + asked.url, { method: asked.method ?? 'GET', headers }, (found) => {
      answer.writeHead(found.statusCode ?? 502, found.headers);
      found.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url: `https://${host}`, host, authority, requests, stop };
}
