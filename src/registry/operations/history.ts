import { type Source } from './facts';
import { type Traffic } from './traffic';

/** What happened until a moment, since the registry started. */
export type TrafficTotals = Readonly<Record<Source, number>> & {
  /** Bytes sent to clients, heads included. */
  readonly sent: number;
};

/** What happened in the time before a moment. */
export type TrafficPoint = TrafficTotals & {
  /** ISO 8601, in UTC. */
  readonly time: string;
};

/** How often a history looks, and how long it remembers. */
export interface HistoryOptions {
  /** Milliseconds between two points. @default 60000 */
  readonly everyMs?: number | undefined;
  /** How many points are kept. @default 1440, which is a day */
  readonly keep?: number;
}

const MINUTE_MS = 60_000;
const DAY = 1440;

/**
 * How much of what clients asked for was in the cache, over time. It reads what is counted anyway, so that requests pay nothing for it, and
 * keeps a bounded number of points in memory.
 */
export class TrafficHistory {
  readonly everyMs: number;
  readonly #points: TrafficPoint[] = [];
  readonly #keep: number;
  readonly #timer: NodeJS.Timeout;
  #before: TrafficTotals = { hit: 0, miss: 0, stale: 0, sent: 0 };

  constructor(
    private readonly all: () => Iterable<Traffic>,
    { everyMs = MINUTE_MS, keep = DAY }: HistoryOptions = {},
  ) {
    [this.everyMs, this.#keep] = [everyMs, keep];
    this.#timer = setInterval(() => this.look(), everyMs).unref();
  }

  /** Adds a point for what happened since the one before. */
  look(): void {
    const now = this.#totals();
    this.#points.push(since(this.#before, now));
    if (this.#points.length > this.#keep) this.#points.shift();
    this.#before = now;
  }

  /** All points, the last one for the time that is not over. */
  points(): readonly TrafficPoint[] {
    return [...this.#points, since(this.#before, this.#totals())];
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #totals(): TrafficTotals {
    const sum = { hit: 0, miss: 0, stale: 0, sent: 0 };
    const add = ({ hit, miss, stale, sent }: TrafficTotals) => {
      sum.hit += hit;
      sum.miss += miss;
      sum.stale += stale;
      sum.sent += sent;
    };
    for (const traffic of this.all()) {
      add(traffic.past);
      for (const { sources, sent } of traffic.series()) add({ ...sources, sent });
    }
    return sum;
  }
}

function since(before: TrafficTotals, now: TrafficTotals): TrafficPoint {
  return {
    time: new Date().toISOString(),
    hit: now.hit - before.hit,
    miss: now.miss - before.miss,
    stale: now.stale - before.stale,
    sent: now.sent - before.sent,
  };
}
