import type { ErrorCode } from './errors';

/** A failure decoded from a response body, for APIs whose status codes are not enough. */
export interface ApiFailure {
  /** The kind of failure. @default that of the status */
  readonly kind?: ErrorCode;
  /** The API's own error code, for definitions that branch on it. */
  readonly apiCode: number;
  /** The server's message. */
  readonly message: string;
  /** What the server's message means, if it does not say so. */
  readonly hint?: string;
  /** What to do about it, as a sentence. @default the general advice for its kind */
  readonly advice?: string;
  /**
   * Whether a retry may help: `refused` if nothing was done, `unclear` if something may have been (then only calls that are safe to
   * repeat are retried). @default that of the status
   */
  readonly retry?: 'refused' | 'unclear';
}

/** A response of the server, success or not. */
export interface DecodedAnswer {
  readonly method: string;
  /** Path below the endpoint. */
  readonly path: string;
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body; nothing if it is not JSON. */
  readonly json: unknown;
  /** The raw body. */
  readonly text: string;
}

/** Decodes failures of one API; nothing for a success and for failures that only the status shows. */
export type ErrorDecoder = (answer: DecodedAnswer) => ApiFailure | undefined;
