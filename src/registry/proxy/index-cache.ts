import { type Document } from '../formats/format';

const KEPT = 32;

/** Remembers the indexes that were made last, by what they were made of. */
export class IndexCache {
  readonly #documents = new Map<string, Document>();

  /** The document made from these inputs, made now if need be. */
  get(inputs: readonly unknown[], make: () => Document): Document {
    const key = JSON.stringify(inputs);
    const document = this.#documents.get(key) ?? make();
    this.#documents.delete(key);
    this.#documents.set(key, document);
    const oldest = this.#documents.keys().next().value;
    if (this.#documents.size > KEPT && oldest !== undefined) this.#documents.delete(oldest);
    return document;
  }
}
