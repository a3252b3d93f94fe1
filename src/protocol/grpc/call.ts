import type { GrpcError } from './status';

/** What a method that streams its answer may do with the call. */
export interface Outgoing {
  /** Sends a message that is already in its frame; resolves when the peer can take more, or is gone. */
  write(frame: Buffer): Promise<void>;
  /** Ends the call. @param failure its status, if it is not OK */
  end(failure?: GrpcError): void;
  /** Is called when the call is over, by whichever side ended it. */
  onClose(closed: () => void): void;
}

/** A method that streams its answer. */
export type ServerStream = (outgoing: Outgoing) => void;

/** Answers the call of one method with one framed message or with a stream; a `GrpcError` becomes the status of the call. */
export type Dispatch = (path: string, message: Buffer) => Promise<Buffer | ServerStream>;
