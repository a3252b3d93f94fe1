import type { ApiError } from '../schema/define/errors';
import { setMaxListeners } from 'node:events';
import { change } from './pause';

/** How patient a breaker is. */
export interface BreakerOptions {
  /** How often a request is tried again. */
  readonly retries: number;
  /** The first pause before another try, in milliseconds; it doubles. */
  readonly baseDelay: number;
  /** Milliseconds that one try may take. */
  readonly requestTimeout: number;
  /** The clock, in milliseconds. @default performance.now */
  readonly now?: () => number;
}

/** How one try ended. */
export interface Trial {
  readonly startedAt: number;
  /** Set when nothing answered, or only that nothing can be done now. */
  readonly failure?: ApiError | undefined;
  /** Milliseconds for which the server asked to be left alone. */
  readonly after?: number | undefined;
}

/** A time in which nothing answers. */
interface Outage {
  readonly began: number;
  /** How many tries failed one after the other, as those of one request would. */
  rounds: number;
  roundEnded: number;
  last: ApiError;
  open: boolean;
  probes: number;
  probing: boolean;
  nextProbe: number;
}

/** Below so many milliseconds, failures may be of a moment. */
const moment = 1000;

const longestPause = 10_000;

/** Milliseconds for which a server that had answered is waited for: as long as a restart takes. */
const longestWait = 60_000;

/**
 * Spares a server that does not answer, and those who wait for it. It opens only while nothing has answered since the failures began,
 * after as many tries as one request has. While it is open, one call at a time probes whether the server is back; the others wait
 * when it had answered before, as it does when it restarts in the middle of an apply, and fail at once when it never did or the
 * waiting took too long, so that a plan against a dead server ends, whatever its size.
 */
export class Breaker {
  private lastAnswer = -Infinity;
  private outage: Outage | undefined;
  private readonly changes = new EventTarget();

  constructor(private readonly options: BreakerOptions) {
    // All who wait listen; the default of 10 would write a warning to stderr.
    setMaxListeners(0, this.changes);
  }

  /** Whether calls may be made only one at a time. */
  get isOpen(): boolean {
    return this.outage?.open === true;
  }

  /** Resolves when a call may be tried: to nothing, or to the failure that stands for it when it is not to be tried. */
  async enter(signal: AbortSignal): Promise<ApiError | undefined> {
    for (;;) {
      const { outage } = this;
      if (!outage?.open || signal.aborted) return undefined;
      const now = this.now();
      if (now >= outage.nextProbe && !outage.probing) {
        outage.probing = true;
        return undefined;
      }
      if (now >= this.end(outage)) return outage.last;
      const next = outage.probing ? Infinity : outage.nextProbe;
      await change(this.changes, Math.min(next, this.end(outage)) - now, signal);
    }
  }

  /** Learns how a try ended. */
  report({ startedAt, failure, after = 0 }: Trial): void {
    const now = this.now();
    if (!failure) {
      this.lastAnswer = now;
      this.outage = undefined;
      return this.tell();
    }
    const outage = (this.outage ??= this.begin(startedAt, failure));
    outage.last = failure;
    if (startedAt >= outage.roundEnded && now >= outage.roundEnded + this.pause(outage.rounds - 1) / 2) {
      outage.rounds += 1;
      outage.roundEnded = now;
    }
    if (outage.open) this.postpone(outage, after);
    else if (outage.rounds > this.options.retries && now - outage.began >= this.patience) this.open(outage, after);
  }

  /** A call that probed ended in a way that tells nothing of the server. */
  abandon(): void {
    if (this.outage) this.outage.probing = false;
    this.tell();
  }

  /**
   * Whether a call that has no tries left is to wait with all others for the server to come back.
   *
   * @param byGateway whether it had an answer of what stands before the server: that may be of a part of it, which need not come back,
   *   so it counts only where nothing else has answered between two tries
   */
  holdsOn(byGateway = false): boolean {
    const { outage } = this;
    if (!outage || this.now() >= this.end(outage) || (byGateway && outage.rounds < 2)) return false;
    if (!outage.open) this.open(outage, 0);
    return true;
  }

  private begin(startedAt: number, last: ApiError): Outage {
    const began = Math.max(startedAt, this.lastAnswer);
    return { began, rounds: 1, roundEnded: this.now(), last, open: false, probes: 0, probing: false, nextProbe: 0 };
  }

  private open(outage: Outage, after: number): void {
    outage.open = true;
    this.postpone(outage, after);
  }

  private postpone(outage: Outage, after: number): void {
    const now = this.now();
    const { baseDelay, requestTimeout } = this.options;
    const waited = now < this.end(outage);
    const pause = waited ? Math.min(4 * baseDelay * 2 ** outage.probes, longestPause) : Math.max(longestPause, requestTimeout);
    outage.probing = false;
    outage.probes += 1;
    outage.nextProbe = now + Math.max(pause, Math.min(after, 3 * longestPause));
    this.tell();
  }

  /** When waiting for the server ends. It is not waited for where nothing is tried again, nor for one that never answered. */
  private end({ began }: Outage): number {
    const { retries, requestTimeout } = this.options;
    const waits = this.lastAnswer > -Infinity && retries > 0;
    return waits ? began + Math.min(requestTimeout * (retries + 1) + this.pauses, longestWait) : -Infinity;
  }

  /** How long failures last at the least before it opens, however fast they come. */
  private get patience(): number {
    return Math.max(this.pauses, Math.min(this.options.requestTimeout, moment));
  }

  /** All pauses of one request. */
  private get pauses(): number {
    return Array.from({ length: this.options.retries }, (_, tried) => this.pause(tried)).reduce((sum, pause) => sum + pause, 0);
  }

  private pause(tried: number): number {
    return Math.min(this.options.baseDelay * 2 ** tried, 3 * longestPause);
  }

  private tell(): void {
    this.changes.dispatchEvent(new Event('change'));
  }

  private now(): number {
    return (this.options.now ?? (() => performance.now()))();
  }
}
