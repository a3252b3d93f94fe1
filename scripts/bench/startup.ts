import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createCertificate } from '../../src/protocol/certificate';
import { barRows } from './bar';
import { firstLine, type FirstLine } from './first-line';
import { type SmallPlan, smallPlan } from './small-plan';
import { median, medianRatio, rotated } from './statistics';
import { table } from './table';
import { bundled, cleanEnvironment, machine, providerFile, start, withFolder } from './workspace';

interface Program {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const options = {
    runs: { ...text, default: '20' },
    cli: { ...text, default: 'terraform' },
    provider: { ...text, default: providerFile() },
  };
  const { values } = parseArgs({ options });
  await withFolder(async (folder) => {
    const programs = programsOf(folder, values.provider);
    const lines = await measure(programs, { folder, runs: Number(values.runs) });
    const plan = await smallPlan({ folder, cli: values.cli, provider: values.provider });
    process.stdout.write(`${machine()}; ${values.runs} rounds, medians\n\n${linesTable(programs, lines)}\n\n`);
    process.stdout.write(`${barsTable(lines, { plan, size: statSync(values.provider).size })}\n\n${planText(plan)}\n`);
  });
}

function programsOf(folder: string, provider: string): Program[] {
  const line = join(folder, 'line.cjs');
  writeFileSync(line, "process.stdout.write('line\\n'); setTimeout(() => {}, 10_000);\n");
  return [
    { name: 'bare Node, one line', command: [process.execPath, line] },
    { name: 'floor', command: [process.execPath, bundled(folder, 'floor')] },
    { name: 'provider', command: [provider] },
  ];
}

/** As Terraform starts it, with a certificate of the client's, so that the provider makes its own. */
function handshakeEnvironment(folder: string): NodeJS.ProcessEnv {
  return {
    ...cleanEnvironment(folder),
    TF_PLUGIN_MAGIC_COOKIE: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2',
    PLUGIN_PROTOCOL_VERSIONS: '5,6',
    PLUGIN_CLIENT_CERT: createCertificate().pem,
  };
}

/** One list for each program; the rounds of all lie at the same places. */
async function measure(programs: readonly Program[], { folder, runs }: { folder: string; runs: number }): Promise<FirstLine[][]> {
  const env = handshakeEnvironment(folder);
  for (const { command } of programs) await firstLine(command, env);
  const lines: FirstLine[][] = programs.map(() => []);
  for (let round = 0; round < runs; round += 1) {
    for (const program of rotated(programs, round)) {
      lines[programs.indexOf(program)]?.push(await firstLine(program.command, env));
    }
  }
  return lines;
}

const walls = (lines: readonly FirstLine[] = []): number[] => lines.map(({ wall }) => wall);
const peak = (lines: readonly FirstLine[] = []): number => median(lines.map((line) => line.peak)) / 2 ** 20;

function linesTable(programs: readonly Program[], lines: readonly FirstLine[][]): string {
  const rows = programs.map(({ name }, index) => {
    const own = walls(lines[index]);
    const ratios = [lines[0], lines[1]].map((other) => `${medianRatio(own, walls(other)).toFixed(2)}x`);
    return [name, median(own).toFixed(1), ...ratios, peak(lines[index]).toFixed(0)];
  });
  return table([['exec to first line', 'ms', 'to bare Node', 'to floor', 'peak RSS MiB'], ...rows]);
}

function barsTable([, floor, provider]: readonly FirstLine[][], { plan, size }: { plan: SmallPlan; size: number }): string {
  return table(
    barRows([
      { what: 'exec to handshake line, to floor', measured: medianRatio(walls(provider), walls(floor)), atMost: 1.3, unit: 'x' },
      { what: 'peak RSS at the line', measured: peak(provider), atMost: 70, unit: ' MiB', digits: 0 },
      { what: 'provider peak RSS, plan of 5', measured: plan.peak / 2 ** 20, atMost: 110, unit: ' MiB', digits: 0 },
      { what: 'bundled provider', measured: size / 1e6, atMost: 1.5, unit: ' MB' },
    ]),
  );
}

const planText = ({ wall, starts, schemaCalls }: SmallPlan): string =>
  `plan of 5, unchanged: ${(wall / 1000).toFixed(2)} s, ${starts} provider starts, ${schemaCalls} GetProviderSchema`;

start(main);
