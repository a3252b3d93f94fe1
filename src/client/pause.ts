/** Waits for a number of milliseconds, or until the signal is aborted. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return change(undefined, milliseconds, signal);
}

/** Waits for a change, at most a number of milliseconds or until the signal is aborted. */
export function change(changes: EventTarget | undefined, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      changes?.removeEventListener('change', done);
      resolve();
    };
    const timer = Number.isFinite(milliseconds) ? setTimeout(done, Math.ceil(milliseconds)) : undefined;
    signal.addEventListener('abort', done);
    changes?.addEventListener('change', done);
  });
}

/** The result of `work`, or a rejection with the signal's reason if that comes first. */
export async function untilAborted<T>(work: () => Promise<T> | T, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work();
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
  });
  return Promise.race([aborted, work()]).finally(() => signal.removeEventListener('abort', abort));
}
