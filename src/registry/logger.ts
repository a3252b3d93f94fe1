/** Where the registry tells what it does; every method takes a sentence and facts. */
export interface Logger {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** Tells nobody. */
export const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
