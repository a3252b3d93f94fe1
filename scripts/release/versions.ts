import { diff, gt, inc, major, prerelease, valid } from 'semver';

/** What a release changes for those who use the package. */
export interface Change {
  /** The last release. */
  readonly from: string;
  readonly to: string;
  /** The lines that `api/report.md` has lost since then: names that were removed, and declarations that changed. */
  readonly lost: readonly string[];
}

/** What is wrong with the version of a release, or nothing. Before 1.0.0, a minor version may break what was there; from then on, a major one. */
export function problemOf({ from, to, lost }: Change): string | undefined {
  if (valid(to) !== to) return `"${to}" is no version; expected one like "${inc(from, 'minor')}" (https://semver.org)`;
  if (!gt(to, from)) return `${to} is not newer than ${from}, the last release`;
  const breaking = major(from) === 0 ? 'minor' : 'major';
  const steps = { major: 2, minor: 1, patch: 0 };
  const step = (diff(from, to) ?? 'patch').replace('pre', '') as keyof typeof steps | 'release';
  if (lost.length === 0 || prerelease(from) !== null || (step !== 'release' && steps[step] >= steps[breaking])) return undefined;
  return [
    `${to} is a ${step} release, but api/report.md has lost lines since ${from}; release ${inc(from, breaking)} or restore them:`,
    ...lost.slice(0, 10).map((line) => `  ${line.trim()}`),
    ...(lost.length > 10 ? [`  ... and ${lost.length - 10} more`] : []),
  ].join('\n');
}

/** The lines of one text that another does not have. */
export function lostLines(before: string, after: string): string[] {
  const kept = new Set(after.split('\n'));
  return before.split('\n').filter((line) => line.trim() !== '' && !kept.has(line));
}
