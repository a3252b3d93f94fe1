import { close, read } from 'node:fs';
import { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';

const readFile = promisify(read);
const closeFile = promisify(close);
/** How many bytes are read at once: with 64 KB a large file costs twice the CPU time; more would not stay in the processor's cache. */
const READ_SIZE = 256 << 10;
/** How many pieces a pipe has: one that is being read, and those that are on their way. */
const PIECES = 3;

/** What is to be read of a file. */
export interface Span {
  readonly start: number;
  /** The last byte, which has to be there. @default - whatever is the last one */
  readonly end?: number;
}

/**
 * Reads a part of an open file, and closes it. Piped into an HTTP response it reads into the same few buffers again and again: new ones for
 * every piece cost more time than reading them, and more memory.
 */
export class FileStream extends Readable {
  #position: number;
  readonly #end: number;
  #reading: Promise<unknown> = Promise.resolve();
  #wake: () => void = () => undefined;

  constructor(
    private readonly file: number,
    { start, end = Infinity }: Span,
  ) {
    super({ highWaterMark: READ_SIZE });
    this.#position = start;
    this.#end = end;
  }

  override _read(): void {
    this.#fill(Buffer.allocUnsafeSlow(this.#next())).then(
      (piece) => this.push(piece.length > 0 ? piece : null),
      (cause: unknown) => this.destroy(cause as Error),
    );
  }

  override _destroy(cause: Error | null, done: (cause?: Error | null) => void): void {
    this.#wake();
    // The number of a file that is closed while it is read may be another file's by then.
    const shut = () => closeFile(this.file);
    void this.#reading.then(shut, shut).then(
      () => done(cause),
      (failure: unknown) => done(cause ?? (failure as Error)),
    );
  }

  override pipe<T extends NodeJS.WritableStream>(destination: T, options: { end?: boolean } = {}): T {
    // Other streams may hold on to what they were given after they have called it written.
    if (!(destination instanceof ServerResponse)) return super.pipe(destination, options);
    const { end = true } = options;
    this.#pour(destination).then(
      () => {
        if (this.destroyed) return;
        if (end) destination.end();
        // Tells those who listen that all was read.
        this.push(null);
        this.resume();
      },
      (cause: unknown) => this.destroy(cause as Error),
    );
    return destination;
  }

  async #pour(destination: NodeJS.WritableStream): Promise<void> {
    const free = Array.from({ length: PIECES }, () => Buffer.allocUnsafeSlow(this.#next()));
    while (!this.destroyed) {
      const buffer = free.pop();
      if (!buffer) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      const piece = await this.#fill(buffer);
      if (piece.length === 0) return;
      destination.write(piece, () => {
        free.push(buffer);
        this.#wake();
      });
    }
  }

  /** How long the next piece may be. */
  #next(): number {
    return Math.max(0, Math.min(READ_SIZE, this.#end + 1 - this.#position));
  }

  /** Reads the next piece into a buffer; nothing is left when it is empty. */
  async #fill(buffer: Buffer): Promise<Buffer> {
    const length = Math.min(buffer.length, this.#next());
    if (length === 0) return buffer.subarray(0, 0);
    const reading = readFile(this.file, buffer, 0, length, this.#position);
    this.#reading = reading;
    const { bytesRead } = await reading;
    if (bytesRead === 0 && this.#end < Infinity) throw new Error(`the file ends at ${this.#position} bytes, before byte ${this.#end}`);
    this.#position += bytesRead;
    return buffer.subarray(0, bytesRead);
  }
}
