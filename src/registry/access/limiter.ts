/** How many events a limiter lets pass. */
export interface Limit {
  /** How many per second in the long run. */
  readonly perSecond: number;
  /** How many at once after a pause. */
  readonly burst: number;
}

/** The keys that are remembered; one that is forgotten starts with a full bucket. */
const KEPT = 20_000;

/** Limits how often something happens for each of many keys: buckets of tokens that refill with time. */
export class Limiter {
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(
    private readonly limit: Limit,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Counts an event; the answer is 0, or in how many seconds the next one may happen. */
  take(key: string): number {
    const bucket = this.#bucket(key);
    const wait = this.#wait(bucket);
    if (wait === 0) bucket.left -= 1;
    return wait;
  }

  /** The same without counting. */
  wait(key: string): number {
    return this.#wait(this.#bucket(key));
  }

  #wait({ left }: { left: number }): number {
    return left >= 1 ? 0 : Math.max(1, Math.ceil((1 - left) / this.limit.perSecond));
  }

  #bucket(key: string): { left: number; at: number } {
    const { perSecond, burst } = this.limit;
    const now = this.clock();
    const old = this.#buckets.get(key) ?? { left: burst, at: now };
    const bucket = { left: Math.min(burst, old.left + ((now - old.at) / 1000) * perSecond), at: now };
    // The one that was not used for longest is the first to go.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > KEPT) this.#buckets.delete(this.#buckets.keys().next().value ?? '');
    return bucket;
  }
}
