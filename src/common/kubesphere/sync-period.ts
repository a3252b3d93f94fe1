import { durationMilliseconds } from '../duration';

/** The shortest and the longest period in seconds that KubeSphere's form offers. */
export const periodRange = { min: 180, max: 86_400 } as const;

/** The seconds of a period, e.g. `3600`, `"3600"`, `"1h"` or `"1h30m"`; nothing if it is neither a number nor a duration. */
export function periodSeconds(period: string | number): number | undefined {
  const text = String(period).trim();
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  const length = text.replace(/^-/, '');
  const milliseconds = /^(?:0+(?:ms|s|m|h))+$/.test(length) ? 0 : durationMilliseconds(length);
  return milliseconds === undefined ? undefined : (text.startsWith('-') ? -milliseconds : milliseconds) / 1000;
}

/** A period in seconds as a duration, e.g. `1h30m`; `0s` for 0. */
export function periodText(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'm'],
    [seconds % 60, 's'],
  ] as const;
  return parts.flatMap(([amount, unit]) => (amount > 0 ? [`${amount}${unit}`] : [])).join('') || '0s';
}

/** The problem with a sync period; nothing if it has none. Servers take shorter ones and then store another, or sync without end. */
export function periodProblem(period: string | number): string | undefined {
  const seconds = periodSeconds(period);
  const allowed = `allowed are 0 (no periodic sync) and at least ${periodRange.min} s (3m)`;
  if (seconds === undefined)
    return `"${period}" is not a sync period; write seconds ("3600"), or a duration with the units h, m and s ("1h30m"; a day is "24h")`;
  if (!Number.isInteger(seconds)) return `"${period}" is not a whole number of seconds; ${allowed}`;
  if (seconds < 0) return `"${period}" is negative; ${allowed}`;
  return seconds > 0 && seconds < periodRange.min ? `"${period}" is too short; ${allowed}` : undefined;
}

/** A doubt about a valid sync period; nothing if there is none. */
export function periodDoubt(period: string | number): string | undefined {
  const seconds = periodSeconds(period) ?? 0;
  return seconds > periodRange.max
    ? `"${period}" is longer than a day (24h), the longest period that KubeSphere's own form accepts; whoever edits the repository there has to shorten it`
    : undefined;
}
