import { attributeName, type AttributePath, error } from '../../common/diagnostic';
import type { Provider } from '../../handler/provider';
import type * as wire from '../gen/messages';
import type { Outgoing, ServerStream } from '../grpc/call';
import { GrpcError, Status } from '../grpc/status';
import type { Logger } from '../log';
import { decode, encodeFrame, type Codec, type Init } from '../wire/codec';
import { BadValue, WireError } from '../wire/error';
import { toWireDiagnostic } from './diagnostics';

/** The context of every method. */
export interface RpcContext {
  readonly provider: Provider;
  readonly log: Logger;
}

/** One method: from the bytes of its request to the frame of its response, or to a stream. */
export interface Method {
  readonly path: string;
  answer(context: RpcContext, message: Buffer): Promise<Buffer | ServerStream>;
}

/** The parts of a method with one request and one response. */
export interface Unary<Request, Response> {
  readonly path: string;
  readonly request: Pick<Codec<Request>, 'decode'>;
  readonly response: Pick<Codec<Response>, 'encode'>;
  handle(context: RpcContext, request: NoInfer<Request>): NoInfer<Init<Response>> | Promise<NoInfer<Init<Response>>>;
  /** The response that carries an internal error. */
  failed(diagnostic: Init<wire.Diagnostic>, request: NoInfer<Request>): NoInfer<Init<Response>>;
}

/** Makes a method of one request and one response. */
export function unary<Request, Response>(rpc: Unary<Request, Response>): Method {
  return {
    path: rpc.path,
    async answer(context, message) {
      const request = readRequest(rpc.request, message);
      try {
        return encodeFrame(rpc.response, await rpc.handle(context, request));
      } catch (failure) {
        return encodeFrame(rpc.response, rpc.failed(told(context, rpc.path, failure), request));
      }
    },
  };
}

/** The caller of a method that streams its responses. */
export interface Caller<Event> {
  /** Sends a response; resolves when the caller can take more. What is sent after the call is over is dropped. */
  send(event: Init<Event>): Promise<void>;
  /** Aborted when the caller has cancelled the call, or is gone. */
  readonly signal: AbortSignal;
}

/** The parts of a method with one request and a stream of responses. */
export interface Streaming<Request, Event> extends Omit<Unary<Request, Event>, 'handle'> {
  /** Sends its responses as they come; the stream ends when it is done. */
  handle(context: RpcContext, request: NoInfer<Request>, caller: Caller<NoInfer<Event>>): Promise<void>;
}

/** Makes a method of one request and a stream of responses. */
export function streaming<Request, Event>(rpc: Streaming<Request, Event>): Method {
  return {
    path: rpc.path,

    async answer(context, message) {
      const request = readRequest(rpc.request, message);
      return (outgoing) => void stream(rpc, { context, request, outgoing });
    },
  };
}

interface Opened<Request> {
  readonly context: RpcContext;
  readonly request: Request;
  readonly outgoing: Outgoing;
}

async function stream<Request, Event>(rpc: Streaming<Request, Event>, { context, request, outgoing }: Opened<Request>): Promise<void> {
  const over = new AbortController();
  outgoing.onClose(() => over.abort());
  const send = (event: Init<Event>): Promise<void> => outgoing.write(encodeFrame(rpc.response, event));
  try {
    await rpc.handle(context, request, { send, signal: over.signal });
    outgoing.end();
  } catch (failure) {
    try {
      await send(rpc.failed(told(context, rpc.path, failure), request));
      outgoing.end();
    } catch (status) {
      outgoing.end(status instanceof GrpcError ? status : new GrpcError(Status.INTERNAL, 'internal error'));
    }
  }
}

/** The one place where an exception becomes an answer: a diagnostic, or, for what core should never send, a status of the call, which is thrown. */
function told({ log }: RpcContext, path: string, failure: unknown): Init<wire.Diagnostic> {
  if (failure instanceof BadValue) return badValue(failure);
  if (failure instanceof WireError) throw new GrpcError(Status.INVALID_ARGUMENT, failure.message);
  return internalError(log, path, failure);
}

/** The usual `failed` of a response that has diagnostics. */
export function diagnosed(diagnostic: Init<wire.Diagnostic>): { readonly diagnostics: readonly Init<wire.Diagnostic>[] } {
  return { diagnostics: [diagnostic] };
}

function readRequest<Request>(codec: Pick<Codec<Request>, 'decode'>, message: Buffer): Request {
  try {
    return decode(codec, message);
  } catch (failure) {
    throw new GrpcError(Status.INVALID_ARGUMENT, failure instanceof WireError ? failure.message : 'the message cannot be read');
  }
}

/** The diagnostic for a bad value at its path. */
function badValue({ path, message }: BadValue): Init<wire.Diagnostic> {
  const at = toPath(path);
  return toWireDiagnostic(error('Invalid Attribute Value', `"${attributeName(at)}": ${message}.`, at));
}

/** The first step is an attribute; whether those within are attributes or keys of maps is not known here. */
const toPath = (path: readonly (string | number)[]): AttributePath =>
  path.map((step, depth) => (typeof step === 'string' && depth > 0 && !/^[a-z_0-9]+$/.test(step) ? { key: step } : step));

function internalError(log: Logger, path: string, failure: unknown): Init<wire.Diagnostic> {
  const method = path.slice(path.lastIndexOf('/') + 1);
  const reason = failure instanceof Error ? `${failure.name}: ${failure.message}` : typeof failure;
  log.log('error', 'a call failed by an exception', { method, reason });
  const detail = `The provider failed in ${method} with an unexpected error. This is a bug in the provider. Run again with TF_LOG=error to see the reason, and report it.`;
  return toWireDiagnostic(error('Internal Error', detail));
}
