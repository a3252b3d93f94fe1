import { parseArgs } from 'node:util';
import { type Bar, barRows } from './bar';
import { measureCold } from './registry/cold';
import { measureFiles } from './registry/files';
import { measureInstall } from './registry/install';
import { measureLists } from './registry/lists';
import { measureStores } from './registry/stores';
import { table } from './table';
import { machine, start, withFolder } from './workspace';

const usage = `npm run bench:registry -- [--rounds 3] [--seconds 3] [--only files,cold,install,lists,stores]
Needs nginx and wrk on the PATH (Debian: apt-get install nginx-light wrk); installs verdaccio into .repoform/bench once.
stores also needs PostgreSQL and versitygw, which .ci/clients installs.
`;

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { rounds: { ...text, default: '3' }, seconds: { ...text, default: '3' }, only: text, help: { type: 'boolean' } },
  });
  if (values.help) return void process.stdout.write(usage);
  const effort = { rounds: Number(values.rounds), seconds: Number(values.seconds) };
  const measures: Readonly<Record<string, (folder: string) => Promise<Bar[]>>> = {
    files: (folder) => measureFiles(folder, effort),
    cold: measureCold,
    install: (folder) => measureInstall(folder, effort),
    lists: (folder) => measureLists(folder, effort),
    stores: (folder) => measureStores(folder, effort),
  };
  const wanted = values.only?.split(',') ?? Object.keys(measures);
  const bars: Bar[] = [];
  await withFolder(async (folder) => {
    for (const name of wanted) {
      const measure = measures[name];
      if (!measure) throw new Error(`--only must name some of ${Object.keys(measures).join(', ')}, not ${JSON.stringify(name)}`);
      process.stderr.write(`${name} ...\n`);
      bars.push(...(await measure(folder)));
    }
  });
  process.stdout.write(`${machine()}; ${values.rounds} rounds\n\n${table(barRows(bars))}\n`);
}

start(main);
