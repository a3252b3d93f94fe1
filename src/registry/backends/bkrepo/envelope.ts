/** What every answer of BK-Repo is wrapped in. */
export interface Envelope<T = unknown> {
  readonly code: number;
  readonly message: string | null;
  readonly data: T | null;
  readonly traceId: string;
}

/** One page of a listing; `count` and `page` are old names of `totalRecords` and `pageNumber`. */
export interface Page<T = unknown> {
  readonly pageNumber: number;
  readonly pageSize: number;
  readonly totalRecords: number;
  readonly totalPages: number;
  readonly records: readonly T[];
  readonly count: number;
  readonly page: number;
}

/** The envelope of a success. */
export function ok<T>(data: T | null = null): Envelope<T> {
  return { code: 0, message: null, data, traceId: '' };
}

/** The envelope of a failure. */
export function failure(code: number, message: string): Envelope<never> {
  return { code, message, data: null, traceId: '' };
}

/** A page of records that are already sliced; a total of -1 means not counted. */
export function page<T>(records: readonly T[], window: PageWindow, total = -1): Page<T> {
  const { pageNumber, pageSize } = window;
  // Pages without length come to the largest number that there is, or to none.
  const totalPages = total <= 0 ? 0 : Math.min(Math.ceil(total / pageSize), 2 ** 63);
  return { pageNumber, pageSize, totalRecords: total, totalPages, records, count: total, page: pageNumber };
}

/** Which page is asked for, from 1, and how long it is. */
export interface PageWindow {
  readonly pageNumber: number;
  readonly pageSize: number;
}

/** The page of a list that lies in memory. */
export function pageFrom<T>(all: readonly T[], window: PageWindow): Page<T> {
  const start = (window.pageNumber - 1) * window.pageSize;
  return page(all.slice(start, start + window.pageSize), window, all.length);
}
