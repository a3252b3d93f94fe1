import { type MetadataStore } from './metadata';
import { Recent } from './recent';

interface Kept<T> {
  readonly row: T;
  readonly revisions: readonly number[];
}

/** Remembers the rows that were read last, each until something that it depends on has changed. */
export class KeptRows<T> {
  readonly #rows: Recent<Kept<T>>;
  /** The number of what all rows depend on, as it was seen last. */
  #common = -Infinity;

  /** `topic` is what all rows depend on. */
  constructor(
    private readonly metadata: Pick<MetadataStore, 'revision'>,
    private readonly topic: string,
    limit: number,
  ) {
    this.#rows = new Recent(limit);
  }

  /** How many rows are remembered. */
  get size(): number {
    return this.#rows.size;
  }

  /** The row under a key, read now unless it is known and none of its topics has changed; what is absent is looked for each time. */
  async get(key: string, topics: readonly string[], read: () => Promise<T | undefined>): Promise<T | undefined> {
    // Asked before the row is read: a change in between must not pass for known.
    const revisions = await this.#revisions([this.topic, ...topics]);
    const [common = NaN] = revisions;
    // None of the others is of use any more, and those that are never asked for again would stay.
    if (common > this.#common) {
      this.#rows.clear();
      this.#common = common;
    }
    const kept = this.#rows.get(key);
    if (kept?.revisions.every((revision, index) => revision === revisions[index])) return kept.row;
    const row = await read();
    if (row === undefined) this.#rows.delete(key);
    else this.#rows.set(key, { row, revisions });
    return row;
  }

  #revisions(topics: readonly string[]): Promise<number[]> | number[] {
    const revisions = topics.map((topic) => this.metadata.revision(topic));
    return revisions.every((revision) => typeof revision === 'number') ? revisions : Promise.all(revisions);
  }
}
