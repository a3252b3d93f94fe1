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
  /** Set when there was no response, or only one that the server is unavailable. */
  readonly failure?: ApiError | undefined;
  /** Milliseconds that the server asked clients to wait. */
  readonly after?: number | undefined;
}

/** An outage. */
interface Outage {
  readonly began: number;
  /** How many consecutive tries failed. */
  rounds: number;
  roundEnded: number;
  last: ApiError;
  open: boolean;
  probes: number;
  probing: boolean;
  nextProbe: number;
}

/** Failures within this many milliseconds may be momentary. */
const moment = 1000;

const longestPause = 10_000;

/** Milliseconds to wait for a server that has responded before: long enough for a restart. */
const longestWait = 60_000;

/**
 * A circuit breaker. It opens only if nothing has responded since the failures began,
 * after as many tries as one request has. While it is open, one call at a time probes the server. The others wait
 * if it has responded before, as with a restart during an apply, and fail immediately if it never has or the
 * wait took too long, so that a plan against a dead server ends, whatever its size.
 */
export class Breaker {
  private lastAnswer = -Infinity;
  private outage: Outage | undefined;
  private readonly changes = new EventTarget();

  constructor(private readonly options: BreakerOptions) {
    // Every waiting call listens; above the default of 10, Node writes a warning to stderr.
    setMaxListeners(0, this.changes);
  }

  /** Whether only one call at a time is allowed. */
  get isOpen(): boolean {
    return this.outage?.open === true;
  }

  /** Resolves when a call may proceed, or to the failure to report if it must not. */
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

  /** Records how a try ended. */
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

  /** A probe ended without information about the server. */
  abandon(): void {
    if (this.outage) this.outage.probing = false;
    this.tell();
  }

  /**
   * Whether a call that has no tries left waits with the others for the server to come back.
   *
   * @param byGateway whether a gateway responded instead of the server: it may speak for a part that does not come back,
   *   so it counts only if nothing else has responded between two tries
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

  /** When waiting for the server ends. There is no wait without retries, nor for a server that never responded. */
  private end({ began }: Outage): number {
    const { retries, requestTimeout } = this.options;
    const waits = this.lastAnswer > -Infinity && retries > 0;
    return waits ? began + Math.min(requestTimeout * (retries + 1) + this.pauses, longestWait) : -Infinity;
  }

  /** How long failures must last before it opens, however fast they come. */
  private get patience(): number {
    return Math.max(this.pauses, Math.min(this.options.requestTimeout, moment));
  }

  /** The total of all pauses of one request. */
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
