import { setImmediate as breathe } from 'node:timers/promises';
import { reasonOf } from '../errors';
import { type Logger } from '../logger';
import { blobBytes } from '../store/statistics';
import { type Store } from '../store/store';
import { type Metrics } from './metrics';
import { Counter, Reading } from './tally';

const MINUTE_MS = 60_000;
/** How many objects are evicted by one transaction, so that requests need not wait long for it. */
const BATCH = 100;
/** Down to which part of its limit the cache is cut, so that not every object that comes evicts one. */
const LOW = 0.95;
/** How long a blob that was evicted stays if it was just written: somebody else may be about to refer to it. */
const SETTLED_MS = 5 * MINUTE_MS;
const PATIENCE_MS = 100;

/** When what is cleaned up. */
export interface CleaningOptions {
  /** Milliseconds from one time to the next. @default 600,000 (10 minutes) */
  readonly cleanEvery?: number;
  /** How many bytes the cached objects of all remotes may have together. @default - any number */
  readonly cacheSize?: number;
  /** How many milliseconds a cached object is kept after its last use. @default - for ever */
  readonly cacheUnused?: number;
  /** How many milliseconds a blob that nothing refers to is kept: uploads store the blob before they refer to it. @default 3,600,000 (an hour) */
  readonly orphanAge?: number;
  /** How many bytes may be stored in all: objects are evicted before uploads are refused. @default - any number */
  readonly storeLimit?: number;
}

/** What cleaning works with. */
export interface CleaningParts {
  readonly store: Store;
  readonly options: CleaningOptions;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What else is to be cleaned up. */
  readonly more: () => Promise<unknown>;
}

/**
 * Cleans up in the background, from time to time and when much was cached: expired uploads, objects that nobody uses, those that are too many,
 * and blobs that nothing refers to. Of the processes that share a store, one does it at a time.
 */
