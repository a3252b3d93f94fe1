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
  readonly outcomeUnknown?: boolean;
  readonly cause?: unknown;
  /** The API's own code, where its answer has one. */
  readonly apiCode?: number;
}

/** The one error of the client; its message is safe to show. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly status: number | undefined;
  readonly method: string;
  readonly url: string;
  readonly outcomeUnknown: boolean;
  readonly apiCode: number | undefined;

  constructor(message: string, failure: Failure) {
    super(message, { cause: failure.cause });
    this.code = failure.code;
    this.status = failure.status;
    this.method = failure.method;
    this.url = failure.url;
    this.outcomeUnknown = failure.outcomeUnknown ?? false;
    this.apiCode = failure.apiCode;
  }
}

/** An answer that came with success but is not what was asked for. It says nothing of the object. */
export class UnexpectedAnswer extends Error {
  readonly code = 'unexpected-answer';
}

/** A function of a definition failed by itself: it threw what is none of these errors, or returned what it must not. */
export class HookError extends Error {
  /**
   * @param hook its name and what it was called for, e.g. `read of acme_team "core"`
   * @param what it did, e.g. `returned a list`
   */
  constructor(hook: string, what: string, cause?: unknown) {
    super(`the hook ${hook} ${what}`, { cause });
  }
}

/** A value of the configuration cannot be used, as only trying shows, e.g. a file that is not there. */
export class AttributeError extends Error {
  /** @param attribute its camelCase name */
  constructor(
    message: string,
    readonly attribute: string,
  ) {
    super(message);
  }
}

/** An argument of a function is wrong. */
export class ArgumentError extends Error {
  /** @param argument its camelCase name */
  constructor(
    message: string,
    readonly argument: string,
  ) {
    super(message);
  }
}

/** An object was made, but what was to be done to it afterwards failed: it is kept, so that nothing is orphaned. */
export class PartialCreateError extends Error {
  /** @param cause what failed */
  constructor(override readonly cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause));
  }
}

/** What follows the call that made an object; its failure says that there is one. */
export async function afterwards<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw thrown instanceof PartialCreateError ? thrown : new PartialCreateError(thrown);
  }
}
