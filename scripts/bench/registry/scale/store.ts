import { rmSync } from 'node:fs';
import { type Bar } from '../../bar';
import { peakOf } from '../../process-sampler';
import { type Engine } from '../engines';
import { freePort, type Program } from '../programs';
import { addRepository } from '../upstream';
import { clusterLists, fillCluster, KUBESPHERE_LOGIN, KUBESPHERES } from './cluster';
import { fillBlobs, fillLists, NAMES } from './fill';
import { listsOf } from './lists';
import { collectOrphans } from './orphans';
import { type List, listBars, type ListTime, timeLists } from './pages';

/** How often start-up is measured at least. */
const LEAST_STARTS = 5;
/** What the process may have at most, in MiB. */
const MEMORY = 400;

/** What is measured, and where. */
export interface StoreParts {
  readonly objects: number;
  /** How many more nothing refers to. */
  readonly orphans: number;
  readonly rounds: number;
  readonly data: string;
  /** A folder for a registry that has nothing. */
  readonly empty: string;
  readonly isFilled: boolean;
  /** What the names of the lists have that are measured. */
  readonly lists: RegExp;
}

/** What was measured of a store. */
export interface StoreResult {
  readonly bars: readonly Bar[];
  readonly lists: readonly ListTime[];
}

/** A store with many objects: how it starts, its lists, and collecting what nothing refers to. */
export async function measureStore(engine: Engine, parts: StoreParts): Promise<StoreResult> {
  const { objects, orphans, rounds, data } = parts;
  const port = await freePort();
  const begin = (folder: string) => engine.program(folder, ['--backend', 'artifactapi,bkrepo', '--bkrepo-port', String(port), '--seed']);
  const before = await startUp(begin, parts.isFilled ? parts.empty : data, rounds);
  rmSync(parts.empty, { recursive: true, force: true });
  if (!parts.isFilled) await fill(engine, begin, parts);
  // The first one may have new indexes to make.
  await startUp(begin, data, 1);
  const after = await startUp(begin, data, rounds);
  const registry = await begin(data);
  const memory = { atMost: MEMORY, unit: ' MiB', digits: 0 };
  const lists: ListTime[] = [];
  const bars: Bar[] = [];
  try {
    lists.push(...(await timed(listsOf({ registry, bkrepo: `http://127.0.0.1:${port}` }, objects), { ...parts, login: 'admin:password' })));
    bars.push({
      ...memory,
      what: `${engine.name}: memory after all lists`,
      measured: peakOf(registry.pid) / 2 ** 20,
    });
  } finally {
    await registry.stop();
  }
  lists.push(...(await measureClusters(engine, parts)));
  const { peak, seconds } = orphans > 0 ? await collectOrphans(engine, data, { count: orphans, from: objects * 10 }) : NOTHING;
  const start = `${engine.name}: start-up with ${objects} objects, to an empty one (${Math.round(before)} ms)`;
  const gc = `${engine.name}: ${orphans} orphans with their bytes collected among ${objects} objects (${seconds.toFixed(0)} s), memory`;
  return {
    lists,
    bars: [
      ...listBars(engine.name, lists),
      { what: start, measured: after / before, atMost: 3, unit: 'x' },
      ...bars,
      ...(orphans > 0 ? [{ ...memory, what: gc, measured: peak }] : []),
    ],
  };
}

/** The lists of KubeSphere's versions, one process after the other. */
async function measureClusters(engine: Engine, parts: StoreParts): Promise<ListTime[]> {
  const times: ListTime[] = [];
  for (const version of KUBESPHERES) {
    const program = await engine.program(parts.data, ['--backend', 'kubesphere', '--kubesphere-version', version]);
    try {
      times.push(...(await timed(clusterLists(program.url, version, parts.objects), { ...parts, login: KUBESPHERE_LOGIN })));
    } finally {
      await program.stop();
    }
  }
  return times;
}

function timed(lists: readonly List[], { rounds, login, lists: wanted }: StoreParts & { readonly login: string }): Promise<ListTime[]> {
  return timeLists(
    lists.filter(({ what }) => wanted.test(what)),
    { rounds, login },
  );
}

const NOTHING = { peak: NaN, seconds: NaN };

type Begin = (folder: string) => Promise<Program>;

/** Milliseconds that the registry takes to answer, at its best. */
async function startUp(begin: Begin, folder: string, rounds: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < Math.max(rounds, LEAST_STARTS); round++) {
    const started = performance.now();
    const program = await begin(folder);
    times.push(performance.now() - started);
    await program.stop();
  }
  return Math.min(...times);
}

async function fill(engine: Engine, begin: Begin, { data, objects }: StoreParts): Promise<void> {
  process.stderr.write(`${engine.name}: ${objects} objects are made ...\n`);
  const program = await begin(data);
  await addRepositories(program.url);
  await program.stop();
  const started = performance.now();
  const store = await engine.store(data);
  await fillBlobs(store, { count: objects });
  await fillLists(store, engine.settle);
  await fillCluster(store, objects);
  await engine.settle?.();
  await store.close();
  process.stderr.write(`  in ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
}

async function addRepositories(url: string): Promise<void> {
  await addRepository(url, { name: NAMES.cached, package_type: 'generic', base_url: 'http://127.0.0.1:1' });
  await addRepository(url, { name: NAMES.local, package_type: 'generic', repo_type: 'local' });
  await addRepository(url, { name: NAMES.npm, package_type: 'npm', repo_type: 'local' });
  await addRepository(url, { name: NAMES.modules, package_type: 'puppet', repo_type: 'local' });
  await addRepository(url, { name: NAMES.charts, package_type: 'helm', repo_type: 'local' });
  await addRepository(url, { name: NAMES.images, package_type: 'docker', repo_type: 'local' });
}
