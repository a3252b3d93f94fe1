import type { Provider } from '../handler/provider';
import type * as dispatchModule from './dispatch';
import type { Dispatch, ServerStream } from './grpc/call';
import { frame } from './grpc/framing';
import { GrpcError, Status } from './grpc/status';
import { hostMethods } from './host';
import type { Logger } from './log';

/** Typed by hand, so that the module is loaded only when it is called for and yet stays in the same bundle. */
declare function require(path: './dispatch'): typeof dispatchModule;

/** What the composition root gives to `serve` and `serveDebug`. */
export interface ServeOptions {
  /** Makes the provider; called once, at the first call that needs it, so whatever it needs should be imported in it. */
  load(context: { readonly log: Logger }): Provider | Promise<Provider>;
  /** An encoded `GetProviderSchema.Response`, when it was made ahead of time. */
  readonly schemaBytes?: Uint8Array | (() => Uint8Array | Promise<Uint8Array>);
}

/** A dispatch that loads the methods and the provider at the first call that needs them, or before when told to. */
export interface LazyDispatch {
  readonly dispatch: Dispatch;
  preload(): void;
  /** Lets the provider end what is still open, when it was ever loaded. */
  end(): Promise<void>;
}

/** The one method of a provider that a process may be started for alone: Terraform asks once for the schema, and ends the process. */
const SCHEMA = '/tfplugin6.Provider/GetProviderSchema';

/** Makes a dispatch of which nothing is loaded yet. */
export function createLazyDispatch(options: ServeOptions, { log, exit }: { readonly log: Logger; exit(): void }): LazyDispatch {
  let provider: Provider | undefined;
  let ready: Dispatch | undefined;
  let loading: Promise<Dispatch> | undefined;
  const load = (): Promise<Dispatch> =>
    (loading ??= loadDispatch(options, log).then((loaded) => {
      provider = loaded.provider;
      return (ready = loaded.dispatch);
    }));
  const host = hostMethods({ provider: () => provider, exit });
  const { schemaBytes } = options;
  const early = (path: string): Promise<Buffer | ServerStream> | undefined => {
    if (Object.hasOwn(host, path)) return host[path]?.();
    return path === SCHEMA && schemaBytes !== undefined ? encoded(schemaBytes).then(frame) : undefined;
  };
  return {
    dispatch: (path, message) => early(path) ?? (ready ? ready(path, message) : load().then((dispatch) => dispatch(path, message))),
    preload: () => void load().catch(() => {}),
    end: async () => provider?.end?.(),
  };
}

const encoded = async (bytes: NonNullable<ServeOptions['schemaBytes']>): Promise<Uint8Array> =>
  typeof bytes === 'function' ? bytes() : bytes;

async function loadDispatch(options: ServeOptions, log: Logger): Promise<{ provider: Provider; dispatch: Dispatch }> {
  try {
    const { createDispatch } = require('./dispatch');
    const provider = await options.load({ log });
    return { provider, dispatch: createDispatch({ provider, log }) };
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message : 'unknown';
    log.log('error', 'the provider cannot be loaded', { reason });
    throw new GrpcError(Status.INTERNAL, `the provider cannot be loaded: ${reason}`);
  }
}
