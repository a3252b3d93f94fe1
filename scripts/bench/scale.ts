import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Bar, barRows } from './bar';
import { type Engine, inBucket, postgresql, s3Program, type S3Program, sqlite } from './registry/engines';
import { listRows, type ListTime } from './registry/scale/pages';
import { measurePut } from './registry/scale/put';
import { measureStore } from './registry/scale/store';
import { measureUpkeep } from './registry/scale/upkeep';
import { table } from './table';
import { machine, start, withFolder } from './workspace';

const usage = `npm run bench:scale -- [--objects 1000000] [--orphans 100000] [--rounds 3] [--engines sqlite,postgresql] [--only store,put,upkeep] [--lists REGEXP] [--gigabytes 5] [--files 100000] [--data FOLDER] [--folder FOLDER]
A registry with many objects: its lists, start and garbage collection; uploads of that many gigabytes; fsck, export, import and migrate of files.
Each page of a list is asked for so many rounds, short ones more often, and counts with its shortest time. PostgreSQL and versitygw are measured where
.ci/clients has installed them, together where both are. All of it takes an hour and 20 GB of disk. With --data, the store of SQLite
stays in that folder, for the next run to use. Everything else is in a new folder within --folder; each file that is written waits for its disk, so
100,000 of them take an hour unless that is in memory.
`;

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      objects: { ...text, default: '1000000' },
      orphans: { ...text, default: '100000' },
      rounds: { ...text, default: '3' },
      engines: { ...text, default: 'sqlite,postgresql' },
      only: { ...text, default: 'store,put,upkeep' },
      gigabytes: { ...text, default: '5' },
      lists: { ...text, default: '' },
      files: { ...text, default: '100000' },
      data: text,
      folder: text,
      help: { type: 'boolean' },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  const [objects, orphans, rounds] = [values.objects, values.orphans, values.rounds].map(Number) as [number, number, number];
  const wanted = values.only.split(',');
  const bars: Bar[] = [];
  const lists = new Map<string, readonly ListTime[]>();
  await withFolder(async (folder) => {
    const names = wanted.includes('store') ? values.engines.split(',') : [];
    const s3 = names.includes('postgresql') ? await s3Program(join(folder, 's3')) : undefined;
    try {
      for (const engine of await enginesNamed(names, s3)) {
        const data = engine === sqlite && values.data !== undefined ? values.data : join(folder, engine.name);
        const parts = { objects, orphans, rounds, data, empty: join(folder, 'empty'), isFilled: existsSync(data) };
        const result = await measureStore(engine, { ...parts, lists: new RegExp(values.lists) });
        bars.push(...result.bars);
        lists.set(engine.name, result.lists);
      }
    } finally {
      await s3?.stop();
    }
    if (wanted.includes('upkeep')) bars.push(...(await measureUpkeep(join(folder, 'upkeep'), Number(values.files))));
    if (wanted.includes('put')) bars.push(...(await measurePut(join(folder, 'put'), Number(values.gigabytes))));
  }, values.folder);
  process.stdout.write(`${machine()}; ${objects} objects, ${rounds} rounds\n\n`);
  if (lists.size > 0) process.stdout.write(`${table(listRows(lists))}\n\n`);
  process.stdout.write(`${table(barRows(bars))}\n`);
}

async function enginesNamed(names: readonly string[], s3: S3Program | undefined): Promise<Engine[]> {
  const engines: Engine[] = [];
  for (const name of names) {
    const engine = name === 'sqlite' ? sqlite : name === 'postgresql' ? await postgresql() : fail(name);
    if (engine) engines.push(s3 && engine !== sqlite ? inBucket(engine, s3) : engine);
    else process.stderr.write(`${name} is not installed (.ci/clients installs it)\n`);
  }
  return engines;
}

function fail(name: string): never {
  throw new Error(`--engines must name some of sqlite, postgresql, not ${JSON.stringify(name)}`);
}

start(main);
