import type { ErrorCode } from './errors';

/** What an answer's body says of a failure, in an API whose status codes do not tell it all. */
export interface ApiFailure {
  /** What kind of failure it is; what the status stands for when the body does not tell. */
  readonly kind?: ErrorCode;
  /** The API's own code, for definitions that branch on it. */
  readonly apiCode: number;
  /** What the server says of it. */
  readonly message: string;
  /** What to know or do, where the server's words do not say. */
  readonly hint?: string;
  /**
   * Whether another try may help: `refused` when nothing was done yet, `unclear` when it may have been (then only calls that can
   * be repeated are). @default what the status stands for
   */
  readonly retry?: 'refused' | 'unclear';
}

/** An answer of the server, success or not. */
export interface DecodedAnswer {
  readonly method: string;
  /** Path below the endpoint. */
  readonly path: string;
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body; nothing where it is not JSON. */
  readonly json: unknown;
  /** The body as it came. */
  readonly text: string;
}

/** Reads failures of one API; nothing for a success and for what only the status tells. */
export type ErrorDecoder = (answer: DecodedAnswer) => ApiFailure | undefined;
