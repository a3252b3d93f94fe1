import type { Provider } from '../handler/provider';
import type * as dispatchModule from './dispatch';
import type { Dispatch } from './grpc/call';
import { GrpcError, Status } from './grpc/status';
import type { Logger } from './log';

/** Typed by hand, so that the module is loaded only when it is called for and yet stays in the same bundle. */
declare function require(path: './dispatch'): typeof dispatchModule;

/** What the composition root gives to `serve` and `serveDebug`. */
export interface ServeOptions {
  /** Makes the provider; called once, after the handshake line is out, so whatever it needs should be imported in it. */
  load(context: { readonly log: Logger }): Provider | Promise<Provider>;
  /** An encoded `GetProviderSchema.Response`, when it was made ahead of time. */
  readonly schemaBytes?: Uint8Array | (() => Uint8Array | Promise<Uint8Array>);
}

/** A dispatch that loads the methods and the provider at the first call, or before when told to. */
export interface LazyDispatch {
  readonly dispatch: Dispatch;
  preload(): void;
  /** Lets the provider end what is still open, when it was ever loaded. */
  end(): Promise<void>;
}

/** Makes a dispatch of which nothing is loaded yet. */
export function createLazyDispatch(options: ServeOptions, host: { readonly log: Logger; exit(): void }): LazyDispatch {
  let ready: Dispatch | undefined;
  let loading: Promise<Dispatch> | undefined;
  const load = (): Promise<Dispatch> => (loading ??= loadDispatch(options, host).then((dispatch) => (ready = dispatch)));
  return {
    dispatch: (path, message) => (ready ? ready(path, message) : load().then((dispatch) => dispatch(path, message))),
    preload: () => void load().catch(() => {}),
    // It answers when all is done, with a reply that nobody is there to take.
    end: async () => void (await ready?.('/plugin.GRPCController/Shutdown', Buffer.alloc(0))),
  };
}

async function loadDispatch(options: ServeOptions, { log, exit }: { readonly log: Logger; exit(): void }): Promise<Dispatch> {
  try {
    const { createDispatch } = require('./dispatch');
    const { schemaBytes } = options;
    const encoded = typeof schemaBytes === 'function' ? await schemaBytes() : schemaBytes;
    const provider = await options.load({ log });
    return createDispatch({ provider, log, exit, ...(encoded && { schemaBytes: encoded }) });
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message : 'unknown';
    log.log('error', 'the provider cannot be loaded', { reason });
    throw new GrpcError(Status.INTERNAL, `the provider cannot be loaded: ${reason}`);
  }
}
