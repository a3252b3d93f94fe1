/** The kind of failure of a call. */
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
  | 'read-only'
  | 'cancelled';

/** Everything known about a failed call. */
export interface Failure {
  readonly code: ErrorCode;
  readonly method: string;
  readonly url: string;
  /** HTTP status; none if there was no response. */
  readonly status?: number;
  /** Whether the server may have carried out the request anyway. @default false */
  readonly outcomeUnknown?: boolean;
  readonly cause?: unknown;
  /** The API's own error code, if the response has one. */
  readonly apiCode?: number;
  /** The API's own message, with secrets redacted, if the response contains one. */
  readonly words?: string;
  /** What to do about it. @default the general advice for its kind */
  readonly advice?: string;
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
  readonly words: string | undefined;
  readonly advice: string | undefined;

  constructor(message: string, failure: Failure) {
    super(message, { cause: failure.cause });
    this.code = failure.code;
    this.status = failure.status;
    this.method = failure.method;
    this.url = failure.url;
    this.outcomeUnknown = failure.outcomeUnknown ?? false;
    this.apiCode = failure.apiCode;
    this.words = failure.words;
    this.advice = failure.advice;
  }
}

/** A successful response that is not what was requested. It says nothing about the object. */
export class UnexpectedAnswer extends Error {
  readonly code = 'unexpected-answer';
}

/** A hook failed unexpectedly: it threw something other than these errors, or returned an invalid value. */
export class HookError extends Error {
  /**
   * @param hook its name and its subject, e.g. `read of acme_team "core"`
   * @param what it did, e.g. `returned a list`
   */
  constructor(hook: string, what: string, cause?: unknown) {
    super(`the hook ${hook} ${what}`, { cause });
  }
}

/** A value of the configuration turned out to be unusable, e.g. a file that does not exist. */
export class AttributeError extends Error {
  /** @param attribute its camelCase name */
  constructor(
    message: string,
    readonly attribute: string,
  ) {
    super(message);
  }
}

/** An argument of a function is invalid. */
export class ArgumentError extends Error {
  /** @param argument its camelCase name */
  constructor(
    message: string,
    readonly argument: string,
  ) {
    super(message);
  }
}

/** An object was created, but a following step failed: it is kept in the state, so that nothing is orphaned. */
export class PartialCreateError extends Error {
  /** @param cause what failed */
  constructor(override readonly cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause));
  }
}

/** Runs the steps after the call that created an object; a failure reports that the object exists. */
export async function afterwards<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw thrown instanceof PartialCreateError ? thrown : new PartialCreateError(thrown);
  }
}
