import { RegistryError } from '../../client/error';
import type { Json, JsonObject } from '../../schema/json';
import { textOf } from './calls';

const waits = [100, 200, 400, 800, 1600];

/** A create that other calls complete, and how what it makes is looked at. */
export interface FirstStep {
  send(): Promise<Json | undefined>;
  look(): Promise<JsonObject | undefined>;
  /** Texts that what it makes has. */
  readonly sent: JsonObject;
}

/** Sends a create; when its answer is lost, what is there is taken for ours when it has the texts that were sent. */
export async function createOnce({ send, look, sent }: FirstStep): Promise<Json | undefined> {
  try {
    return await send();
  } catch (thrown) {
    if (!(thrown instanceof RegistryError) || !thrown.mayBeDone) throw thrown;
    const found = await look();
    if (!found || Object.keys(sent).some((field) => textOf(found, field) !== textOf(sent, field))) throw thrown;
    return undefined;
  }
}

/** What the caller may not see as nothing; every other failure stays one. */
export function forbiddenIsNothing(thrown: unknown): undefined {
  if (thrown instanceof RegistryError && thrown.code === 'forbidden') return undefined;
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
