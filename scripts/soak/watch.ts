import { type Replica, type Usage } from './replica';
import { pause } from './mayhem';
import { type Setup } from './setup';

/** How long before its time a snapshot is taken, for samples are taken on the half minute. */
const BEFORE_MS = 10_000;

/** What the survivor used at a time. */
export interface Sample extends Usage {
  readonly at: number;
  readonly starts: number;
  readonly handles: ReturnType<Replica['handles']>;
}

/** Measures the survivor again and again. */
export async function watch(setup: Setup, { every, until }: { every: number; until: number }, samples: Sample[]): Promise<void> {
  for (let next = Date.now() + every; next < until; next += every) {
    await pause(next - Date.now(), until);
    const sample = await sampleOf(setup.survivor).catch(() => undefined);
    if (sample) samples.push(sample);
  }
}

/** Writes what the survivor's heap holds, just before half of the time and its end. */
export async function snapshots(setup: Setup, { from, until }: { from: number; until: number }): Promise<void> {
  for (const [name, at] of Object.entries({ half: from + (until - from) / 2, end: until })) {
    await pause(at - BEFORE_MS - Date.now(), until);
    await setup.survivor.heapSnapshot(`${name}.heapsnapshot`);
  }
}

/** What a process uses now. */
export async function sampleOf(replica: Replica): Promise<Sample> {
  const usage = await replica.usage();
  return { ...usage, at: Date.now(), starts: replica.starts, handles: replica.handles() };
}

/** By which part the heap after collection grew in the second half: the medians of its two halves; undefined where samples are too few. */
export function growthOf(samples: readonly Sample[], { from, to }: { from: number; to: number }): number | undefined {
  const heaps = samples.filter(({ at }) => at >= from + (to - from) / 2).map(({ memory }) => memory.heapUsed);
  if (heaps.length < 6) return undefined;
  const half = heaps.length >> 1;
  return median(heaps.slice(half)) / median(heaps.slice(0, half)) - 1;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}
