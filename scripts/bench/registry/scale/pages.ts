import { type Bar } from '../../bar';
import { rotated } from '../../statistics';
import { type Cell, times } from '../../table';

/** A request for a page. */
export interface Page {
  readonly url: string;
  /** Sent by `POST`. @default - none, sent by `GET` */
  readonly body?: object;
}

/** A list, and its pages if it has any. */
export interface List {
  readonly what: string;
  /** @default true */
  readonly isPaged?: boolean;
  /** The page at a part of the list, from 0 to 1. No two turns are the same, for lists whose answers are kept. */
  page(part: number, turn: number): Page;
}

/** How long the pages of a list took, in milliseconds, each at its best. */
export interface ListTime {
  readonly what: string;
  readonly first: number;
  /** The slower of the middle and the last page. @default - the list has no pages */
  readonly slowest?: number;
  /** How often each was asked for. */
  readonly turns: number;
}

/** How pages are asked for. */
export interface Asking {
  /** The least number of turns. */
  readonly rounds: number;
  /** The user and password of the server. */
  readonly login: string;
}

const PARTS = { first: 0, middle: 0.5, last: 1 };
/** So long short pages are asked for again, in milliseconds, and so often at most. */
const PATIENCE = 3000;
const MOST_TURNS = 300;
/** An answer of which nothing is measured. */
const EMPTY = /"(?:entries|items|objects|records|results)":(?:\[\]|null)/;
/** How much slower than the first page another one may be. */
const AT_MOST = 3;

/**
 * Asks for the first, the middle and the last page of each list in turns. Each counts with its shortest time, as all that other programs and the
 * collection of garbage do is lengthen it; the shorter the pages are, the more turns there are, so that each is undisturbed once.
 */
export async function timeLists(lists: readonly List[], asking: Asking): Promise<ListTime[]> {
  const timed: ListTime[] = [];
  for (const list of lists) timed.push(await timeList(list, asking));
  return timed;
}

async function timeList({ what, isPaged = true, page }: List, { rounds, login }: Asking): Promise<ListTime> {
  const parts = Object.entries(isPaged ? PARTS : { whole: 0 });
  const best = new Map(parts.map(([name]) => [name, Infinity]));
  const started = performance.now();
  let turns = 0;
  for (; turns < rounds || (turns < MOST_TURNS && performance.now() - started < PATIENCE); turns++)
    for (const [name, part] of rotated(parts, turns))
      best.set(name, Math.min(best.get(name) ?? Infinity, await time(page(part, turns * parts.length + part * 2), login)));
  const shown = [...best].map(([name, milliseconds]) => `${name} ${inMilliseconds(milliseconds)} ms`);
  process.stderr.write(`  ${what}: ${shown.join(', ')}, best of ${turns}\n`);
  const [first = NaN, ...others] = best.values();
  return { what, first, turns, ...(others.length > 0 && { slowest: Math.max(...others) }) };
}

/** The bars of lists on an engine. */
export function listBars(engine: string, lists: readonly ListTime[]): Bar[] {
  return lists.flatMap(({ what, first, slowest }) =>
    slowest === undefined
      ? []
      : [{ what: `${engine}: ${what}, any page to the first`, measured: slowest / first, atMost: AT_MOST, unit: 'x' }],
  );
}

/** The rows of the table of all lists, with columns for each engine. */
export function listRows(engines: ReadonlyMap<string, readonly ListTime[]>): Cell[][] {
  const columns = (name: string) => [`${name}: first page, ms`, 'slowest other page to it', 'best of'];
  const names = new Set([...engines.values()].flatMap((lists) => lists.map(({ what }) => what)));
  const rows = [...names].map((what) => [
    what,
    ...[...engines.values()].flatMap((lists) => cells(lists.find((list) => list.what === what))),
  ]);
  return [['what', ...[...engines.keys()].flatMap(columns)], ...rows];
}

function cells(list: ListTime | undefined): Cell[] {
  if (!list) return ['-', '-', '-'];
  return [inMilliseconds(list.first), list.slowest === undefined ? 'no pages' : times(list.slowest / list.first), list.turns];
}

function inMilliseconds(milliseconds: number): string {
  return milliseconds.toLocaleString('en', { maximumFractionDigits: milliseconds < 10 ? 1 : 0 });
}

async function time({ url, body }: Page, login: string): Promise<number> {
  const headers = { authorization: `Basic ${Buffer.from(login).toString('base64')}`, 'content-type': 'application/json' };
  const started = performance.now();
  const answer = await fetch(url, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
  const text = await answer.text();
  const taken = performance.now() - started;
  if (answer.status !== 200 || text.length < 100 || EMPTY.test(text))
    throw new Error(`${url} answered ${answer.status}: ${text.slice(0, 300)}`);
  return taken;
}
