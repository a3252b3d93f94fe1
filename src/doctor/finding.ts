/** How a check ended. `skipped` is one that had nothing to look at, or could not be made because of another finding. */
export type Status = 'ok' | 'warning' | 'error' | 'skipped';

/** What one check found. */
export interface Finding {
  /** What was checked, e.g. `node`, `tls`; a server's checks start with its provider, e.g. `bkrepo/login`. */
  readonly check: string;
  readonly status: Status;
  /** One sentence without secrets. */
  readonly message: string;
  /** What to do about it. @default nothing */
  readonly fix?: string;
  /** The resource types that it is about. @default none in particular */
  readonly types?: readonly string[];
}

/** Looks at one thing. */
export interface Check {
  readonly name: string;
  /** Called with a signal that is aborted when its time is over. What it throws becomes an error. */
  run(signal: AbortSignal): Promise<readonly Finding[]> | readonly Finding[];
}

/** Runs a check, in a bounded time whatever it does. */
export async function examine({ name, run }: Check, milliseconds: number): Promise<readonly Finding[]> {
  const signal = AbortSignal.timeout(milliseconds);
  const late = new Promise<readonly Finding[]>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve([
        {
          check: name,
          status: 'error',
          message: `no result within ${milliseconds / 1000} s`,
          fix: 'Check what it waits for, or allow more time with --timeout.',
        },
      ]);
    });
  });
  try {
    return await Promise.race([Promise.resolve(run(signal)), late]);
  } catch (thrown) {
    return [{ check: name, status: 'error', message: thrown instanceof Error ? thrown.message : String(thrown) }];
  }
}
