/** What a reconciliation asks for: another one after so many of the controller's seconds, or nothing. */
export type Outcome = { readonly after: number } | undefined;

/** How a work queue takes its time. */
export interface QueueOptions {
  /** Milliseconds until a change is noticed. */
  readonly reactionMs: number;
  /** Milliseconds of a second of the controller. */
  readonly secondMs: number;
  /** Makes an object as it should be; a failure is tried again, ever later. */
  readonly reconcile: (name: string) => Promise<Outcome>;
}

const FIRST_RETRY = 0.005;
const LAST_RETRY = 1000;
const LONGEST_TIMER = 2 ** 31 - 1;

/** Has one object reconciled at a time, as the queue of a controller does. */
export class WorkQueue {
  readonly #timers = new Map<string, { readonly at: number; readonly timer: NodeJS.Timeout }>();
  readonly #busy = new Map<string, boolean>();
  readonly #failures = new Map<string, number>();
  #isStopped = false;

  constructor(private readonly options: QueueOptions) {}

  /** Has an object looked at, because it has changed. */
  add(name: string): void {
    this.#schedule(name, this.options.reactionMs);
  }

  /** Ends all work but that which is under way. */
  stop(): void {
    this.#isStopped = true;
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** The earlier of two times counts. */
  #schedule(name: string, ms: number): void {
    const at = Date.now() + ms;
    const known = this.#timers.get(name);
    if (this.#isStopped || (known && known.at <= at)) return;
    clearTimeout(known?.timer);
    const timer = setTimeout(() => void this.#run(name), Math.min(ms, LONGEST_TIMER)).unref();
    this.#timers.set(name, { at, timer });
  }

  async #run(name: string): Promise<void> {
    this.#timers.delete(name);
    // A change during the work is looked at after it.
    if (this.#busy.has(name)) return void this.#busy.set(name, true);
    this.#busy.set(name, false);
    try {
      const outcome = await this.options.reconcile(name);
      this.#failures.delete(name);
      if (outcome) this.#schedule(name, outcome.after * this.options.secondMs);
    } catch {
      const failures = this.#failures.get(name) ?? 0;
      this.#failures.set(name, failures + 1);
      this.#schedule(name, Math.min(FIRST_RETRY * 2 ** failures, LAST_RETRY) * this.options.secondMs);
    }
    const isChanged = this.#busy.get(name);
    this.#busy.delete(name);
    if (isChanged) this.add(name);
  }
}
