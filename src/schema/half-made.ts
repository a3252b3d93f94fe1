/** An object was made, but what was to be done to it afterwards failed: it is kept, so that nothing is orphaned. */
export class HalfMade extends Error {
  /** @param cause what failed */
  constructor(override readonly cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause));
  }
}

/** What follows the call that made an object; its failure says that there is one. */
export async function afterwards<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw thrown instanceof HalfMade ? thrown : new HalfMade(thrown);
  }
}
