import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Bar } from '../../bar';
import { type Engine } from '../engines';
import { addRepository } from '../upstream';
import { command } from './command';
import { fillBlobs, fillFiles } from './fill';

/** How much less the small registry has. */
const LESS = 10;
/** Node itself takes more memory the longer a process runs. */
const ATMOST = 1.5;

/** The memory that `fsck`, `export`, `import` and `migrate` take for many files, to what they take for a tenth of them. */
export async function measureUpkeep(engine: Engine, folder: string, files: number): Promise<Bar[]> {
  if (engine.environment) return [];
  const peaks: Record<string, number[]> = {};
  for (const count of [files / LESS / LESS, files / LESS, files]) {
    process.stderr.write(`${engine.name}: fsck, export and import of ${count} files ...\n`);
    const [data, archive] = [join(folder, 'data'), join(folder, 'archive.tar')];
    const program = await engine.program(data);
    await addRepository(program.url, { name: 'own', package_type: 'generic', repo_type: 'local' });
    await program.stop();
    const store = await engine.store(data);
    await fillBlobs(store, { count, folder: data });
    await fillFiles(store);
    await store.close();
    const reading = { fsck: ['fsck'], 'fsck --deep': ['fsck', '--deep'], export: ['export', '--output', archive] };
    // Each file that is written waits for the disk: for all of them, an hour.
    const writing = { import: ['import', archive], migrate: ['migrate', '--from', data] };
    const steps: Record<string, readonly string[]> = {};
    for (const [name, args] of Object.entries(reading))
      if (name === 'export' || count > files / LESS / LESS) steps[name] = [...args, '--data', data];
    for (const [name, args] of Object.entries(writing)) if (count < files) steps[name] = [...args, '--data', join(folder, name)];
    for (const [name, args] of Object.entries(steps)) {
      const { peak, seconds } = await command(engine, args);
      process.stderr.write(`  ${name}: ${peak.toFixed(0)} MiB, ${seconds.toFixed(0)} s\n`);
      (peaks[name] ??= []).push(peak);
    }
    rmSync(folder, { recursive: true });
  }
  return Object.entries(peaks).map(([name, all]) => {
    const [less = NaN, more = NaN] = all.slice(-2);
    const what = `${engine.name}: memory of ${name} for ${LESS} times as many files (${more.toFixed(0)} MiB)`;
    return { what, measured: more / less, atMost: ATMOST, unit: 'x' };
  });
}
