/** A log: every method takes a sentence and fields. */
export interface Logger {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** Discards everything. */
export const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
