/** Minimum rate of a file transfer, in bytes per second. */
const slowest = 1024;

/** Timers with more milliseconds end at once. */
const longestTimer = 2 ** 31 - 1;

/** Small enough that a slow connection does not appear idle between two chunks. */
const slice = 16 * 1024;

/**
 * Aborts a request that takes too long: as a whole, or, during a file transfer, when less than the minimum rate comes
 * through for that long. So large files may take long, but a server that drips bytes is cut off.
 */
export class Pace {
  /** Set when the time ran out. */
  expired: Error | undefined;
  private readonly controller = new AbortController();
  private readonly follow: () => void;
  private timer: NodeJS.Timeout | undefined;
  /** Bytes transferred since the last check; nothing outside a file transfer. */
  private bytes: number | undefined;

  /**
   * @param milliseconds for the whole request
   * @param outer also aborts the request
   */
  constructor(
    private readonly milliseconds: number,
    private readonly outer: AbortSignal,
  ) {
    this.follow = () => this.controller.abort(outer.reason);
    outer.addEventListener('abort', this.follow);
    if (outer.aborted) this.follow();
    this.arm(undefined);
  }

  /** Aborts the request. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The body of a file, which may take longer; afterwards the total timeout applies again. */
  async *file(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    this.arm(0);
    for await (const chunk of chunks)
      for (let start = 0; start < chunk.length; start += slice) {
        const piece = chunk.subarray(start, start + slice);
        yield piece;
        this.bytes = (this.bytes ?? 0) + piece.length;
      }
    this.arm(undefined);
  }

  /** The request has ended. */
  end(): void {
    clearTimeout(this.timer);
    this.outer.removeEventListener('abort', this.follow);
  }

  private arm(bytes: number | undefined): void {
    this.bytes = bytes;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), Math.min(this.milliseconds, longestTimer));
  }

  private look(): void {
    const seconds = this.milliseconds / 1000;
    if (this.bytes !== undefined && this.bytes >= slowest * seconds) return this.arm(0);
    const what = this.bytes ? `only ${this.bytes} bytes of the file went through in ${seconds} s` : `no answer within ${seconds} s`;
    this.expired = Object.assign(new Error(what), { code: 'ETOOSLOW' });
    this.controller.abort(this.expired);
  }
}
