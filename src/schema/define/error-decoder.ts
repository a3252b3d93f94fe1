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

/** Reads failures of one API: the answer's status and parsed body; nothing for a success and for what only the status tells. */
export type ErrorDecoder = (answer: { readonly status: number; readonly json: unknown }) => ApiFailure | undefined;
