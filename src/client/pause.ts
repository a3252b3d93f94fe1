/** Waits so many milliseconds, or until the signal is aborted. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return change(undefined, milliseconds, signal);
}

/** Waits until something changes, but at most so many milliseconds and until the signal is aborted. */
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
