import { StoreFull } from './full';
import { type MetadataStore } from './metadata';
import { lackText, sizeText } from './quotas';
import { blobBytes } from './statistics';

/** How long a measurement is used. What other processes store meanwhile is not known. */
const FRESH_MS = 30_000;
/** Which part of the limit is made free beyond what is lacking, so that not every piece of an upload has to wait. */
const SPARE = 0.05;

/** How much room a limit leaves in the store as a whole. */
export class Room {
  /** Removes so many bytes of what can be fetched again, as far as there is any. @default - nothing can be */
  makeRoom?: (bytes: number) => Promise<unknown>;
  #used = 0;
  #measured = -Infinity;

  constructor(
    private readonly metadata: MetadataStore,
    private readonly limit: number,
  ) {}

  /** Content that is uploaded; it is refused as soon as there is no room for it. */
  async *limited(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    if (performance.now() - this.#measured > FRESH_MS) await this.#measure();
    let size = 0;
    for await (const chunk of content) {
      size += chunk.length;
      // What was removed since makes room, and so do cached objects.
      if (this.#used + chunk.length > this.limit) await this.#measure();
      const lacking = this.#used + chunk.length - this.limit;
      if (lacking > 0 && this.makeRoom) {
        await this.makeRoom(lacking + this.limit * SPARE);
        await this.#measure();
      }
      this.#used += chunk.length;
      if (this.#used > this.limit)
        throw new StoreFull(`the registry is full: it may store ${lackText(this.#lack(chunk, size))}; delete what is not needed`);
      yield chunk;
    }
  }

  /** What there is for an upload of which so much has come, with the last piece of it. */
  #lack(last: Uint8Array, size: number) {
    return { limit: this.limit, used: this.#used - last.length, needs: `at least ${sizeText(size)}` };
  }

  async #measure(): Promise<void> {
    this.#measured = performance.now();
    this.#used = await blobBytes(this.metadata);
  }
}
