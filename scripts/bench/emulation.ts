/** An object of an API. */
export type Fields = Readonly<Record<string, unknown>>;

/** Status and body: a text is sent as it is, all else as JSON. */
export type Reply = readonly [status: number, body?: unknown];

/** One API, kept in memory. */
export interface Emulation {
  /** How many objects there are. */
  readonly size: number;
  /** Forgets all objects. */
  forget(): void;
  /** The name under which a path is counted; nothing for a path that the API does not have. */
  routeOf(path: string): string | undefined;
  /** Answers a path that it has. */
  answer(method: string, path: string, body: Fields): Reply;
}