export class Cleaning {
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;
  #cached = 0;
  /** How far the store's clock is ahead of one that is never set, and until when by that one no age is believed. */
  #ahead = NaN;
  #doubtUntil = -Infinity;
  #succeeded = 0;
  readonly #runs = new Counter({
    name: 'repoform_cleaning_runs_total',
    help: 'Times that cleaning up was done, by result.',
    labels: ['result'],
  });
  readonly #removed = new Counter({
    name: 'repoform_cleaning_removed_total',
    help: 'What cleaning up removed: cached objects because of their number (evicted) or age (unused), and blobs.',
    labels: ['what'],
  });
  readonly #bytes = new Counter({
    name: 'repoform_cleaning_evicted_bytes_total',
    help: 'Bytes of evicted and unused objects.',
    labels: [],
  });

  constructor(private readonly parts: CleaningParts) {
    const help = 'When cleaning up was done last by this process.';
    const last = new Reading({ name: 'repoform_cleaning_last_success_timestamp_seconds', help, labels: [] }, () =>
      Promise.resolve(this.#succeeded > 0 ? [[[], this.#succeeded / 1000] as const] : []),
    );
    parts.metrics.add(this.#runs, this.#removed, this.#bytes, last);
  }

  /** Begins. */
  start(): void {
    const { store, options } = this.parts;
    const { cleanEvery = 10 * MINUTE_MS } = options;
    if (store.room) {
      store.room.makeRoom = (bytes) => this.#evict('evicted', { before: iso(store.metadata.now()), bytes });
      store.room.removable = () => store.artifacts.bytes();
    }
    this.#ahead = store.metadata.now() - performance.now();
    // Node takes no longer times.
    this.#timer = setInterval(() => void this.run(), Math.min(cleanEvery, 2 ** 31 - 1)).unref();
  }

  /** Tells that an object was cached: when many were, the cache may have grown too large before it is time. */
  cached(bytes: number): void {
    const { cacheSize = Infinity, storeLimit = Infinity } = this.parts.options;
    const limit = Math.min(cacheSize, storeLimit);
    this.#cached += bytes;
    if (this.#cached < limit * (1 - LOW) || this.#soon) return;
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      void this.run();
    }, 1000).unref();
  }

  /** Cleans up now, unless another process does. */
  run(): Promise<void> {
    return (this.#running ??= this.#alone().finally(() => (this.#running = undefined)));
  }

  /** Ends; waits for what is being done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    await this.#running;
  }

  async #alone(): Promise<void> {
    const { store, logger } = this.parts;
    try {
      const lease = await store.leases.take('cleaning', PATIENCE_MS);
      if (!lease.isHeld) return;
      try {
        await this.#clean();
      } finally {
        await lease.release();
      }
      this.#succeeded = Date.now();
      this.#runs.add(['success']);
    } catch (cause) {
      this.#runs.add(['failure']);
      logger.warn('cleaning up failed', { reason: reasonOf(cause) });
    }
  }

  async #clean(): Promise<void> {
    const { store, options, logger, more } = this.parts;
    await more();
    const now = store.metadata.now();
    const { cacheUnused, orphanAge = 60 * MINUTE_MS } = options;
    const areOld = this.#believesAges(now, orphanAge);
    if (areOld) {
      await store.uploads.sweep(now);
      await store.generated.sweep(now);
      if (cacheUnused !== undefined) await this.#evict('unused', { before: iso(now - cacheUnused), bytes: Infinity });
    }
    this.#cached = 0;
    const excess = await this.#excess();
    if (excess > 0) await this.#evict('evicted', { before: iso(now), bytes: excess });
    if (!areOld) return;
    const blobs = await store.blobs.collect(iso(now - orphanAge));
    this.#removed.add(['blobs'], blobs);
    if (blobs > 0) logger.info('unreferenced blobs were removed', { removed: blobs });
  }

  /** Whether things are as old as they seem. A clock that was set forward makes them older: what is being uploaded would be taken for left over. */
  #believesAges(now: number, orphanAge: number): boolean {
    const [ahead, here] = [now - performance.now(), performance.now()];
    const by = ahead - this.#ahead;
    this.#ahead = ahead;
    if (by > MINUTE_MS) {
      this.#doubtUntil = here + orphanAge;
      this.parts.logger.warn('the clock was set forward; nothing is removed for its age meanwhile', { seconds: Math.round(by / 1000) });
    }
    return here >= this.#doubtUntil;
  }

  /** How many bytes are to be evicted. */
  async #excess(): Promise<number> {
    const { store, options } = this.parts;
    const over = (size: number, limit: number) => (size > limit ? size - limit * LOW : 0);
    const { cacheSize, storeLimit } = options;
    const cache = cacheSize === undefined ? 0 : over(await store.artifacts.bytes(), cacheSize);
    return Math.max(cache, storeLimit === undefined ? 0 : over(await blobBytes(store.metadata), storeLimit));
  }

  /** Evicts the objects that were used longest ago, in small steps between which requests are answered. */
  async #evict(why: 'unused' | 'evicted', { before, bytes }: { readonly before: string; readonly bytes: number }): Promise<void> {
    const { store, options, logger } = this.parts;
    const settled = Math.min(SETTLED_MS, options.orphanAge ?? Infinity);
    let [freed, count] = [0, 0];
    while (freed < bytes && !this.#isClosed) {
      const isUsed = (hash: string) => store.blobs.inUse(hash);
      const gone = await store.artifacts.evictOldest({ before, limit: BATCH, bytes: bytes - freed, isUsed });
      if (gone.length === 0) break;
      for (const { hash, size } of gone) {
        freed += size;
        await store.blobs.deleteUnreferenced(hash, iso(store.metadata.now() - settled));
      }
      count += gone.length;
      await breathe();
    }
    this.#removed.add([why], count);
    this.#bytes.add([], freed);
    if (count > 0) logger.info('cached objects were evicted', { why, count, bytes: freed });
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();
