import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 100;
/** The part of its time for which a process may work while it counts as waiting. */
const LITTLE = 0.5;

/**
 * Tasks of tests that mostly wait for timeouts. While a test waits for its own, those after it start, each as soon as the process does little
 * besides waiting: all at once would keep it so busy that sound requests exceed their timeouts.
 */
export class Ahead<T> {
  readonly #results = new Map<number, Promise<T>>();
  #starting: Promise<void> | undefined;
  #isStopped = false;

  constructor(private readonly tasks: readonly (() => Promise<T>)[]) {}

  /** The result of a task, which is started now if it has not been. */
  result(index: number): Promise<T> {
    const result = this.#start(index);
    this.#starting ??= this.#startFrom(index + 1);
    return result;
  }

  /** Starts no more; resolves when those that run have ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#starting;
    await Promise.allSettled(this.#results.values());
  }

  #start(index: number): Promise<T> {
    const result = this.#results.get(index) ?? (this.tasks[index] as () => Promise<T>)();
    // Its test gets to know when it asks.
    result.catch(() => undefined);
    this.#results.set(index, result);
    return result;
  }

  async #startFrom(first: number): Promise<void> {
    for (let index = first; index < this.tasks.length; index++) {
      await untilWaiting();
      if (this.#isStopped) return;
      void this.#start(index);
    }
  }
}

async function untilWaiting(): Promise<void> {
  for (;;) {
    const before = performance.eventLoopUtilization();
    await sleep(LOOK_MS);
    if (performance.eventLoopUtilization(before).utilization < LITTLE) return;
  }
}
