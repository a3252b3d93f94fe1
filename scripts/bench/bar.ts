import type { Cell } from './table';

/** A measured value, and what it may be at most or has to be at least, if there is a limit. */
export interface Bar {
  readonly what: string;
  readonly measured: number;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** Stands behind both numbers, e.g. `x` or ` MiB`. */
  readonly unit: string;
  /** @default 2 */
  readonly digits?: number;
}

/** `ok`, or by how much the value misses its bar, or `not measured`. */
export function verdict({ measured, atMost = Infinity, atLeast = -Infinity }: Bar): string {
  if (!Number.isFinite(measured)) return 'not measured';
  if (atMost === Infinity && atLeast === -Infinity) return '';
  if (measured < atLeast) return `short by ${Math.round((1 - measured / atLeast) * 100)} %`;
  if (measured > atMost && atMost === 0) return 'over';
  return measured <= atMost ? 'ok' : `over by ${Math.round((measured / atMost - 1) * 100)} %`;
}

/** The rows of a table of bars, its head included. */
export function barRows(bars: readonly Bar[]): Cell[][] {
  const least = bars.some(({ atLeast }) => atLeast !== undefined);
  return [['what', 'measured', least ? 'bar' : 'at most', ''], ...bars.map((bar) => barRow(bar, least))];
}

function barRow(bar: Bar, isMixed: boolean): Cell[] {
  const { measured, atMost = NaN, atLeast, unit, digits = 2 } = bar;
  const text = (value: number): string => (Number.isFinite(value) ? `${value.toFixed(digits)}${unit}` : '-');
  const most = Number.isFinite(atMost) ? `${isMixed ? 'at most ' : ''}${text(atMost)}` : '-';
  const limit = atLeast === undefined ? most : `at least ${text(atLeast)}`;
  return [bar.what, text(measured), limit, verdict(bar)];
}
