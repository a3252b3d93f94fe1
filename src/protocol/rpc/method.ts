import { attributeName, type AttributePath, error } from '../../common/diagnostic';
import type { Provider } from '../../handler/provider';
import type * as wire from '../gen/messages';
import type { ServerStream } from '../grpc/call';
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

/** Makes a method of one request and one response; the one place where an exception becomes an answer. */
export function unary<Request, Response>(rpc: Unary<Request, Response>): Method {
  return {
    path: rpc.path,
    async answer(context, message) {
      const request = readRequest(rpc.request, message);
      try {
        return encodeFrame(rpc.response, await rpc.handle(context, request));
      } catch (failure) {
        if (failure instanceof BadValue) return encodeFrame(rpc.response, rpc.failed(badValue(failure), request));
        if (failure instanceof WireError) throw new GrpcError(Status.INVALID_ARGUMENT, failure.message);
        return encodeFrame(rpc.response, rpc.failed(internalError(context.log, rpc.path, failure), request));
      }
    },
  };
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
