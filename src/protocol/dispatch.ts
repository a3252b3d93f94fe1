import type { Dispatch } from './grpc/call';
import { GrpcError, Status } from './grpc/status';
import { METHODS } from './rpc';
import type { RpcContext } from './rpc/method';

const methods = new Map(METHODS.map((method) => [method.path, method]));

/** Dispatches a call to its method. */
export function createDispatch(context: RpcContext): Dispatch {
  return async (path, message) => {
    const method = methods.get(path);
    if (!method) throw new GrpcError(Status.UNIMPLEMENTED, `unknown method ${path}`);
    return method.answer(context, message);
  };
}
