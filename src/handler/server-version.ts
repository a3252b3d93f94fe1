/** Whether version `a` is newer than `b`; `v3.7.6`, `3.7` and the like. Parts that are no numbers count as 0. */
export function newerThan(a: string, b: string): boolean {
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < 3; i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

const parts = (version: string): number[] =>
  version
    .replace(/^v/, '')
    .split(/[.+-]/)
    .map((part) => Number(part) || 0);
