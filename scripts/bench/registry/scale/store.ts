import { rmSync } from 'node:fs';
import { type Bar } from '../../bar';
import { peakOf } from '../../process-sampler';
import { median } from '../../statistics';
import { type Engine } from '../engines';
import { freePort, type Program } from '../programs';
import { addRepository } from '../upstream';
import { command } from './command';
import { fillBlobs, fillLists, NAMES } from './fill';
import { measureLists } from './lists';

const ORPHANS = 100_000;
/** What the process may have at most, in MiB. */
const MEMORY = 400;

/** What is measured, and where. */
export interface StoreParts {
  readonly objects: number;
  readonly rounds: number;
  readonly data: string;
  /** A folder for a registry that has nothing. */
  readonly empty: string;
  readonly isFilled: boolean;
  /** What the names of the lists have that are measured. */
  readonly lists: RegExp;
}

/** A store with many objects: how it starts, its lists, and collecting what nothing refers to. */
export async function measureStore(engine: Engine, parts: StoreParts): Promise<Bar[]> {
  const { objects, rounds, data, lists } = parts;
  const port = await freePort();
  const begin = (folder: string) => engine.program(folder, ['--backend', 'artifactapi,bkrepo', '--bkrepo-port', String(port), '--seed']);
  const before = await startUp(begin, parts.isFilled ? parts.empty : data, rounds);
  rmSync(parts.empty, { recursive: true, force: true });
  if (!parts.isFilled) await fill(engine, begin, parts);
  // The first one may have new indexes to make.
  await startUp(begin, data, 1);
  const after = await startUp(begin, data, rounds);
  const what = `${engine.name}: start-up with ${objects} objects, to an empty one (${Math.round(before)} ms)`;
  const bars: Bar[] = [{ what, measured: after / before, atMost: 3, unit: 'x' }];
  const memory = { atMost: MEMORY, unit: ' MiB', digits: 0 };
  const registry = await begin(data);
  try {
    bars.push(...(await measureLists({ registry, bkrepo: `http://127.0.0.1:${port}` }, { objects, rounds, engine: engine.name, lists })));
    bars.push({ ...memory, what: `${engine.name}: memory after all lists`, measured: peakOf(registry.pid) / 2 ** 20 });
  } finally {
    await registry.stop();
  }
  const peak = await collect(engine, data, objects * 10);
  return [...bars, { ...memory, what: `${engine.name}: ${ORPHANS} orphans collected among ${objects} objects, memory`, measured: peak }];
}

type Begin = (folder: string) => Promise<Program>;

/** Milliseconds that the registry takes to answer. */
async function startUp(begin: Begin, folder: string, rounds: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    const program = await begin(folder);
    times.push(performance.now() - started);
    await program.stop();
  }
  return median(times);
}

async function fill(engine: Engine, begin: Begin, { data, objects }: StoreParts): Promise<void> {
  process.stderr.write(`${engine.name}: ${objects} objects are made ...\n`);
  const program = await begin(data);
  await addRepositories(program.url);
  await program.stop();
  const store = await engine.store(data);
  await fillBlobs(store, { count: objects });
  await fillLists(store, engine.settle);
  await engine.settle?.();
  await store.close();
}

/** The memory that it takes to collect orphans, in MiB. */
async function collect(engine: Engine, data: string, from: number): Promise<number> {
  process.stderr.write(`${engine.name}: ${ORPHANS} orphans are collected ...\n`);
  const store = await engine.store(data);
  await fillBlobs(store, { from, count: ORPHANS });
  await store.close();
  const { peak, seconds, output } = await command(engine, ['gc', '--older-than', '0s', '--data', data]);
  process.stderr.write(`  ${output.trim()} in ${seconds.toFixed(0)} s\n`);
  return peak;
}

async function addRepositories(url: string): Promise<void> {
  await addRepository(url, { name: NAMES.cached, package_type: 'generic', base_url: 'http://127.0.0.1:1' });
  await addRepository(url, { name: NAMES.local, package_type: 'generic', repo_type: 'local' });
  await addRepository(url, { name: NAMES.npm, package_type: 'npm', repo_type: 'local' });
  await addRepository(url, { name: NAMES.images, package_type: 'docker', repo_type: 'local' });
}
