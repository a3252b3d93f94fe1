/** What kind of failure a call met. */
export type ErrorCode =
  | 'not-found'
  | 'unauthorized'
  | 'forbidden'
  | 'conflict'
  | 'invalid'
  | 'busy'
  | 'server-error'
  | 'unreachable'
  | 'timeout'
  | 'tls'
  | 'unexpected-answer'
  | 'cancelled';

/** Everything that is known of a failed call. */
export interface Failure {
  readonly code: ErrorCode;
  readonly method: string;
  readonly url: string;
  /** HTTP status; none when there was no answer. */
  readonly status?: number;
  /** Whether the server may have done what was asked all the same. @default false */
  readonly mayBeDone?: boolean;
  readonly cause?: unknown;
  /** The API's own code, where its answer has one. */
  readonly apiCode?: number;
}

/** The one error of the client; its message is safe to show. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: ErrorCode;
  readonly status: number | undefined;
  readonly method: string;
  readonly url: string;
  readonly mayBeDone: boolean;
  readonly apiCode: number | undefined;

  constructor(message: string, failure: Failure) {
    super(message, { cause: failure.cause });
    this.code = failure.code;
    this.status = failure.status;
    this.method = failure.method;
    this.url = failure.url;
    this.mayBeDone = failure.mayBeDone ?? false;
    this.apiCode = failure.apiCode;
  }
}
