/**
 * The results of a step for each item, in their order. Steps run ahead of the one that is waited for: none at first, more the longer the
 * results are taken, so that who needs only a few results does not cause many steps. A step must not throw.
 */
export async function* ahead<T, R>(items: Iterable<T>, atOnce: number, step: (item: T) => Promise<R>): AsyncGenerator<R, void> {
  const running: Promise<R>[] = [];
  let taken = 0;
  for (const item of items) {
    running.push(step(item));
    if (running.length < Math.min(atOnce, taken + 1)) continue;
    yield (await running.shift()) as R;
    taken += 1;
  }
  for (const result of running) yield await result;
}
