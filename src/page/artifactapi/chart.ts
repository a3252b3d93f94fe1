import { fill, h, s } from '../dom';
import { bytes, count, hourOf, secondOf, share } from '../format';
import { table } from '../parts';
import { type Point } from './data';

/** The time at the end of a column; minutes say nothing where all are alike. */
function timeOf({ until }: Column, columns: readonly Column[]): string {
  const span = Date.parse(columns.at(-1)?.until ?? '') - Date.parse(columns[0]?.time ?? '');
  return span < SHORT_MS ? secondOf(until) : hourOf(until);
}

/** Several points drawn as one. */
type Column = Point & { readonly until: string };

const RATE = { top: 12, height: 120 };
const BARS = { top: 164, height: 64 };
const HEIGHT = 252;
const LEFT = 44;
const RIGHT = 8;
/** The least width of a column, with its gap. */
const COLUMN = 7;
const SHORT_MS = 15 * 60_000;

const asked = ({ hit, miss, stale }: Pick<Point, 'hit' | 'miss' | 'stale'>): number => hit + miss + stale;

/** The hit rate over time, above how many requests there were, with the same figures as a table. */
export function chart(points: readonly Point[]): HTMLElement {
  const place = h('div', { class: 'drawing' });
  const readout = h('p', { class: 'readout', 'aria-hidden': 'true' });
  const element = h('figure', { class: 'chart' }, legend(), place, readout, figures(points));
  let drawn = 0;
  const observer = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0);
    if (width === drawn || width === 0) return;
    drawn = width;
    fill(place, draw(columnsOf(points, Math.max(12, Math.floor((width - LEFT - RIGHT) / COLUMN))), width, readout));
  });
  observer.observe(place);
  return element;
}

function legend(): HTMLElement {
  const key = (kind: string, text: string) => h('span', { class: 'key' }, h('span', { class: `swatch ${kind}` }), text);
  return h('figcaption', {}, key('hit', 'From the cache'), key('miss', 'From the upstream'), key('stale', 'Stale, the upstream failed'));
}

/** Points gathered so that no more than so many columns are drawn. */
function columnsOf(points: readonly Point[], most: number): Column[] {
  const size = Math.max(1, Math.ceil(points.length / most));
  const columns: Column[] = [];
  for (let end = points.length; end > 0; end -= size) {
    const part = points.slice(Math.max(0, end - size), end);
    const sum = (name: 'hit' | 'miss' | 'stale' | 'sent') => part.reduce((total, point) => total + point[name], 0);
    const [first, last] = [part[0] as Point, part.at(-1) as Point];
    columns.unshift({ time: first.time, until: last.time, hit: sum('hit'), miss: sum('miss'), stale: sum('stale'), sent: sum('sent') });
  }
  return columns;
}

