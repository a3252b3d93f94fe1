/** The gRPC status codes that this server answers. */
export const Status = { OK: 0, INVALID_ARGUMENT: 3, RESOURCE_EXHAUSTED: 8, UNIMPLEMENTED: 12, INTERNAL: 13 } as const;

/** A call that ends with a status other than OK. */
export class GrpcError extends Error {
  override readonly name = 'GrpcError';

  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** Percent-encodes a message for the `grpc-message` trailer; half a character, which cannot be encoded, is replaced by way of the buffer. */
export function toGrpcMessage(text: string): string {
  return Buffer.from(text)
    .toString()
    .replace(/[^ -$&-~]/gu, (char) => encodeURIComponent(char));
}
