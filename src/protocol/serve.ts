import type { AddressInfo } from 'node:net';
import { createCertificate } from './certificate';
import { createGrpcServer, type Tls } from './grpc/server';
import { handshakeLine, readHandshake } from './handshake';
import { createLazyDispatch, type ServeOptions } from './lazy';
import { createLogger } from './log';
import { watchParent } from './parent';

const ABOUT = `This is a Terraform provider: Terraform and OpenTofu start it, it does nothing when a person does.
Install it by declaring the provider in a CDK for Terraform stack, or for plain HCL by: repoform provider install --dir DIR
`;

/** Serves a provider to the Terraform that started this process: handshake, mutual TLS, gRPC, until Terraform ends it. */
export function serve(options: ServeOptions): void {
  const handshake = readHandshake(process.env, ABOUT);
  if (handshake.kind === 'refuse') {
    process.stderr.write(`${handshake.text.trimEnd()}\n`);
    process.exitCode = 1;
    return;
  }
  const log = createLogger(process.env, (line) => process.stderr.write(line));
  const lazy = createLazyDispatch(options, { log, exit: () => process.exit(0) });
  const tls = tlsFor(handshake.clientCertificate);
  const server = createGrpcServer(lazy.dispatch, tls);
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(handshakeLine(port, tls?.own.der));
  });
  survive(() => lazy.end());
  setTimeout(boundYoungGeneration, whenStarted).unref();
}

/** Milliseconds after which a start is over, and a plan of a few objects too. */
const whenStarted = 500;

/**
 * Keeps the space for new objects at the 8 MiB that it has after the start. In a plan of thousands of objects V8 would let it
 * grow to 32 MiB, which saves no time.
 */
function boundYoungGeneration(): void {
  // No sooner, and not on the command line: Node's built-in code cache belongs to the default flags, and a start needs it.
  process.getBuiltinModule('v8').setFlagsFromString('--semi-space-growth-factor=1');
}

function tlsFor(clientCertificate: string | undefined): Tls | undefined {
  return clientCertificate ? { own: createCertificate(), clientCertificate } : undefined;
}

/** Ctrl-C reaches the whole process group, but it is Terraform that says when to stop; when Terraform is gone there is nothing to stay for. */
function survive(end: () => Promise<void>): void {
  process.on('SIGINT', () => {});
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  watchParent(() => void end().finally(() => process.exit(0)));
}
