/**
 * Whether a version of KubeSphere is older than another. `3` and `4.1` stand for the newest versions that begin so; what is no number
 * counts as 0.
 */
export function isBefore(version: string, limit: string): boolean {
  const [left, right] = [numbersOf(version), numbersOf(limit)];
  for (let i = 0; i < 3; i += 1) {
    const difference = (left[i] ?? Infinity) - (right[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

const numbersOf = (version: string): number[] =>
  version
    .replace(/^v/, '')
    .replace(/[+-].*$/, '')
    .split('.')
    .map((part) => Number(part) || 0);

/** What only some versions of KubeSphere can do. */
export interface Span {
  /** The first version that can. @default the oldest */
  readonly since?: string;
  /** The first version that no longer can. @default none */
  readonly removedIn?: string;
}

/** Which versions can do something that a version cannot, e.g. `which requires KubeSphere 4.1.2 or later`; nothing if it can. */
export function versionsThatCan({ since, removedIn }: Span, version: string): string | undefined {
  if (since !== undefined && isBefore(version, since)) return `which requires KubeSphere ${since} or later`;
  if (removedIn !== undefined && !isBefore(version, removedIn)) return `which only KubeSphere before ${removedIn} can do`;
  return undefined;
}

/** The versions in which repositories are objects with a name of their own, and not listed entries with a generated id. */
export const hasNamedObjects = (version: string): boolean => !isBefore(version, '4.0');
