const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
const counts = new Intl.NumberFormat('en');
const shares = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
const moments = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const seconds = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** Bytes with three digits or so, in powers of 1000. */
export function bytes(count: number): string {
  const power = Math.min(UNITS.length - 1, count < 1000 ? 0 : Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}

export const count = (number: number): string => counts.format(number);

/** A number with the noun for it. */
export const counted = (number: number, noun: string, plural = `${noun}s`): string => `${count(number)} ${number === 1 ? noun : plural}`;

export const share = (part: number, whole: number): string => (whole === 0 ? '–' : shares.format(part / whole));

export const moment = (iso: string): string => timeText(iso, moments);
export const hourOf = (iso: string): string => timeText(iso, clock);
export const secondOf = (iso: string): string => timeText(iso, seconds);

function timeText(iso: string, format: Intl.DateTimeFormat): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) || date.getTime() === 0 ? '–' : format.format(date);
}
