/** A bar chart: groups of bars, one bar for each series. */
export interface Chart {
  readonly title: string;
  /** What the numbers are, e.g. `seconds`. */
  readonly unit: string;
  readonly series: readonly string[];
  readonly groups: readonly { readonly name: string; readonly values: readonly number[] }[];
}

const colours = ['#9aa5b1', '#2f6fde', '#d9822b'];
const bar = { height: 14, gap: 3, left: 170, width: 440 };
const top = 58;

/** The chart as SVG, readable on light and on dark pages. */
export function svg({ title, unit, series, groups }: Chart): string {
  const most = Math.max(...groups.flatMap(({ values }) => values.filter(Number.isFinite)), Number.MIN_VALUE);
  const groupHeight = series.length * (bar.height + bar.gap) + 14;
  const height = top + groups.length * groupHeight + 8;
  const legend = series.map((name, index) => {
    const x = bar.left + index * 120;
    return `<rect x="${x}" y="34" width="12" height="12" fill="${colourOf(index)}"/>${text(x + 18, 44, name)}`;
  });
  const drawn = groups.map(({ name, values }, index) => {
    const y = top + index * groupHeight;
    return [text(12, y + groupHeight / 2 - 4, name), ...values.map((value, place) => drawBar({ value, place, y, most }))].join('\n');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="700" height="${height}" viewBox="0 0 700 ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="700" height="${height}" fill="#ffffff"/>`,
    `<text x="12" y="22" font-size="15" font-weight="bold" fill="#222222">${escape(`${title} (${unit})`)}</text>`,
    ...legend,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

function drawBar({ value, place, y, most }: { value: number; place: number; y: number; most: number }): string {
  if (!Number.isFinite(value)) return '';
  const width = Math.max(1, (value / most) * bar.width);
  const at = y + place * (bar.height + bar.gap);
  const shown = value >= 100 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(2);
  const rect = `<rect x="${bar.left}" y="${at}" width="${width.toFixed(1)}" height="${bar.height}" fill="${colourOf(place)}"/>`;
  return rect + text(bar.left + width + 6, at + 11, shown);
}

const colourOf = (index: number): string => colours[index % colours.length] ?? '#000000';
const text = (x: number, y: number, content: string): string =>
  `<text x="${x.toFixed(0)}" y="${y.toFixed(0)}" fill="#222222">${escape(content)}</text>`;
const escape = (content: string): string => content.replace(/&/g, '&amp;').replace(/</g, '&lt;');
