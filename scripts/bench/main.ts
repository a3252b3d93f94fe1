import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Api } from './api';
import { barRows } from './bar';
import { svg } from './chart';
import { limit, ours, restapi } from './contender';
import { chartsOf } from './charts';
import { estateOf, type Options, optionsOf, usage } from './options';
import { bars, summaryTable } from './report';
import { type Run, runOnce } from './run';
import { rotated } from './statistics';
import { type PhaseSummary, summarise } from './summary';
import { seconds, table } from './table';
import { versionOf } from './terraform';
import { machine, start, withFolder } from './workspace';

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  if (!options) return void process.stdout.write(usage);
  await withFolder(async (folder) => {
    const cli = options.cli.includes('/') ? resolve(options.cli) : options.cli;
    const about = { ...options, machine: machine(), cli: await versionOf(cli, folder), date: new Date().toISOString().slice(0, 10) };
    const runs = await measure({ ...options, cli }, folder, (so) => {
      if (options.out) writeFileSync(options.out, `${JSON.stringify({ about, summaries: summarise(so), runs: so }, null, 1)}\n`);
    });
    const summaries = summarise(runs);
    if (options.svg) drawCharts(options.svg, summaries, estateOf(options).title);
    print(options, { machine: about.machine, cli: about.cli, summaries });
  });
}

async function measure(options: Options, folder: string, save: (runs: readonly Run[]) => void): Promise<Run[]> {
  const estate = estateOf(options);
  const all = [limit(estate), ours(estate, options.build), ...(options.peer ? [restapi(estate, resolve(options.peer))] : [])];
  const contenders = all.filter(({ name }) => options.only?.includes(name) ?? true);
  if (contenders.length === 0) throw new Error(`--only must name one of ${all.map(({ name }) => name).join(', ')}`);
  const api = await Api.start(folder);
  const setting = { api, folder, cli: options.cli, latency: options.latency, parallelism: options.parallelism };
  const runs: Run[] = [];
  try {
    for (const n of options.sizes) {
      for (let round = 0; round < options.rounds; round += 1) {
        for (const contender of rotated(contenders, round)) {
          const run = await runOnce(setting, contender, { n, round });
          runs.push(run);
          save(runs);
          process.stderr.write(`${progressOf(run)}\n`);
        }
      }
    }
  } finally {
    await api.stop();
  }
  return runs;
}

const progressOf = ({ n, round, contender, samples }: Run): string =>
  `N = ${n}, round ${round + 1}, ${contender}: ${Object.entries(samples)
    .map(([phase, { wall }]) => `${phase} ${seconds(wall)} s`)
    .join(', ')}`;

function drawCharts(folder: string, summaries: readonly PhaseSummary[], objects: string): void {
  mkdirSync(folder, { recursive: true });
  for (const { file, chart } of chartsOf(summaries, objects)) writeFileSync(join(folder, file), svg(chart));
}

function print(options: Options, found: { machine: string; cli: string; summaries: readonly PhaseSummary[] }): void {
  const setting = `${options.latency} ms latency, -parallelism=${options.parallelism}, ${options.rounds} rounds, medians`;
  const estate = estateOf(options);
  const held = table(barRows(bars(found.summaries, estate)));
  const parts = [`${found.cli}; ${found.machine}`, `${estate.title}; ${setting}`, '', summaryTable(found.summaries), '', held];
  process.stdout.write(`${parts.join('\n')}\n`);
}

start(main);
