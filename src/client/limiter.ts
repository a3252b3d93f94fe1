/** How a call went, as far as it tells whether the server can take more. */
export interface Outcome {
  /** Whether the server showed that it is overrun: 429, 5xx, a broken connection. */
  readonly strained: boolean;
  /** When it was sent, on the limiter's clock. */
  readonly startedAt: number;
  /** Milliseconds from sending to the answer; none when there was no answer. */
  readonly latency?: number;
  /** What latencies are compared with: a write may always take longer than a read. @default all with all */
  readonly kind?: string;
}

const smoothing = 0.2;
/** A latency so many times the best one seen, after the first few answers, is a sign of strain. */
const slowdown = 8;
/** Below this many milliseconds a rise says more of this machine than of the server. */
const noise = 200;
/** How many rounds of good answers it takes to try again what was too much before. */
const caution = 25;

/**
 * Lets as many calls run at once as the server takes: one more after each round of good answers, half after a bad one
 * (additive increase, multiplicative decrease). The others wait in order.
 */
export class Limiter {
  private running = 0;
  private limit: number;
  private readonly latencies = new Map<string, { readonly best: number; readonly smoothed: number }>();
  private goodInARow = 0;
  private lastDecrease = -Infinity;
  /** What was too much when it was tried last. */
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

  /** How many may run at once now. */
  get current(): number {
    return Math.max(1, Math.floor(this.limit));
  }

  /** Runs a call when there is a place; it tells how it went by `report`. */
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

  /** Learns from one answer. */
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

  /** Calls that were sent before the last decrease tell of the strain that led to it. */
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
