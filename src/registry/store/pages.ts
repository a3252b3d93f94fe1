/** A part of a list that is in an order. */
export interface Window {
  readonly offset: number;
  readonly limit: number;
}

/** Such a part, and how many rows the whole list has. */
export interface PageOf<T> {
  readonly rows: readonly T[];
  readonly total: number;
}

/** The way to the first row of a page. */
export interface Walk {
  readonly order: 'asc' | 'desc';
  /** How many rows are passed over. */
  readonly steps: number;
}

/**
 * The shorter way to the first row of a page, from the beginning or the end of the list; undefined if the page is empty. Who walks over the
 * columns of an index alone, and reads the rows from there on, takes at most half the time that counting the list takes, for any page.
 */
export function walkTo({ offset, limit }: Window, total: number): Walk | undefined {
  if (limit <= 0 || offset >= total) return undefined;
  return offset <= total / 2 ? { order: 'asc', steps: offset } : { order: 'desc', steps: total - 1 - offset };
}

/** How many rows from either end of a list sorting up to a page, or keeping all of them, costs little. */
const NEAR = 10_000;
/** How many rows of a long list tell where in it a row is, to about half a percent of the list. */
export const SAMPLE = 8_000;
/** How many standard deviations a row may be from where the sample has it: one in 15,000 is farther. */
const CERTAIN = 4;

/** Whether a page is far from both ends of a list. */
export function isDeep(window: Window, total: number): boolean {
  return (walkTo(window, total)?.steps ?? 0) > NEAR;
}

/** Some rows of a list that chance has chosen, in its order. */
export interface Sample<T> {
  readonly rows: readonly T[];
  /** How many the list has. */
  readonly total: number;
}

/**
 * The rows of a sample that enclose a page, the more certainly the more standard deviations they are away from it; an end without such a row is
 * the list's own.
 */
export function aroundPage<T>(
  { offset, limit }: Window,
  { rows, total }: Sample<T>,
  deviations = CERTAIN,
): { readonly from?: T | undefined; readonly to?: T | undefined } {
  const at = (row: number, sign: 1 | -1) => {
    const part = Math.min(1, row / total);
    return part * rows.length + sign * deviations * (1 + Math.sqrt(rows.length * part * (1 - part)));
  };
  return { from: rows[Math.floor(at(offset, -1))], to: rows[Math.ceil(at(offset + limit, 1))] };
}

/** The rows of a page out of all rows of a list, which come one after the other. */
export class Cut<T> implements PageOf<T> {
  readonly rows: T[] = [];
  total = 0;

  constructor(private readonly window: Window) {}

  /** Takes the next row. */
  add(row: T): void {
    const { offset, limit } = this.window;
    if (this.total >= offset && this.total < offset + limit) this.rows.push(row);
    this.total++;
  }
}

/** How many rows beyond those up to the end of a page are kept before they are sorted. */
const SPARE = 1000;

/** The rows of a page out of all rows of a list, which come in any order; no more are kept than come before the end of the page, and some. */
export class Best<T> implements PageOf<T> {
  total = 0;
  #kept: T[] = [];

  /** `order` compares as `Array.sort` does; rows that it takes for the same stay in the order in which they came. */
  constructor(
    private readonly window: Window,
    private readonly order: (a: T, b: T) => number,
  ) {}

  get rows(): readonly T[] {
    return this.#sort().slice(this.window.offset);
  }

  /** Takes the next row. */
  add(row: T): void {
    this.total++;
    this.#kept.push(row);
    if (this.#kept.length > 2 * this.#end + SPARE) this.#sort();
  }

  get #end(): number {
    return this.window.offset + this.window.limit;
  }

  #sort(): readonly T[] {
    this.#kept = this.#kept.sort(this.order).slice(0, this.#end);
    return this.#kept;
  }
}

/** A list whose rows can be read more than once, in any order, some at a time. */
export type Rows<T> = () => AsyncIterable<readonly T[]>;

interface Numbered<T> {
  readonly row: T;
  /** How many came before it. */
  readonly number: number;
}

/**
 * A page of a list that is read row by row; `order` compares as for `Best`. A page far from the beginning takes a second reading, so that of the
 * rows before it only a sample is kept.
 */
export async function sortedPage<T>(rows: Rows<T>, window: Window, order: (a: T, b: T) => number): Promise<PageOf<T>> {
  const inOrder = (a: Numbered<T>, b: Numbered<T>) => order(a.row, b.row) || a.number - b.number;
  const end = window.offset + window.limit;
  const best = end <= NEAR ? new Best<T>(window, order) : undefined;
  const sample: Numbered<T>[] = [];
  let total = 0;
  for await (const batch of rows())
    for (const row of batch) {
      best?.add(row);
      const number = total++;
      const index = number < SAMPLE ? number : Math.floor(Math.random() * total);
      if (!best && index < SAMPLE) sample[index] = { row, number };
    }
  if (best) return best;
  if (window.offset >= total) return { rows: [], total };
  sample.sort(inOrder);
  for (let deviations = CERTAIN; ; deviations *= 2) {
    const { from, to } = aroundPage(window, { rows: sample, total }, deviations);
    const between: Numbered<T>[] = [];
    let [before, number] = [0, 0];
    for await (const batch of rows())
      for (const row of batch) {
        const each = { row, number: number++ };
        if (from && inOrder(each, from) <= 0) before++;
        else if (!to || inOrder(each, to) <= 0) between.push(each);
      }
    const offset = window.offset - before;
    const isEnclosed = offset >= 0 && offset + Math.min(window.limit, number - window.offset) <= between.length;
    if (!isEnclosed && (from || to)) continue;
    const page = between.sort(inOrder).slice(offset, offset + window.limit);
    return { rows: page.map((each) => each.row), total };
  }
}
