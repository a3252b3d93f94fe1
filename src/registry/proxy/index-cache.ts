import { type Document } from '../formats/format';

const KEPT = 32;

/** Remembers the indexes that were made last, by what they were made of; simultaneous requests share the making. */
export class IndexCache {
  readonly #documents = new Map<string, Promise<Document>>();

  /** The document made from these inputs, made now if need be; a failure is not remembered. */
  get(inputs: readonly unknown[], make: () => Document | Promise<Document>): Promise<Document> {
    const key = JSON.stringify(inputs);
    const known = this.#documents.get(key);
    const document = known ?? Promise.resolve().then(make);
    if (!known) document.catch(() => this.#documents.delete(key));
    this.#documents.delete(key);
    this.#documents.set(key, document);
    const oldest = this.#documents.keys().next().value;
    if (this.#documents.size > KEPT && oldest !== undefined) this.#documents.delete(oldest);
    return document;
  }
}
