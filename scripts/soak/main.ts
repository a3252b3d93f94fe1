import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '../bench/workspace';
import { optionsOf, usage } from './options';
import { Random } from './random';
import { progress, report } from './report';
import { Soak } from './soak';

const PROGRESS_MS = 10_000;
/** How long whoever interrupts it waits at most; processes that it started and that are stuck end with it. */
const STOPPING_MS = 15_000;

start(async () => {
  const options = optionsOf(process.argv.slice(2));
  if (!options) return void process.stdout.write(usage);
  const { minutes, seed, setups, isHeapJudged, hasSnapshots } = options;
  const say = (text: string) => process.stdout.write(`${text}\n`);
  say(`seed ${seed}, ${minutes} minutes, ${setups.join(' and ')}`);
  setPriority(5);
  const folder = mkdtempSync(join(tmpdir(), 'repoform-soak-'));
  // PostgreSQL refuses to run as root, and its user has to get at its own folder.
  chmodSync(folder, 0o755);
  const random = new Random(seed);
  const started: Soak[] = [];
  let told = 0;
  const timer = setInterval(() => {
    const broken = brokenIn(started);
    for (const text of broken.slice(told)) say(`BROKEN ${text}`);
    told = broken.length;
    for (const each of started) say(progress(each));
  }, PROGRESS_MS);
  endWhenInterrupted(started);
  try {
    for (const name of setups)
      started.push(
        await Soak.start({
          name,
          folder: join(folder, name),
          ms: minutes * 60_000,
          random: random.of(name),
          isHeapJudged,
          hasSnapshots,
        }),
      );
    await Promise.all(
      started.map((each) => each.run().catch((cause: unknown) => each.setup.ledger.fail(`the soak itself failed: ${String(cause)}`))),
    );
  } finally {
    clearInterval(timer);
    for (const each of started) await each.stop();
  }
  for (const each of started) say(report(each));
  const broken = brokenIn(started);
  if (broken.length === 0) {
    if (hasSnapshots) say(`\nheap snapshots are in ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
    say('\nnothing broke');
    return;
  }
  say(`\n${broken.join('\n\n')}\n`);
  throw new Error(`${broken.length} things broke; run it again with --seed ${seed}. Logs and data are in ${folder}`);
});

/** Whoever interrupts it wants nothing of it to run on. */
function endWhenInterrupted(started: readonly Soak[]): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      setTimeout(() => process.exit(1), STOPPING_MS);
      void Promise.all(started.map((each) => each.stop())).finally(() => process.exit(1));
    });
}

function brokenIn(soaks: readonly Soak[]): string[] {
  return soaks.flatMap((each) => each.setup.ledger.broken).sort();
}
