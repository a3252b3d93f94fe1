import { type MetadataStore } from './metadata';
import { Recent } from './recent';

interface Kept<T> {
  readonly row: T;
  readonly revisions: readonly number[];
}

/** Remembers the rows that were read last, each until something that it depends on has changed. */
export class KeptRows<T> {
  readonly #rows: Recent<Kept<T>>;

  constructor(
    private readonly metadata: Pick<MetadataStore, 'revision'>,
    limit: number,
  ) {
    this.#rows = new Recent(limit);
  }

  /** The row under a key, read now unless it is known and none of its topics has changed; what is absent is looked for each time. */
  async get(key: string, topics: readonly string[], read: () => Promise<T | undefined>): Promise<T | undefined> {
    // Asked before the row is read: a change in between must not pass for known.
    const revisions = await this.#revisions(topics);
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
