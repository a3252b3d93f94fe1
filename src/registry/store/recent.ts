interface Entry<T> {
  readonly value: T;
  readonly weight: number;
  /** Whether it was used since it came, or since it was last spared. */
  isUsed: boolean;
}

/**
 * Remembers what was used lately, up to a sum of weights; what came last stays, whatever it weighs. Each use spares a value once, when it is the
 * oldest (the algorithm CLOCK). To move it to the end at each use, as LRU does, would replace the table of the map every few uses: V8 chains
 * tables to their successors, which keeps all of them until the next full collection.
 */
export class Recent<T> {
  readonly #entries = new Map<string, Entry<T>>();
  #sum = 0;

  constructor(private readonly limit: number) {}

  /** How much is remembered. */
  get size(): number {
    return this.#entries.size;
  }

  /** What is remembered under a key. */
  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    entry.isUsed = true;
    return entry.value;
  }

  /** Remembers a value, in place of the one before. */
  set(key: string, value: T, weight = 1): void {
    this.delete(key);
    this.#entries.set(key, { value, weight, isUsed: false });
    this.#sum += weight;
    // Spared values follow at the end, where the walk comes to them again.
    for (const [oldest, entry] of this.#entries) {
      if (this.#sum <= this.limit || this.#entries.size === 1) return;
      if (entry.isUsed || oldest === key) this.#spare(oldest, entry);
      else this.delete(oldest);
    }
  }

  /** The keys of everything that is remembered. */
  keys(): Iterable<string> {
    return this.#entries.keys();
  }

  /** Everything that is remembered. */
  *values(): Generator<T, void> {
    for (const { value } of this.#entries.values()) yield value;
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries.clear();
    this.#sum = 0;
  }

  /** Forgets a value. */
  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#sum -= entry.weight;
    this.#entries.delete(key);
  }

  #spare(key: string, entry: Entry<T>): void {
    entry.isUsed = false;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
  }
}
