/** The outcome of a call, as far as it shows whether the server can take more. */
export interface Outcome {
  /** Whether the server showed overload: 429, 5xx, a broken connection. */
  readonly strained: boolean;
  /** When it was sent, on the limiter's clock. */
  readonly startedAt: number;
  /** Milliseconds from sending to the answer; none when there was no answer. */
  readonly latency?: number;
  /** The group within which latencies are compared, e.g. because writes take longer than reads. @default one group */
  readonly kind?: string;
}

const smoothing = 0.2;
/** A latency of this many times the best one, after the first few responses, is a sign of overload. */
const slowdown = 8;
/** Below this many milliseconds, a rise reflects this machine rather than the server. */
const noise = 200;
/** How many successful rounds it takes to retry a limit that was too high before. */
const caution = 25;

/**
 * Limits concurrent calls to what the server can take: one more after each successful round, half after a failure
 * (additive increase, multiplicative decrease). The others wait in order.
 */
export class Limiter {
  private running = 0;
  private limit: number;
  private readonly latencies = new Map<string, { readonly best: number; readonly smoothed: number }>();
  private goodInARow = 0;
  private lastDecrease = -Infinity;
  /** The limit that was too high when last tried. */
  private tooMuch = Infinity;
  private readonly waiting: (() => void)[] = [];

  /**
   * @param max never more than this at once
   * @param now the clock, in milliseconds
   */
  constructor(
    private readonly max: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.limit = max;
  }

  /** The current limit. */
  get current(): number {
    return Math.max(1, Math.floor(this.limit));
  }

  /** Runs a call when there is a free slot; the call reports its outcome with `report`. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.running >= this.current) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running += 1;
    try {
      return await call();
    } finally {
      this.running -= 1;
      this.admit();
    }
  }

  /** Adjusts the limit after one response. */
  report({ strained, startedAt, latency, kind = '' }: Outcome): void {
    if (strained || this.isSlow(kind, latency)) this.decrease(startedAt);
    else this.increase();
    this.admit();
  }

  private admit(): void {
    while (this.running < this.current && this.waiting.length > 0) {
      this.running += 1;
      this.waiting.shift()?.();
    }
  }

  private increase(): void {
    this.goodInARow += 1;
    const rounds = this.current + 1 < this.tooMuch ? 1 : caution;
    if (this.goodInARow < this.current * rounds) return;
    this.goodInARow = 0;
    this.limit = Math.min(this.max, this.limit + 1);
  }

  /** Calls sent before the last decrease reflect the overload that led to it. */
  private decrease(startedAt: number): void {
    this.goodInARow = 0;
    if (startedAt <= this.lastDecrease) return;
    this.lastDecrease = this.now();
    this.tooMuch = this.current;
    this.limit = Math.max(1, this.limit / 2);
  }

  private isSlow(kind: string, latency: number | undefined): boolean {
    if (latency === undefined) return false;
    const { best: before, smoothed: soFar } = this.latencies.get(kind) ?? { best: latency, smoothed: latency };
    const best = Math.min(before, latency);
    const smoothed = soFar + smoothing * (latency - soFar);
    this.latencies.set(kind, { best, smoothed });
    return smoothed > noise && smoothed > slowdown * best;
  }
}
