import { EventEmitter, once } from 'node:events';
import { type Blob, type BlobWriter, type ByteRange } from '../store/blobs';
import { type Remote } from '../store/repositories';
import { type UpstreamAnswer } from './upstream';
import { UpstreamError } from './upstream-error';

const CHUNK = 64 * 1024;

/** What is done with a body that has arrived, before anyone can count on it. */
export interface Arrival {
  /** The remote whose upstream sends it. */
  readonly remote: Pick<Remote, 'name'>;
  /** Throws when the body is not what it should be. */
  check(writer: BlobWriter): Promise<void>;
  /** Called once the blob is stored. */
  record(blob: Blob): Promise<void>;
  /** Reads the stored blob. */
  stored(blob: Blob, range: ByteRange): AsyncIterable<Buffer>;
}

/** One body on its way from an upstream into the store, which any number of readers may follow while it grows. */
export class Download {
  /** Settles when the blob is stored and noted, or is known to be wrong. */
  readonly done: Promise<Blob>;
  readonly #grown = new EventEmitter().setMaxListeners(0);
  #users = 1;
  #over = false;
  #first: Buffer | undefined;
  #failure: Error | undefined;

  /** Begins; `tag` is the strong validator that clients are told. */
  constructor(
    readonly answer: UpstreamAnswer & { readonly tag: string },
    private readonly writer: BlobWriter,
    private readonly arrival: Arrival,
  ) {
    this.done = this.#run();
    this.done.catch(() => undefined);
  }

  /** Whether it is known to be wrong already. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** What came first of the body; nothing of an empty one. */
  async start(): Promise<Buffer> {
    if (!this.#first && !this.#over) await once(this.#grown, 'grown');
    return this.#first ?? Buffer.alloc(0);
  }

  /**
   * The body, or a part of it; throws where the download breaks. The last byte is held back until the blob is stored: who has read it all
   * can count on the cache, and a wrong body is never read as a whole one.
   */
  async *read({ start = 0, end = Infinity }: Partial<ByteRange> = {}): AsyncGenerator<Buffer, void> {
    if (this.#failure) throw this.#failure;
    // Who comes when all others are done finds the blob in the store.
    if (this.#users === 0) return yield* this.arrival.stored(await this.done, { start, end });
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
      this.#failure = cause as Error;
      this.answer.body.destroy();
      await this.writer.abort();
      throw cause;
    } finally {
      this.#over = true;
      this.#grown.emit('grown');
      await this.#release();
    }
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

  /** What the upstream sends. Only what fails in here is the upstream's fault: the rest is the store's. */
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
