/** Runs asynchronous steps one after the other. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs a step when all earlier ones are over. */
  run<T>(step: () => Promise<T>): Promise<T> {
    const next = this.#last.then(step, step);
    this.#last = next.catch(() => undefined);
    return next;
  }
}
