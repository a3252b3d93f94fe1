interface Entry<T> {
  readonly value: T;
  readonly weight: number;
}

/** Remembers what was used last, up to a sum of weights; what came last stays, whatever it weighs. */
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
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Remembers a value, in place of the one before. */
  set(key: string, value: T, weight = 1): void {
    this.delete(key);
    this.#entries.set(key, { value, weight });
    this.#sum += weight;
    for (const [oldest] of this.#entries) {
      if (this.#sum <= this.limit || oldest === key) return;
      this.delete(oldest);
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
    this.#sum -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }
}
