import type { ApiError } from '../schema/define/errors';
import { pause } from './pause';

/** The policy for retries. */
export interface RetryPolicy {
  /** Maximum number of retries after the first try. */
  readonly retries: number;
  /** The first pause in milliseconds; it doubles, with jitter. */
  readonly baseDelay: number;
  readonly signal: AbortSignal;
  /** Whether to continue after a failure when no tries are left. @default never */
  readonly holdsOn?: (failed: Retryable) => boolean;
}

const longestPause = 30_000;

/** The failure of one try, and whether and when to retry. */
export interface Retryable {
  readonly error: ApiError;
  /** Whether a retry is safe and may help. */
  readonly retryable: boolean;
  /** Milliseconds that the server asked to wait. */
  readonly after?: number;
  /** Whether there was no response, or only one that the server is unavailable. @default false */
  readonly unanswered?: boolean;
}

/** Tries until there is a response, a permanent failure, or no try left. */
export async function withRetry<T>(attempt: () => Promise<{ answer: T } | Retryable>, policy: RetryPolicy): Promise<T> {
  for (let tried = 0; ; tried += 1) {
    const result = await attempt();
    if ('answer' in result) return result.answer;
    if (!result.retryable || (tried >= policy.retries && !policy.holdsOn?.(result))) throw result.error;
    await pause(Math.min(result.after ?? backoff(policy.baseDelay, tried), longestPause), policy.signal);
    if (policy.signal.aborted) throw result.error;
  }
}

/** Milliseconds of a `Retry-After` header: seconds or a date. Nothing for any other value. */
export function parseRetryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

const backoff = (base: number, tried: number): number => base * 2 ** tried * (0.5 + Math.random());
