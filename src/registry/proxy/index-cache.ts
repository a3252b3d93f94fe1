import { type Document } from '../formats/format';

/** How many bytes of indexes are remembered; the one that was made last always is. */
const KEPT = 64 << 20;

interface Remembered {
  readonly document: Promise<Document>;
  size: number;
}

/** Remembers the indexes that were asked for last, by what they were made of; simultaneous requests share the making. */
export class IndexCache {
  readonly #documents = new Map<string, Remembered>();
  #size = 0;

  /** The document made from these inputs, made now if need be; a failure is not remembered. */
  get(inputs: readonly unknown[], make: () => Document | Promise<Document>): Promise<Document> {
    const key = JSON.stringify(inputs);
    const known = this.#documents.get(key);
    const remembered = known ?? { document: Promise.resolve().then(make), size: 0 };
    this.#documents.delete(key);
    this.#documents.set(key, remembered);
    if (!known) {
      remembered.document.then(
        ({ body }) => this.#made(remembered, body.length),
        () => this.#documents.delete(key),
      );
    }
    return remembered.document;
  }

  #made(remembered: Remembered, size: number): void {
    remembered.size = size;
    this.#size += size;
    for (const [key, oldest] of this.#documents) {
      if (this.#size <= KEPT || oldest === remembered) return;
      this.#documents.delete(key);
      this.#size -= oldest.size;
    }
  }
}
