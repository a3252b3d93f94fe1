import { type Document } from '../formats/format';
import { Recent } from '../store/recent';

/** How many bytes of indexes are remembered; the one that was made last always is. */
const KEPT = 64 << 20;

/** Remembers the indexes that were asked for last, by what they were made of; simultaneous requests share the making. */
export class IndexCache {
  readonly #documents = new Recent<Promise<Document>>(KEPT);

  /** The document made from these inputs, made now if need be; a failure is not remembered. */
  get(inputs: readonly unknown[], make: () => Document | Promise<Document>): Promise<Document> {
    const key = JSON.stringify(inputs);
    const known = this.#documents.get(key);
    if (known) return known;
    const document = Promise.resolve().then(make);
    this.#documents.set(key, document, 0);
    document.then(
      ({ body }) => this.#documents.set(key, document, body.length),
      () => this.#documents.delete(key),
    );
    return document;
  }
}
