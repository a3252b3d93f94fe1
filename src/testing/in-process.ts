import type { Provider } from '../handler/provider';
import { createDispatch } from '../protocol/dispatch';
import { Provider as Methods } from '../protocol/gen/services';
import { createLogger } from '../protocol/log';
import { decode, encode, type Codec, type Init, type MethodType } from '../protocol/wire/codec';

/** The methods of `tfplugin6.Provider` that have one request and one response. */
export type MethodName = {
  [Name in keyof typeof Methods]: (typeof Methods)[Name]['stream'] extends 'none' ? Name : never;
}[keyof typeof Methods];
type MessageOf<C> = C extends Codec<infer T> ? T : never;
export type RequestOf<Name extends MethodName> = Init<MessageOf<(typeof Methods)[Name]['request']>>;
export type ResponseOf<Name extends MethodName> = MessageOf<(typeof Methods)[Name]['response']>;

/** Calls the methods of a provider as core does. */
export interface PluginClient {
  call<Name extends MethodName>(method: Name, request: RequestOf<Name>): Promise<ResponseOf<Name>>;
  close(): Promise<void>;
}

type Send = (path: string, message: Buffer) => Promise<Buffer>;

/** Calls by name, over anything that sends the bytes of a message. */
export function typedCall(send: Send): PluginClient['call'] {
  return async <Name extends MethodName>(name: Name, request: RequestOf<Name>) => {
    const method = Methods[name] as unknown as MethodType<unknown, ResponseOf<Name>>;
    return decode(method.response, await send(method.path, encode(method.request, request as Init<unknown>)));
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
  return { call, close: async () => provider.stop() };
}
