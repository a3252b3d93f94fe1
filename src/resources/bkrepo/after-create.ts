import { type ApiClient, ApiError, type Json, type JsonObject, textOf, until } from '../../schema/define';

/** A create that further calls complete, and how to read its result. */
export interface FirstStep {
  send(): Promise<Json | undefined>;
  look(): Promise<JsonObject | undefined>;
  /** Texts that what it makes has. */
  readonly sent: Readonly<Record<string, string>>;
}

/** Sends a create; if the response is lost, an existing object counts as ours if it has the strings that were sent. */
export async function createOnce({ send, look, sent }: FirstStep): Promise<Json | undefined> {
  try {
    return await send();
  } catch (thrown) {
    if (!(thrown instanceof ApiError) || !thrown.outcomeUnknown) throw thrown;
    const found = await look();
    if (!found || Object.entries(sent).some(([field, text]) => (textOf(found[field]) ?? '') !== text)) throw thrown;
    return undefined;
  }
}

/** Converts "forbidden" to nothing; all other failures are passed on. */
export function forbiddenIsNothing(thrown: unknown): undefined {
  if (thrown instanceof ApiError && thrown.code === 'forbidden') return undefined;
  throw thrown;
}

/** An object that was just created. */
export interface Fresh<T> {
  /** How the log and messages name it, e.g. `repository "a/b"`. */
  readonly name: string;
  read(): Promise<T | undefined>;
}

/**
 * Reads an object that was just created. The server grants its creator access a moment later, and briefly caches that it does
 * not exist, so "forbidden" and "not found" are retried for about three seconds.
 */
export function afterCreate<T>(client: ApiClient, { name, read }: Fresh<T>): Promise<T> {
  const notYet = (thrown: unknown): boolean => thrown instanceof ApiError && thrown.code === 'forbidden';
  return until(client, { what: `the new ${name} to be readable`, read, notYet, within: 3100, pauses: [100, 200, 400, 800, 1600] });
}

/** Categories of repositories that take files. */
const filled: ReadonlySet<unknown> = new Set(['LOCAL', 'COMPOSITE']);

/** A write to the files of a repository. */
export interface FileWrite<T> {
  /** The repository, e.g. `a/b`. */
  readonly repository: string;
  write(): Promise<T>;
  /** Reads the repository, which is always told as it is. */
  look(): Promise<JsonObject | undefined>;
}

/**
 * Writes to the files of a repository. For up to a minute the server takes a repository that replaced another one for that one,
 * and refuses files where that had none.
 */
export async function onceForgotten<T>(client: ApiClient, { repository, write, look }: FileWrite<T>): Promise<T> {
  const notYet = (thrown: unknown): boolean => thrown instanceof ApiError && thrown.apiCode === notAllowed;
  const written = await until(client, {
    what: `the repository "${repository}" to accept files, which the server rejects for about a minute after it replaced one of another category`,
    read: async () => ({ answer: await write().catch((thrown: unknown) => refusedForGood(thrown, look)) }),
    notYet,
    // A little more than the server remembers.
    within: 65_000,
    pauses: [1000, 2000, 4000, 8000, 10_000],
  });
  return written.answer;
}

/** What the server answers to an upload into a repository without files of its own. */
const notAllowed = 250112;

/** Throws what was thrown; told as what it is where it stays so, since the repository takes no files at all. */
async function refusedForGood(thrown: unknown, look: () => Promise<JsonObject | undefined>): Promise<never> {
  if (!(thrown instanceof ApiError) || thrown.apiCode !== notAllowed) throw thrown;
  const category = textOf((await look())?.category);
  if (category !== undefined && filled.has(category)) throw thrown;
  const { code, method, url, status } = thrown;
  const reason = category === undefined ? '' : ` (a repository of the category ${category} accepts no files)`;
  throw new ApiError(thrown.message + reason, { code, method, url, ...(status !== undefined && { status }), cause: thrown });
}
