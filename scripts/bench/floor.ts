import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createCertificate } from '../../src/protocol/certificate';

/** The least that a provider written for Node must do before its handshake line: HTTP/2, a P-256 certificate, a port. */
const { key, pem, der } = createCertificate();
const server = createSecureServer({ key, cert: pem, ca: [] });
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`1|6|tcp|127.0.0.1:${port}|grpc|${der.toString('base64').replace(/=+$/, '')}\n`);
});
