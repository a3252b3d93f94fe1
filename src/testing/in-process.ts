import type { Provider } from '../handler/provider';
import { createDispatch } from '../protocol/dispatch';
import { Provider as Methods } from '../protocol/gen/services';
import { createLogger } from '../protocol/log';
import { decode, encode, type Codec, type Init, type MethodType } from '../protocol/wire/codec';

type Kind<Stream> = {
  [Name in keyof typeof Methods]: (typeof Methods)[Name]['stream'] extends Stream ? Name : never;
}[keyof typeof Methods];
/** The methods of `tfplugin6.Provider` that have one request and one response. */
export type MethodName = Kind<'none'>;
/** Those that answer one request with a stream of responses. */
export type StreamName = Kind<'response'>;
type MessageOf<C> = C extends Codec<infer T> ? T : never;
export type RequestOf<Name extends MethodName | StreamName> = Init<MessageOf<(typeof Methods)[Name]['request']>>;
export type ResponseOf<Name extends MethodName | StreamName> = MessageOf<(typeof Methods)[Name]['response']>;

/** Calls the methods of a provider as core does. */
export interface PluginClient {
  call<Name extends MethodName>(method: Name, request: RequestOf<Name>): Promise<ResponseOf<Name>>;
  /** Calls a method that streams its responses: all of them, when it has ended or was cancelled. */
  stream<Name extends StreamName>(
    method: Name,
    request: RequestOf<Name>,
    listener?: Listener<ResponseOf<Name>>,
  ): Promise<ResponseOf<Name>[]>;
  close(): Promise<void>;
}

/** Who listens to a stream. */
export interface Listener<Event> {
  /** Is called with each response as it comes. */
  readonly onEvent?: (event: Event) => void;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
}

type Send = (path: string, message: Buffer) => Promise<Buffer>;

/** Sends a message and gives those that come back, each as it comes, until the stream ends or is cancelled. */
export type SendStream = (
  path: string,
  message: Buffer,
  listener: { readonly onMessage: (message: Buffer) => void; readonly signal?: AbortSignal },
) => Promise<void>;

/** Calls by name, over anything that sends the bytes of a message. */
export function typedCall(send: Send): PluginClient['call'] {
  return async <Name extends MethodName>(name: Name, request: RequestOf<Name>) => {
    const method = Methods[name] as unknown as MethodType<unknown, ResponseOf<Name>>;
    return decode(method.response, await send(method.path, encode(method.request, request as Init<unknown>)));
  };
}

/** Streams by name, over anything that carries the bytes of messages. */
export function typedStream(send: SendStream): PluginClient['stream'] {
  return async <Name extends StreamName>(name: Name, request: RequestOf<Name>, listener: Listener<ResponseOf<Name>> = {}) => {
    const method = Methods[name] as unknown as MethodType<unknown, ResponseOf<Name>>;
    const events: ResponseOf<Name>[] = [];
    const onMessage = (message: Buffer): void => {
      const event = decode(method.response, message);
      events.push(event);
      listener.onEvent?.(event);
    };
    await send(method.path, encode(method.request, request as Init<unknown>), {
      onMessage,
      ...(listener.signal && { signal: listener.signal }),
    });
    return events;
  };
}

/** Drives a provider in this process through the codecs and the methods, without a socket. */
export function inProcess(provider: Provider): PluginClient {
  const dispatch = createDispatch({ provider, log: createLogger({}, () => {}) });
  const call = typedCall(async (path, message) => {
    const reply = await dispatch(path, message);
    if (typeof reply === 'function') throw new Error(`${path} answers a stream`);
    return reply.subarray(5);
  });
  const stream = typedStream(async (path, message, { onMessage, signal }) => {
    const reply = await dispatch(path, message);
    if (typeof reply !== 'function') throw new Error(`${path} does not answer a stream`);
    await new Promise<void>((resolve, reject) => {
      reply({
        write: (bytes) => Promise.resolve(onMessage(bytes.subarray(5))),
        end: (failure) => (failure ? reject(failure) : resolve()),
        onClose: (closed) => signal?.addEventListener('abort', closed),
      });
      signal?.addEventListener('abort', () => resolve());
    });
  });
  return { call, stream, close: async () => provider.stop() };
}
