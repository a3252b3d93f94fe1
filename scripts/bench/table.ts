/** A cell of a table. */
export type Cell = string | number;

/** Markdown of a table; the first row is its head. */
export function table(rows: readonly (readonly Cell[])[]): string {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const line = (row: readonly Cell[]): string => `| ${Array.from({ length: width }, (_, index) => row[index] ?? '').join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(Array.from({ length: width }, () => '---')), ...body.map(line)].join('\n');
}

/** Milliseconds as seconds. */
export const seconds = (milliseconds: number): string => (Number.isFinite(milliseconds) ? (milliseconds / 1000).toFixed(2) : '-');

/** Bytes as whole MiB. */
export const mebibytes = (bytes: number): string => (Number.isFinite(bytes) ? String(Math.round(bytes / 2 ** 20)) : '-');

/** A ratio, e.g. `1.30x`. */
export const times = (ratio: number): string => (Number.isFinite(ratio) ? `${ratio.toFixed(2)}x` : '-');
