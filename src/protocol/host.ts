import type { ServerStream } from './grpc/call';
import { frame } from './grpc/framing';
import type { Method, RpcContext } from './rpc/method';

const EMPTY = frame(new Uint8Array(0));
/** A `HealthCheckResponse` that says SERVING. */
const SERVING = frame(Uint8Array.of(8, 1));

/** The method that ends the process. */
const SHUTDOWN = '/plugin.GRPCController/Shutdown';

/** The methods that go-plugin, not Terraform, calls. */
export const HOST_METHODS: readonly Method[] = [
  { path: SHUTDOWN, answer: shutdown },
  { path: '/plugin.GRPCStdio/StreamStdio', answer: () => Promise.resolve(silent) },
  { path: '/grpc.health.v1.Health/Check', answer: () => Promise.resolve(SERVING) },
];

/** Without this method core waits two seconds and then kills the process. */
async function shutdown(context: RpcContext): Promise<ServerStream> {
  context.provider.stop();
  // Core waits for the reply, and only two seconds after it.
  await context.provider.end?.();
  return (outgoing) => {
    outgoing.onClose(() => context.exit());
    outgoing.write(EMPTY);
    outgoing.end();
  };
}

/** The provider writes nothing to forward; the stream stays open until core ends it. */
const silent: ServerStream = () => {};
