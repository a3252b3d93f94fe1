import { RegistryError } from '../../client/error';

const waits = [100, 200, 400, 800, 1600];

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
