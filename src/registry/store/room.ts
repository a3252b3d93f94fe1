import { type Blob, type BlobWriter } from './blobs';
import { StoreFull } from './full';
import { type MetadataStore } from './metadata';
import { lackText, sizeText } from './quotas';
import { blobBytes } from './statistics';

/** How long a measurement is used. What other processes store meanwhile is not known. */
const FRESH_MS = 30_000;
/** Which part of the limit is made free beyond what is lacking, so that not every piece of an upload has to wait. */
const SPARE = 0.05;

/** How much room a limit leaves in the store as a whole. What this process stores is counted exactly, also before it is in the tables. */
export class Room {
  /** Removes so many bytes of what can be fetched again, as far as there is any. @default - nothing can be */
  makeRoom?: (bytes: number) => Promise<unknown>;
  /** How many bytes that may free at most. @default - none */
  removable?: () => Promise<number>;
  /** The bytes in the tables, but for those of blobs that are being committed. */
  #stored = 0;
  /** The bytes that have arrived and are not in the tables, or are about to be. */
  #arrived = 0;
  /** The bytes that were committed since the measurement under way began. */
  #since = 0;
  readonly #committing = new Map<object, string>();
  #measured = -Infinity;
  #measuring: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(
    private readonly metadata: MetadataStore,
    private readonly limit: number,
  ) {}

  /** A writer whose blob takes room; where it is limited, it refuses bytes as soon as there is none for them. */
  counted(writer: BlobWriter, { isLimited }: { readonly isLimited: boolean }): BlobWriter {
    const arrival = { size: 0 };
    return {
      get size() {
        return writer.size;
      },
      hash: () => writer.hash(),
      readAt: (position, length) => writer.readAt(position, length),
      abort: () => writer.abort(),
      write: async (chunk) => {
        if (isLimited) await this.#take(arrival, chunk.length);
        await writer.write(chunk);
      },
      commit: (demanded) => this.#commit(arrival, writer, demanded),
      close: async () => {
        this.#count(arrival, 0);
        await writer.close();
      },
    };
  }

  /** Refuses an upload of so many bytes that cannot be stored, whatever is removed for it. */
  async expect(bytes: number): Promise<void> {
    const lacking = await this.#lackingNow(bytes);
    if (lacking > 0 && lacking > ((await this.removable?.()) ?? 0)) throw this.#full(this.#stored + this.#arrived, sizeText(bytes));
  }

  async #take(arrival: Arrival, bytes: number): Promise<void> {
    const lacking = await this.#lackingNow(bytes);
    // Cached objects make room.
    if (lacking > 0 && this.makeRoom) {
      await this.makeRoom(lacking + this.limit * SPARE);
      await this.#measure();
    }
    const size = arrival.size + bytes;
    if (this.#lacking(bytes) > 0) throw this.#full(this.#stored + this.#arrived - arrival.size, `at least ${sizeText(size)}`);
    this.#count(arrival, size);
  }

  #full(used: number, needs: string): StoreFull {
    return new StoreFull(`the registry is full: it may store ${lackText({ limit: this.limit, used, needs })}; delete what is not needed`);
  }

  async #lackingNow(bytes: number): Promise<number> {
    const isOld = performance.now() - this.#measured > FRESH_MS;
    // What was removed since makes room.
    if (isOld || this.#lacking(bytes) > 0) await this.#measure();
    return this.#lacking(bytes);
  }

  #lacking(bytes: number): number {
    return this.#stored + this.#arrived + bytes - this.limit;
  }

  #count(arrival: Arrival, size: number): void {
    this.#arrived += size - arrival.size;
    arrival.size = size;
  }

  /** The blob comes into the tables at some time in here; a measurement must know whether it is among what it adds up. */
  async #commit(arrival: Arrival, writer: BlobWriter, demanded?: string): Promise<Blob> {
    while (this.#measuring) await this.#measuring.catch(() => undefined);
    this.#committing.set(arrival, writer.hash());
    this.#count(arrival, writer.size);
    try {
      const blob = await writer.commit(demanded);
      this.#stored += blob.size;
      this.#since += blob.size;
      return blob;
    } finally {
      this.#committing.delete(arrival);
      this.#count(arrival, 0);
    }
  }

  /** Measures from now on: a measurement under way may not know what was just removed. */
  #measure(): Promise<void> {
    return (this.#next ??= (this.#measuring ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return (this.#measuring = this.#addUp().finally(() => (this.#measuring = undefined)));
      }));
  }

  async #addUp(): Promise<void> {
    const now = performance.now();
    this.#since = 0;
    const bytes = await blobBytes(this.metadata, [...this.#committing.values()]);
    this.#stored = bytes + this.#since;
    this.#measured = now;
  }
}

/** What arrives: how many of its bytes are counted. */
interface Arrival {
  size: number;
}
