import type { AddressInfo } from 'node:net';
import { createGrpcServer } from './grpc/server';
import { createLazyDispatch, type ServeOptions } from './lazy';
import { createLogger } from './log';

/** Options for a provider that a person starts. */
export interface DebugOptions extends ServeOptions {
  /** The source addresses it stands in for, e.g. `registry.terraform.io/acme/things`. */
  readonly addresses: readonly string[];
  /** Writes lines for the person. */
  print?(text: string): void;
}

/** A provider that a person started. */
export interface DebugServer {
  /** The value of `TF_REATTACH_PROVIDERS`. */
  readonly reattach: string;
  close(): void;
}

/** Serves a provider to a Terraform with `TF_REATTACH_PROVIDERS` set, on loopback without TLS, until Ctrl-C. */
export async function serveDebug(options: DebugOptions): Promise<DebugServer> {
  const log = createLogger(process.env, (line) => process.stderr.write(line));
  const lazy = createLazyDispatch(options, { log, exit: () => {} });
  const server = createGrpcServer(lazy.dispatch);
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => sessions.add(session.once('close', () => sessions.delete(session))));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  lazy.preload();
  const reattach = reattachText(options.addresses, (server.address() as AddressInfo).port);
  const close = (): void => {
    process.removeListener('SIGINT', close);
    void lazy.end();
    server.close();
    for (const session of sessions) session.destroy();
  };
  process.once('SIGINT', close);
  const print = options.print ?? ((text: string) => void process.stdout.write(text));
  print(`The provider runs. In another terminal:\n\n  export TF_REATTACH_PROVIDERS='${reattach}'\n\nCtrl-C ends it.\n`);
  return { reattach, close };
}

function reattachText(addresses: readonly string[], port: number): string {
  const Addr = { Network: 'tcp', String: `127.0.0.1:${port}` };
  const entry = { Protocol: 'grpc', ProtocolVersion: 6, Pid: process.pid, Test: true, Addr };
  return JSON.stringify(Object.fromEntries(addresses.map((address) => [address, entry])));
}
