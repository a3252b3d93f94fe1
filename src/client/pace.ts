/** Bytes a second that the body of a file makes at the least. */
const slowest = 1024;

/** So small that a slow connection is not taken for silence between two of them. */
const slice = 16 * 1024;

/**
 * Ends a request that takes too long: as a whole, and while the body of a file is on its way, when less than the slowest rate comes
 * through for as long. A file may so take its time, and a server that drips bytes may not.
 */
export class Pace {
  /** Set when the time was up. */
  expired: Error | undefined;
  private readonly controller = new AbortController();
  private readonly follow: () => void;
  private timer: NodeJS.Timeout | undefined;
  /** What came through since the last look; nothing while the whole counts. */
  private bytes: number | undefined;

  /**
   * @param milliseconds that the whole may take
   * @param outer ends the request, too
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

  /** Ends the request. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The body of a file, which may take longer; what follows it counts as a whole again. */
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
    this.timer = setTimeout(() => this.look(), this.milliseconds);
  }

  private look(): void {
    const seconds = this.milliseconds / 1000;
    if (this.bytes !== undefined && this.bytes >= slowest * seconds) return this.arm(0);
    const what = this.bytes ? `only ${this.bytes} bytes of the file went through in ${seconds} s` : `no answer within ${seconds} s`;
    this.expired = Object.assign(new Error(what), { code: 'ETOOSLOW' });
    this.controller.abort(this.expired);
  }
}
