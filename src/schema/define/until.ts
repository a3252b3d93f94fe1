import { setTimeout as wait } from 'node:timers/promises';
import type { ApiClient } from './client';
import { ApiError } from './errors';

/** Something on the server that becomes available some time after it was requested. */
export interface Awaited<T> {
  /** The condition, for the log and for messages, e.g. `team "core" to be ready`. */
  readonly what: string;
  /** The result, or nothing (`undefined`, `null` or `false`) while it is not available. */
  read(): Promise<T | undefined | null | false>;
  /** Whether a failure of `read` means "not yet"; the last one is reported on timeout. @default none does */
  notYet?(thrown: unknown): boolean;
  /** What to do on timeout, as a sentence. @default the general advice for timeouts */
  readonly advice?: string;
  /** Maximum milliseconds to wait; less if the operation's `timeouts` allow less. @default 60000 */
  readonly within?: number;
  /** Milliseconds between polls; the last value repeats. @default a quarter of a second, doubling up to 5 s */
  readonly pauses?: readonly number[];
}

const doubling = [250, 500, 1000, 2000, 4000, 5000];

/**
 * Polls until a condition is met. It ends when the operation is stopped or its time runs out, and logs what it waits for.
 * Throws an `ApiError` that names the condition if it is not met in time.
 */
export async function until<T>(client: Pick<ApiClient, 'endpoint' | 'signal' | 'log'>, awaited: Awaited<T>): Promise<T> {
  const { what, advice, within = 60_000 } = awaited;
  const pauses = awaited.pauses?.length ? awaited.pauses : doubling;
  // The current signal: after a stop, the client has a new one.
  const { signal } = client;
  const began = performance.now();
  const seconds = (): number => Math.round((performance.now() - began) / 100) / 10;
  for (let looks = 0; ; looks += 1) {
    const { found, failure } = await look(awaited, signal);
    if (found !== undefined) {
      if (looks > 0) client.log(`waited for ${what}`, { seconds: seconds() });
      return found;
    }
    const left = began + within - performance.now();
    // What is no number of milliseconds leaves no time.
    if (!(left > 0) || signal.aborted) throw ended(client, { what, advice, seconds: seconds(), signal, failure });
    if (looks === 0) client.log(`waiting for ${what}`);
    const pause = pauses[Math.min(looks, pauses.length - 1)] ?? 0;
    await wait(Math.min(pause, left), undefined, { signal }).catch(() => {});
    if (signal.aborted) throw ended(client, { what, advice, seconds: seconds(), signal, failure });
  }
}

interface Look<T> {
  readonly found?: T | undefined;
  readonly failure?: unknown;
}

async function look<T>(awaited: Awaited<T>, signal: AbortSignal): Promise<Look<T>> {
  try {
    const answer = await orEnd(awaited.read(), signal);
    return answer === null || answer === false ? {} : { found: answer };
  } catch (failure) {
    if (!awaited.notYet?.(failure)) throw failure;
    return { failure };
  }
}

/** What is answered before the end; nothing when that comes first, which a call that is not the client's may not notice. */
async function orEnd<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  let end = (): void => {};
  const ended = new Promise<undefined>((resolve) => {
    end = () => resolve(undefined);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
  return Promise.race([work, ended]).finally(() => signal.removeEventListener('abort', end));
}

/** The reason of a signal is a DOMException, which need not be an `Error`. */
const isTimeout = (reason: unknown): boolean =>
  typeof reason === 'object' && reason !== null && 'name' in reason && reason.name === 'TimeoutError';

interface Ended {
  readonly what: string;
  readonly advice: string | undefined;
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** The failure of the last poll. */
  readonly failure: unknown;
}

function ended({ endpoint }: Pick<ApiClient, 'endpoint'>, { what, advice, seconds, signal, failure }: Ended): ApiError {
  const last = failure instanceof Error ? `; the last answer: ${failure.message}` : '';
  const stopped = signal.aborted && !isTimeout(signal.reason);
  const why = stopped ? 'it was stopped' : signal.aborted ? 'the time that "timeouts" allows ran out' : 'it did not happen';
  const message = `waited ${seconds} s for ${what}, but ${why}${last}`;
  return new ApiError(message, {
    code: stopped ? 'cancelled' : 'timeout',
    method: 'GET',
    url: endpoint,
    cause: failure,
    ...(advice !== undefined && !signal.aborted && { advice }),
  });
}
