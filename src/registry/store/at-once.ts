/** How many: a bucket takes its time for each of them, and clients need connections to the database, too. */
const AT_ONCE = 4;

/** Takes a step for each item, a few at once. Where a step fails, those under way end first; then it throws the reason. */
export async function eachAtOnce<T>(items: Iterable<T>, step: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  let isFailed = false;
  const work = async () => {
    for (let next = rest.next(); !isFailed && !next.done; next = rest.next()) {
      await step(next.value).catch((cause: unknown) => {
        isFailed = true;
        throw cause;
      });
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
}
