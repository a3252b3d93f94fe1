import { setTimeout as sleep } from 'node:timers/promises';
import { type HttpError } from '../../errors';
import { type Logger } from '../../logger';
import { statusOf } from './problems';

/** After what time without an answer the server is asked whether it answers anything, in milliseconds. */
const DOUBT_MS = 2000;
/** How much earlier than it should a timer may seem to end. */
const SLACK_MS = 100;
/** How often it is asked while it does not. */
const BEAT_MS = 1000;
/** How long what the server last said of the bucket counts for those who only want to know whether it can be used. */
const FRESH_MS = 5000;

/** What it takes to tell whether a server answers. */
export interface ReachParts {
  /** Sends a request that any server answers at once, over a connection of its own; rejects after some seconds. */
  readonly probe: () => Promise<unknown>;
  /** Puts an error into words. */
  readonly explain: (cause: unknown) => HttpError;
  readonly logger: Logger;
}

/** How a request is broken off. */
export interface Abortable {
  readonly abortSignal: AbortSignal;
}

/**
 * Tells whether a server answers. While it does not, requests fail at once rather than each after its own time, and those under way are
 * ended. Some requests take minutes, so a slow one proves nothing: the server is asked for something else then.
 */
export class Reach {
  readonly #waiting = new Map<AbortController, number>();
  #away: HttpError | undefined;
  /** Whether it has been of use: before, whoever starts the registry is told why it is of none. */
  #hasServed = false;
  /** What the server last said against the use of the bucket, and when it was asked. */
  #problem: HttpError | undefined;
  #askedAt = -Infinity;
  #probing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(private readonly parts: ReachParts) {}

  /** Sends a request; throws its error, or why none is answered if the server answers nothing. */
  async send<T>(request: (options: Abortable) => Promise<T>): Promise<T> {
    if (this.#away) throw this.#away;
    const abort = new AbortController();
    this.#waiting.set(abort, performance.now());
    this.#timer ??= this.#later(DOUBT_MS);
    try {
      const answer = await request({ abortSignal: abort.signal });
      this.#hasServed = true;
      return answer;
    } catch (cause) {
      // Whether one connection broke or all is soon found out.
      if (!this.#away && statusOf(cause) === undefined) await this.#probe();
      throw this.#away ?? cause;
    } finally {
      this.#waiting.delete(abort);
    }
  }

  /** Throws unless the bucket could be used lately, or can now. */
  async check(): Promise<void> {
    if (performance.now() - this.#askedAt > FRESH_MS) await this.#probe();
    if (this.#problem) throw this.#problem;
  }

  /** Waits until the server answers, but no longer than so many milliseconds. */
  async settled(patienceMs: number): Promise<void> {
    for (const end = performance.now() + patienceMs; this.#away && performance.now() < end;) await sleep(BEAT_MS / 4);
  }

  /** Asks no more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #later(ms: number): NodeJS.Timeout {
    return setTimeout(() => void this.#look(), ms).unref();
  }

  /** Asks the server while it is away, or somebody waits for it in vain. */
  async #look(): Promise<void> {
    const [longest = Infinity] = this.#waiting.values();
    if (this.#away || performance.now() - longest >= DOUBT_MS - SLACK_MS) await this.#probe();
    const isNeeded = (this.#away ?? this.#waiting.size > 0) && !this.#isClosed;
    this.#timer = isNeeded ? this.#later(BEAT_MS) : undefined;
  }

  #probe(): Promise<void> {
    return (this.#probing ??= this.parts
      .probe()
      .then(
        () => this.#found(undefined, true),
        (cause: unknown) => this.#found(this.parts.explain(cause), statusOf(cause) !== undefined),
      )
      .finally(() => (this.#probing = undefined)));
  }

  #found(problem: HttpError | undefined, answers: boolean): void {
    const { logger } = this.parts;
    if (problem && this.#hasServed && problem.message !== this.#problem?.message)
      logger.error('the object storage cannot be used', { reason: problem.message });
    if (!problem && this.#problem) logger.warn('the object storage can be used again');
    this.#problem = problem;
    this.#away = answers ? undefined : problem;
    this.#askedAt = performance.now();
    if (!this.#away) return;
    for (const abort of this.#waiting.keys()) abort.abort();
    if (!this.#isClosed) this.#timer ??= this.#later(BEAT_MS);
  }
}
