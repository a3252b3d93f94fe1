/** How easily circuits open, and for how long. */
export interface CircuitOptions {
  /** The number of failures in a row that opens a circuit; 0 is never. @default 5 */
  readonly failures: number;
  /** Seconds until the first request after that is let through; doubles up to 16 times as many while requests fail. @default 15 */
  readonly pause: number;
}

/** The defaults. */
export const CIRCUIT: CircuitOptions = { failures: 5, pause: 15 };

/** What a circuit does with requests: lets them through, refuses them, or lets one through to see. */
export type CircuitState = 'closed' | 'open' | 'half-open';

/** Of this many requests within the window, half have to fail for a circuit to open without as many failures in a row. */
const [SAMPLE, WINDOW_MS, RATE] = [20, 60_000, 0.5];
const LONGEST = 16;

/**
 * A circuit breaker: after failures that look like an outage of the upstream, its requests are refused at once instead of each waiting for its own
 * timeout, until one that is let through now and then succeeds.
 */
export class Circuit {
  #inRow = 0;
  #window = { began: 0, requests: 0, failures: 0 };
  #opened = 0;
  /** When the next request may pass. */
  #until = 0;
  #isProbed = false;
  #reason = '';

  constructor(
    private readonly options: CircuitOptions,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get state(): CircuitState {
    if (this.#opened === 0) return 'closed';
    return this.#isProbed || this.now() >= this.#until ? 'half-open' : 'open';
  }

  /** What happened last while it was closed or half-open. */
  get reason(): string {
    return this.#reason;
  }

  /** Whether a request may be sent; the answer is how many milliseconds to wait if not. Whoever may reports how it ended. */
  enter(): number | undefined {
    if (this.#opened === 0) return undefined;
    const wait = this.#until - this.now();
    if (wait > 0) return wait;
    // The others hear of the probe soon.
    if (this.#isProbed) return 1000;
    this.#isProbed = true;
    return undefined;
  }

  /** The upstream answered. */
  succeeded(): void {
    this.#count(0);
    this.#inRow = 0;
    this.#close();
  }

  /** The upstream failed; it may have said how many milliseconds it wants to be left alone. */
  failed(reason: string, after = 0): void {
    if (this.options.failures === 0) return;
    this.#reason = reason;
    this.#count(1);
    this.#inRow += 1;
    const { requests, failures } = this.#window;
    const isOut = this.#inRow >= this.options.failures || (requests >= SAMPLE && failures >= requests * RATE);
    // What was sent before it opened says nothing new.
    if (this.#opened > 0 ? this.#isProbed : isOut) this.#open(after);
  }

  /** What was sent says nothing of the upstream, such as a request that was refused at a redirect. */
  abandoned(): void {
    this.#isProbed = false;
  }

  #open(after: number): void {
    const longest = this.options.pause * 1000 * LONGEST;
    const pause = Math.min(this.options.pause * 1000 * 2 ** this.#opened, longest);
    this.#opened += 1;
    this.#isProbed = false;
    this.#until = this.now() + Math.max(pause, Math.min(after, longest));
  }

  #close(): void {
    if (this.#opened > 0) this.#window = { began: this.now(), requests: 0, failures: 0 };
    this.#opened = 0;
    this.#isProbed = false;
  }

  #count(failures: number): void {
    if (this.now() - this.#window.began > WINDOW_MS) this.#window = { began: this.now(), requests: 0, failures: 0 };
    this.#window.requests += 1;
    this.#window.failures += failures;
  }
}
