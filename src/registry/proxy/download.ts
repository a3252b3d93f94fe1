import { EventEmitter, once } from 'node:events';
import { type Blob, type BlobWriter, type ByteRange } from '../store/blobs';
import { type Remote } from '../store/repositories';
import { type UpstreamAnswer } from './upstream';
import { UpstreamError } from './upstream-error';

const CHUNK = 64 * 1024;

/** What happens to a received body before clients can rely on it. */
export interface Arrival {
  /** The remote whose upstream sends it. */
  readonly remote: Pick<Remote, 'name'>;
  /** Throws if the body is not what it should be. */
  check(writer: BlobWriter): Promise<void>;
  /** Called once the blob is stored. */
  record(blob: Blob): Promise<void>;
  /** Reads the stored blob. */
  stored(blob: Blob, range: ByteRange): Promise<AsyncIterable<Buffer>>;
}

/** One body on its way from an upstream into the store, which any number of readers may follow while it grows. */
export class Download {
  /** Settles when the blob is stored and recorded, or turned out to be wrong. */
  readonly done: Promise<Blob>;
  readonly #grown = new EventEmitter().setMaxListeners(0);
  #users = 1;
  #over = false;
  #first: Buffer | undefined;
  #failure: Error | undefined;

  /** Starts; `tag` is the strong validator sent to clients. */
  constructor(
    readonly answer: UpstreamAnswer & { readonly tag: string },
    private readonly writer: BlobWriter,
    private readonly arrival: Arrival,
  ) {
    this.done = this.#run();
    // Readers learn of the end once it can be seen by all: who asks again then is not given the same failure.
    this.done.then(
      () => this.#end(undefined),
      (cause: unknown) => this.#end(cause as Error),
    );
  }

  /** Whether it has already failed. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** The first chunk of the body; empty for an empty body. */
  async start(): Promise<Buffer> {
    if (!this.#first && !this.#over) await once(this.#grown, 'grown');
    return this.#first ?? Buffer.alloc(0);
  }

  /** Waits until more than so many bytes have arrived, or it is over; throws if it has failed. */
  async beyond(bytes: number): Promise<void> {
    while (!this.#over && this.writer.size <= bytes) await once(this.#grown, 'grown');
    if (this.#failure) throw this.#failure;
  }

  /**
   * The body, or a range of it; throws where the download breaks off. The last byte is held back until the blob is stored: a client that
   * has read everything can rely on the cache, and a wrong body is never read to its end.
   */
  async *read({ start = 0, end = Infinity }: Partial<ByteRange> = {}): AsyncGenerator<Buffer, void> {
    if (this.#failure) throw this.#failure;
    // A reader that comes after all others are done finds the blob in the store.
    if (this.#users === 0) return yield* await this.arrival.stored(await this.done, { start, end });
    this.#users++;
    try {
      for (let position = start; position <= end;) {
        const ready = Math.min(this.writer.size - (this.#over && !this.#failure ? 0 : 1), end + 1);
        if (position < ready) {
          const chunk = await this.writer.readAt(position, Math.min(CHUNK, ready - position));
          position += chunk.length;
          yield chunk;
        } else if (this.#failure) {
          throw this.#failure;
        } else if (this.#over) {
          return;
        } else {
          await once(this.#grown, 'grown');
        }
      }
    } finally {
      await this.#release();
    }
  }

  async #run(): Promise<Blob> {
    try {
      await this.#receive();
      await this.arrival.check(this.writer);
      const blob = await this.writer.commit();
      await this.arrival.record(blob);
      return blob;
    } catch (cause) {
      this.answer.body.destroy();
      await this.writer.abort();
      throw cause;
    } finally {
      await this.#release();
    }
  }

  #end(failure: Error | undefined): void {
    this.#failure = failure;
    this.#over = true;
    this.#grown.emit('grown');
  }

  async #receive(): Promise<void> {
    for await (const chunk of this.#body()) {
      this.#first ??= chunk;
      await this.writer.write(chunk);
      this.#grown.emit('grown');
    }
    const { length } = this.answer;
    if (length !== undefined && length !== this.writer.size)
      throw this.#brokeOff(new Error(`announced ${length} bytes, sent ${this.writer.size}`));
  }

  /** The chunks that the upstream sends. Only failures in here are the upstream's fault; all others are the store's. */
  async *#body(): AsyncGenerator<Buffer, void> {
    try {
      for await (const chunk of this.answer.body) yield chunk as Buffer;
    } catch (cause) {
      throw this.#brokeOff(cause);
    }
  }

  #brokeOff(cause: unknown): UpstreamError {
    return new UpstreamError(this.arrival.remote, 'broke off', { cause });
  }

  async #release(): Promise<void> {
    if (--this.#users === 0) await this.writer.close();
  }
}
