import { type Document } from '../formats/format';
import { Recent } from '../store/recent';

/** How many bytes of indexes are remembered, with what they were made of; the one that was made last always is. */
const KEPT = 64 << 20;

/** Remembers the indexes that were asked for last, by what they were made of; simultaneous requests share the making. */
export class IndexCache {
  readonly #documents = new Recent<Promise<Document>>(KEPT);

  /** How many are remembered. */
  get size(): number {
    return this.#documents.size;
  }

  /** The document made for a repository from these inputs, made now if need be; a failure is not remembered. */
  get(repository: string, inputs: readonly unknown[], make: () => Document | Promise<Document>): Promise<Document> {
    const key = JSON.stringify([repository, inputs]);
    const known = this.#documents.get(key);
    if (known) return known;
    const document = Promise.resolve().then(make);
    this.#documents.set(key, document, key.length);
    document.then(
      ({ body }) => {
        // Its repository may be gone meanwhile.
        if (this.#documents.get(key) === document) this.#documents.set(key, document, key.length + body.length);
      },
      () => this.#documents.delete(key),
    );
    return document;
  }

  /** Forgets everything. */
  clear(): void {
    this.#documents.clear();
  }

  /** Forgets what was made for a repository, which is gone. */
  forget(repository: string): void {
    const begin = JSON.stringify([repository]).replace(/]$/, ',');
    for (const key of this.#documents.keys()) if (key.startsWith(begin)) this.#documents.delete(key);
  }
}
