import { setTimeout as sleep } from 'node:timers/promises';
import { type Random } from './random';
import { type Setup } from './setup';
import { FAULTS, type Upstream } from './upstream';

/** Waits, but not longer than until a time. */
export const pause = (ms: number, until: number): Promise<void> => sleep(Math.max(0, Math.min(ms, until - Date.now())));

/** Has upstreams fail, one way after the other, each on its own. */
export async function breakUpstreams(upstreams: readonly Upstream[], random: Random, until: number): Promise<void> {
  await Promise.all(
    upstreams.map(async (upstream, index) => {
      const own = random.of(String(index));
      for (;;) {
        await pause(own.int(8000, 40_000), until);
        if (Date.now() >= until) return;
        await upstream.failFor(own.pick(FAULTS), own.int(1000, 6000));
      }
    }),
  );
}

/** Kills processes and starts them again; the survivor only until a time, so that its memory is measured over the rest. */
export async function killReplicas({ replicas, survivor }: Setup, random: Random, times: { spare: number; until: number }): Promise<void> {
  for (;;) {
    await pause(random.int(10_000, 40_000), times.until);
    if (Date.now() >= times.until) return;
    const able = replicas.filter((each) => each !== survivor || Date.now() < times.spare);
    if (able.length > 0) await random.pick(able).restart(random.int(0, 3000));
  }
}
