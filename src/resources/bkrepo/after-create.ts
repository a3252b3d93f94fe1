import { ApiError, type Json, type JsonObject, textOf } from '../../schema/define';

const waits = [100, 200, 400, 800, 1600];

/** A create that other calls complete, and how what it makes is looked at. */
export interface FirstStep {
  send(): Promise<Json | undefined>;
  look(): Promise<JsonObject | undefined>;
  /** Texts that what it makes has. */
  readonly sent: Readonly<Record<string, string>>;
}

/** Sends a create; when its answer is lost, what is there is taken for ours when it has the texts that were sent. */
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

/** What the caller may not see as nothing; every other failure stays one. */
export function forbiddenIsNothing(thrown: unknown): undefined {
  if (thrown instanceof ApiError && thrown.code === 'forbidden') return undefined;
  throw thrown;
}

/**
 * Reads what was just made. The server grants the rights on it to its creator a moment later, and caches for a while that there
 * is none, so "forbidden" and "not there" are asked again for about three seconds.
 */
export async function afterCreate<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  for (const wait of waits) {
    const found = await read().catch(forbiddenIsNothing);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  return read();
}

/** Categories of repositories that take files. */
const filled: ReadonlySet<unknown> = new Set(['LOCAL', 'COMPOSITE']);
/** Seconds between tries; together a little more than the server remembers. */
const pauses = [1, 2, 4, 8, 10, 10, 10, 10, 10];

/**
 * Writes to the files of a repository. For up to a minute the server takes a repository that replaced another one for that one,
 * and refuses files where that had none. `look` reads the repository, which is always told as it is.
 */
export async function onceForgotten<T>(write: () => Promise<T>, look: () => Promise<JsonObject | undefined>): Promise<T> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await write();
    } catch (thrown) {
      if (!(thrown instanceof ApiError) || thrown.apiCode !== notAllowed) throw thrown;
      const category = textOf((await look())?.category);
      const seconds = pauses[tried];
      if (category === undefined) throw thrown;
      if (!filled.has(category)) throw refused(thrown, `a repository of the category ${category} takes no files`);
      if (seconds === undefined) throw refused(thrown, `${forgets}; this lasts longer than it should, so apply again later`);
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    }
  }
}

/** What the server answers to an upload into a repository without files of its own. */
const notAllowed = 250112;
const forgets =
  'the repository takes files, but the server still refuses them as it did for the repository of another category that this one replaced, which it does for about a minute';

function refused(thrown: ApiError, reason: string): ApiError {
  const { code, method, url, status, apiCode } = thrown;
  return new ApiError(`${thrown.message} (${reason})`, {
    code,
    method,
    url,
    ...(status !== undefined && { status }),
    ...(apiCode !== undefined && { apiCode }),
    cause: thrown,
  });
}