function draw(columns: readonly Column[], width: number, readout: HTMLElement): SVGElement {
  const step = (width - LEFT - RIGHT) / columns.length;
  const left = (at: number): number => LEFT + at * step;
  const most = Math.max(1, ...columns.map(asked));
  const total = columns.reduce((sum, one) => ({ hit: sum.hit + one.hit, all: sum.all + asked(one) }), { hit: 0, all: 0 });
  const text = total.all === 0 ? 'No requests yet' : `${share(total.hit, total.all)} of ${count(total.all)} requests came from the cache`;
  const drawing = s(
    'svg',
    { role: 'img', 'aria-label': `Hit rate over time: ${text}`, width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}` },
    ...axes(width, most),
    ...times(columns, left),
    s('path', { class: 'rate', d: linePath(columns, (at) => left(at) + step / 2) }),
    ...lonely(columns, (at) => left(at) + step / 2),
    ...columns.flatMap((column, at) => bars(column, { x: left(at) + step * 0.12, width: Math.max(1, step * 0.76), most })),
  );
  const cursor = s('rect', { class: 'cursor', y: RATE.top, height: BARS.top + BARS.height - RATE.top, width: step, visibility: 'hidden' });
  drawing.append(cursor);
  const rest = `${text}.`;
  readout.textContent = rest;
  drawing.addEventListener('pointermove', ({ offsetX }) => {
    const at = Math.floor((offsetX - LEFT) / step);
    const column = columns[at];
    cursor.setAttribute('visibility', column ? 'visible' : 'hidden');
    cursor.setAttribute('x', String(left(at)));
    readout.textContent = column
      ? `${timeOf(column, columns)}: ${share(column.hit, asked(column))} of ${count(asked(column))} requests, ${bytes(column.sent)} sent`
      : rest;
  });
  drawing.addEventListener('pointerleave', () => {
    cursor.setAttribute('visibility', 'hidden');
    readout.textContent = rest;
  });
  return drawing;
}

const rateY = (column: Column): number => RATE.top + RATE.height * (1 - column.hit / asked(column));

/** A line through the columns that had requests; it breaks where there were none. */
function linePath(columns: readonly Column[], x: (at: number) => number): string {
  return columns
    .map((column, at) => {
      if (asked(column) === 0) return '';
      const before = columns[at - 1];
      return `${before && asked(before) > 0 ? 'L' : 'M'}${x(at).toFixed(1)} ${rateY(column).toFixed(1)}`;
    })
    .join('');
}

/** A column without neighbours is no line. */
function lonely(columns: readonly Column[], x: (at: number) => number): SVGElement[] {
  return columns.flatMap((column, at) => {
    const near = [columns[at - 1], columns[at + 1]].some((one) => one && asked(one) > 0);
    return asked(column) === 0 || near ? [] : [s('circle', { class: 'dot', cx: x(at), cy: rateY(column), r: 2.5 })];
  });
}

function bars(column: Column, { x, width, most }: { readonly x: number; readonly width: number; readonly most: number }): SVGElement[] {
  let below = BARS.top + BARS.height;
  return (['hit', 'miss', 'stale'] as const).flatMap((kind) => {
    const height = (BARS.height * column[kind]) / most;
    below -= height;
    return height === 0
      ? []
      : [s('rect', { class: `bar ${kind}`, x: x.toFixed(1), y: below.toFixed(1), width: width.toFixed(1), height: height.toFixed(1) })];
  });
}

function axes(width: number, most: number): SVGElement[] {
  const line = (y: number, text: string) => [
    s('line', { class: 'grid', x1: LEFT, x2: width - RIGHT, y1: y, y2: y }),
    s('text', { class: 'tick', x: LEFT - 8, y: y + 4, 'text-anchor': 'end' }, text),
  ];
  return [
    ...[0, 50, 100].flatMap((percent) => line(RATE.top + RATE.height * (1 - percent / 100), `${percent}%`)),
    ...line(BARS.top, short(most)),
    ...line(BARS.top + BARS.height, '0'),
  ];
}

const short = (number: number): string => (number < 10_000 ? count(number) : `${count(Math.round(number / 1000))}k`);

function times(columns: readonly Column[], left: (at: number) => number): SVGElement[] {
  const places = [...new Set([0, Math.floor(columns.length / 2), columns.length - 1])];
  const anchors = ['start', 'middle', 'end'];
  return places.map((at, index) => {
    const isLast = at === columns.length - 1 && at > 0;
    const x = isLast ? left(at + 1) : left(at);
    return s(
      'text',
      { class: 'tick', x, y: HEIGHT - 6, 'text-anchor': isLast ? 'end' : anchors[index] },
      timeOf(columns[at] as Column, columns),
    );
  });
}

/** The figures, for whoever cannot see them drawn or wants to copy them. */
function figures(points: readonly Point[]): HTMLElement {
  const columns = columnsOf(points, 24).filter((column) => asked(column) > 0);
  const rows = columns.map((column) => [
    timeOf(column, columns),
    share(column.hit, asked(column)),
    count(column.hit),
    count(column.miss),
    count(column.stale),
    bytes(column.sent),
  ]);
  return h(
    'details',
    {},
    h('summary', {}, 'Show as table'),
    rows.length === 0
      ? h('p', { class: 'hint' }, 'Nothing was asked for yet.')
      : table({ label: 'Hit rate over time', head: ['Until', 'Hit rate', 'Cache', 'Upstream', 'Stale', 'Sent'], rows }),
  );
}
