import type { Provider } from '../handler/provider';
import type { ServerStream } from './grpc/call';
import { frame } from './grpc/framing';

const EMPTY = frame(new Uint8Array(0));
/** A `HealthCheckResponse` that says SERVING. */
const SERVING = frame(Uint8Array.of(8, 1));

/** What the methods of go-plugin need. */
export interface Host {
  /** The provider, when it was loaded. */
  provider(): Provider | undefined;
  /** Ends the process, once the reply that announces it is out. */
  exit(): void;
}

/** The methods that go-plugin, not Terraform, calls, by their paths; none of them needs the provider to be loaded. */
export const hostMethods = (host: Host): Readonly<Record<string, () => Promise<Buffer | ServerStream>>> => ({
  '/plugin.GRPCController/Shutdown': () => shutdown(host),
  '/plugin.GRPCStdio/StreamStdio': () => Promise.resolve(silent),
  '/grpc.health.v1.Health/Check': () => Promise.resolve(SERVING),
});

/** Without this method core waits two seconds and then kills the process. */
async function shutdown({ provider, exit }: Host): Promise<ServerStream> {
  provider()?.stop();
  // Core waits for the reply, and only two seconds after it.
  await provider()?.end?.();
  return (outgoing) => {
    outgoing.onClose(exit);
    void outgoing.write(EMPTY);
    outgoing.end();
  };
}

/** The provider writes nothing to forward; the stream stays open until core ends it. */
const silent: ServerStream = () => {};
