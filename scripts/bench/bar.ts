import type { Cell } from './table';

/** What a measured value may be at most. */
export interface Bar {
  readonly what: string;
  readonly measured: number;
  readonly atMost: number;
  /** Stands behind both numbers, e.g. `x` or ` MiB`. */
  readonly unit: string;
  /** @default 2 */
  readonly digits?: number;
}

/** `ok`, or by how much the value is over, or `not measured`. */
export function verdict({ measured, atMost }: Bar): string {
  if (!Number.isFinite(measured)) return 'not measured';
  if (measured > atMost && atMost === 0) return 'over';
  return measured <= atMost ? 'ok' : `over by ${Math.round((measured / atMost - 1) * 100)} %`;
}

/** The rows of a table of bars, its head included. */
export function barRows(bars: readonly Bar[]): Cell[][] {
  return [['what', 'measured', 'at most', ''], ...bars.map(barRow)];
}

function barRow(bar: Bar): Cell[] {
  const text = (value: number): string => (Number.isFinite(value) ? `${value.toFixed(bar.digits ?? 2)}${bar.unit}` : '-');
  return [bar.what, text(bar.measured), text(bar.atMost), verdict(bar)];
}
