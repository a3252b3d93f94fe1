import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { type Bar, barRows } from './bar';
import { median, medianRatio, rotated } from './statistics';
import { mebibytes, seconds, table, times } from './table';
import { bundled, machine, root, start, withFolder } from './workspace';

const library = join(root, 'lib/cdktf/artifactapi.js');
const kinds = ['bare', 'ours'] as const;
type Kind = (typeof kinds)[number];

/** Milliseconds; on a machine that does other things too, processor time is the steadier of the two. */
interface Times {
  readonly wall: number;
  readonly cpu: number;
}

interface Synthesis extends Times {
  readonly peak: number;
}

interface Size {
  readonly n: number;
  readonly samples: Readonly<Record<Kind, Synthesis[]>>;
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { n: { ...text, default: '1,1000,10000' }, rounds: { ...text, default: '5' } } });
  const rounds = Number(values.rounds);
  await withFolder(async (folder) => {
    const program = bundled(folder, 'synth-child');
    const sizes: Size[] = [];
    for (const n of values.n.split(',').map(Number)) {
      const samples: Record<Kind, Synthesis[]> = { bare: [], ours: [] };
      for (let round = 0; round < rounds; round += 1) {
        for (const kind of rotated(kinds, round)) samples[kind].push(await child<Synthesis>([program, kind, String(n), library, folder]));
      }
      sizes.push({ n, samples });
    }
    const imports = await importsOf(bundled(folder, 'import-child'), rounds * 3);
    process.stdout.write(`${machine()}; ${rounds} rounds, medians\n\n${sizesTable(sizes)}\n\n${table(barRows(barsOf(sizes, imports)))}\n`);
  });
}

async function importsOf(program: string, rounds: number): Promise<Times> {
  const samples: Times[] = [];
  for (let round = 0; round < rounds; round += 1) samples.push(await child<Times>([program, library]));
  return { wall: median(samples.map(({ wall }) => wall)), cpu: median(samples.map(({ cpu }) => cpu)) };
}

/** Each measurement has a process of its own, so that none inherits a warm compiler or a full heap. */
async function child<T>(args: readonly string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, [...args]);
  return JSON.parse(stdout) as T;
}

const of = (samples: readonly Synthesis[], key: keyof Synthesis): number[] => samples.map((sample) => sample[key]);
const ratio = ({ samples }: Size, key: keyof Synthesis): number => medianRatio(of(samples.ours, key), of(samples.bare, key));

function sizesTable(sizes: readonly Size[]): string {
  const rows = sizes.map((size) => {
    const { n, samples } = size;
    const wall = kinds.map((kind) => seconds(median(of(samples[kind], 'wall'))));
    const peak = kinds.map((kind) => mebibytes(median(of(samples[kind], 'peak'))));
    return [n, ...wall, times(ratio(size, 'wall')), times(ratio(size, 'cpu')), ...peak, times(ratio(size, 'peak'))];
  });
  return table([['remotes', 'bare s', 'ours s', 'ratio', 'ratio of CPU', 'bare peak MiB', 'ours peak MiB', 'ratio'], ...rows]);
}

function barsOf(sizes: readonly Size[], imports: Times): Bar[] {
  const ratios = sizes
    .filter(({ n }) => n >= 1000)
    .flatMap((size) => [
      { what: `time, ${size.n} remotes, to bare`, measured: ratio(size, 'wall'), atMost: 1.3, unit: 'x' },
      { what: `memory, ${size.n} remotes, to bare`, measured: ratio(size, 'peak'), atMost: 1.3, unit: 'x' },
    ]);
  const wall = (n: number, kind: Kind): number => median(of(sizes.find((size) => size.n === n)?.samples[kind] ?? [], 'wall'));
  const growth = (kind: Kind): number => wall(10_000, kind) / wall(1000, kind);
  const linear = {
    what: `time, 10,000 to 1,000 (bare: ${growth('bare').toFixed(1)}x)`,
    measured: growth('ours'),
    atMost: 10,
    unit: 'x',
    digits: 1,
  };
  return [
    ...ratios,
    ...(Number.isFinite(linear.measured) ? [linear] : []),
    {
      what: `import of repoform/artifactapi after cdktf (CPU: ${imports.cpu.toFixed(0)} ms)`,
      measured: imports.wall,
      atMost: 60,
      unit: ' ms',
      digits: 0,
    },
  ];
}

start(main);
