import { GoError } from './json-parse';

const UNITS: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, μs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** What fits into 64 bits of nanoseconds. */
const LONGEST = 2 ** 63 / 1e9;

/** The seconds of a duration as Go writes them (`180s`, `-1.5h`, `1h30m`); throws with Go's words. */
export function parseDuration(text: string): number {
  const shown = JSON.stringify(text);
  const rest = text.replace(/^[-+]/, '');
  if (rest === '0') return 0;
  if (rest === '') throw new GoError(`time: invalid duration ${shown}`);
  let seconds = 0;
  for (let left = rest; left !== '';) {
    const [whole = '', number = '', unit = ''] = /^(\d*\.?\d*)([^\d.]*)/.exec(left) ?? [];
    if (!/\d/.test(number)) throw new GoError(`time: invalid duration ${shown}`);
    if (unit === '') throw new GoError(`time: missing unit in duration ${shown}`);
    const factor = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
    if (factor === undefined) throw new GoError(`time: unknown unit ${JSON.stringify(unit)} in duration ${shown}`);
    seconds += Number(number) * factor;
    left = left.slice(whole.length);
  }
  if (seconds > LONGEST) throw new GoError(`time: invalid duration ${shown}`);
  return text.startsWith('-') ? -seconds : seconds;
}

/** Seconds as Go prints a duration below a minute or so: `537.258ms`, `1.5s`, `1m3s`. */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${Number((seconds * 1000).toFixed(6))}ms`;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = `${Number((seconds % 60).toFixed(9))}s`;
  return hours > 0 ? `${hours}h${minutes}m${rest}` : minutes > 0 ? `${minutes}m${rest}` : rest;
}
