import { EventEmitter, once } from 'node:events';
import { HttpError, reasonOf } from '../errors';
import { type Blob, type BlobWriter } from '../store/blobs';
import { type UpstreamAnswer } from './upstream';

const CHUNK = 64 * 1024;

/** One body on its way from an upstream into the store, which any number of readers may follow while it grows. */
export class Download {
  /** Settles when the blob is stored and noted, or is known to be wrong. */
  readonly done: Promise<Blob>;
  readonly #grown = new EventEmitter().setMaxListeners(0);
  #users = 1;
  #over = false;
  #failure: Error | undefined;

  /** Begins; `note` is called once the blob is stored, before the download counts as done. */
  constructor(
    readonly answer: UpstreamAnswer,
    private readonly writer: BlobWriter,
    note: (blob: Blob) => Promise<void>,
  ) {
    this.done = this.#run(note);
    this.done.catch(() => undefined);
  }

  /**
   * The body from its first byte; throws where the download breaks. The last byte is held back until the blob is stored:
   * who has read it all can count on the cache, and a wrong body is never read as a whole one.
   */
  async *read(): AsyncGenerator<Buffer, void> {
    this.#users++;
    try {
      for (let position = 0; ;) {
        const ready = this.writer.size - (this.#over && !this.#failure ? 0 : 1);
        if (position < ready) {
          const chunk = await this.writer.readAt(position, Math.min(CHUNK, ready - position));
          position += chunk.length;
          yield chunk;
        } else if (this.#failure) {
          throw new HttpError(502, `the upstream broke off: ${reasonOf(this.#failure)}`);
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

  async #run(note: (blob: Blob) => Promise<void>): Promise<Blob> {
    try {
      await this.#receive();
      const blob = await this.writer.commit();
      await note(blob);
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
    for await (const chunk of this.answer.body) {
      await this.writer.write(chunk as Buffer);
      this.#grown.emit('grown');
    }
    const { length } = this.answer;
    if (length !== undefined && length !== this.writer.size) {
      throw new Error(`the upstream announced ${length} bytes and sent ${this.writer.size}`);
    }
  }

  async #release(): Promise<void> {
    if (--this.#users === 0) await this.writer.close();
  }
}
