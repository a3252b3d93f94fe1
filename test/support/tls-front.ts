import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createCertificate } from '../../src/protocol/certificate';

/** A reverse proxy that ends TLS, as one stands before a registry. */
export interface TlsFront {
  /** `https://localhost:PORT`. */
  readonly url: string;
  /** `localhost:PORT`. */
  readonly host: string;
  /** The file with the certificate that its clients must trust. */
  readonly authority: string;
  /** What it was asked for, as `METHOD PATH`. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/** Starts one before a server; its certificate is written into a folder. */
export async function tlsFront(target: string, folder: string): Promise<TlsFront> {
  const { pem: cert, key } = createCertificate();
  const requests: string[] = [];
  const server = createServer({ cert, key }, (asked, answer) => {
    requests.push(`${asked.method} ${asked.url}`);
    const headers = { ...asked.headers, 'x-forwarded-proto': 'https' };
    const passed = request(target + asked.url, { method: asked.method ?? 'GET', headers }, (found) => {
      answer.writeHead(found.statusCode ?? 502, found.headers);
      found.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  const authority = join(folder, 'authority.pem');
  writeFileSync(authority, cert);
  const stop = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url: `https://${host}`, host, authority, requests, stop };
}
