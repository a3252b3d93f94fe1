import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Bar } from '../../bar';
import { type Engine, postgresql, sqlite } from '../engines';
import { addRepository } from '../upstream';
import { command } from './command';
import { fillBlobs, fillFiles } from './fill';
import { inFolder } from './orphans';

/** How much less the small registry has. */
const LESS = 10;
/** Node itself takes more memory the longer a process runs. */
const ATMOST = 1.5;
/** How many rows there are for each file. */
const COPIES = 10;

type Step = readonly [name: string, args: readonly string[], engine?: Engine];

/** The memory that `fsck`, `export`, `import` and `migrate` take for many files and their rows, to what they take for a tenth of them. */
export async function measureUpkeep(folder: string, files: number): Promise<Bar[]> {
  const peaks: Record<string, number[]> = {};
  for (const count of [files / LESS, files]) {
    process.stderr.write(`fsck, export, import and migrate of ${count} files with ${count * COPIES} rows ...\n`);
    mkdirSync(folder);
    await fill(join(folder, 'data'), count);
    for (const [name, args, engine = sqlite] of await stepsIn(folder)) {
      const { peak, seconds } = await command(engine, args);
      process.stderr.write(`  ${name}: ${peak.toFixed(0)} MiB, ${seconds.toFixed(0)} s\n`);
      (peaks[name] ??= []).push(peak);
    }
    rmSync(folder, { recursive: true });
  }
  return Object.entries(peaks).map(([name, [less = NaN, more = NaN]]) => {
    const what = `memory of ${name} for ${LESS} times as many files (${more.toFixed(0)} MiB)`;
    return { what, measured: more / less, atMost: ATMOST, unit: 'x' };
  });
}

async function fill(data: string, count: number): Promise<void> {
  const program = await sqlite.program(data);
  await addRepository(program.url, { name: 'own', package_type: 'generic', repo_type: 'local' });
  await program.stop();
  const store = await sqlite.store(data);
  await fillBlobs(store, { count, place: inFolder(data) });
  await fillFiles(store, COPIES);
  await store.close();
}

async function stepsIn(folder: string): Promise<Step[]> {
  const at = (name: string) => join(folder, name);
  const steps: Step[] = [
    ['fsck', ['fsck', '--data', at('data')]],
    ['fsck --deep', ['fsck', '--deep', '--data', at('data')]],
    ['export', ['export', '--output', at('archive.tar'), '--data', at('data')]],
    ['import', ['import', at('archive.tar'), '--data', at('imported')]],
    ['migrate', ['migrate', '--from', at('data'), '--data', at('migrated')]],
  ];
  const database = await postgresql();
  if (!database) process.stderr.write('PostgreSQL is not installed (.ci/clients installs it)\n');
  else
    steps.push(
      ['migrate to PostgreSQL', ['migrate', '--from', at('data'), '--data', at('moved')], database],
      ['fsck on PostgreSQL', ['fsck', '--data', at('moved')], database],
      ['export from PostgreSQL', ['export', '--output', at('second.tar'), '--data', at('moved')], database],
    );
  return steps;
}
