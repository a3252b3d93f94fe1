import { setTimeout as sleep } from 'node:timers/promises';
import { type KsContext } from './context';

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
const STOP_MS = 2000;
const LONGEST_TIMER = 2 ** 31 - 1;

/** Has one object reconciled at a time, as the queue of a controller does. */
export class WorkQueue {
  readonly #timers = new Map<string, { readonly at: number; readonly timer: NodeJS.Timeout }>();
  readonly #busy = new Map<string, boolean>();
  readonly #failures = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();
  #isStopped = false;

  constructor(private readonly options: QueueOptions) {}

  /** Has an object looked at, because it has changed. */
  add(name: string): void {
    this.#schedule(name, this.options.reactionMs);
  }

  /** Ends all work; that which is under way gets a moment, so that it leaves nothing half done or held. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    if (this.#running.size > 0) await Promise.race([Promise.all(this.#running), sleep(STOP_MS, undefined, { ref: false })]);
  }

  /** The earlier of two times counts. */
  #schedule(name: string, ms: number): void {
    const at = Date.now() + ms;
    const known = this.#timers.get(name);
    if (this.#isStopped || (known && known.at <= at)) return;
    clearTimeout(known?.timer);
    const timer = setTimeout(() => this.#start(name), Math.min(ms, LONGEST_TIMER)).unref();
    this.#timers.set(name, { at, timer });
  }

  #start(name: string): void {
    const running = this.#run(name).finally(() => this.#running.delete(running));
    this.#running.add(running);
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

/** Reconciles an object while no other process does; if one does, this one looks again a second later. */
export async function alone({ store, cluster }: KsContext, name: string, reconcile: () => Promise<Outcome>): Promise<Outcome> {
  const lease = await store.leases.take(`kubesphere ${name}`, 0);
  if (!lease.isHeld) return { after: 1 };
  try {
    await cluster.refresh();
    return await reconcile();
  } finally {
    await lease.release();
  }
}
