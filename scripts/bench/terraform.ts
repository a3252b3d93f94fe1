import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessSampler, type Usage } from './process-sampler';
import { cleanEnvironment } from './workspace';

/** How a command of Terraform's is run. */
export interface Command {
  /** The `terraform` or `tofu` executable. */
  readonly cli: string;
  readonly folder: string;
  readonly args: readonly string[];
  /** Added to the clean environment. @default {} */
  readonly env?: NodeJS.ProcessEnv;
}

/** What a command took, and what it wrote. */
export interface Result extends Usage {
  /** Milliseconds. */
  readonly wall: number;
  readonly output: string;
}

/** Runs a command and measures it; throws with what it wrote unless it ends with 0. */
export async function terraform({ cli, folder, args, env }: Command): Promise<Result> {
  const logFile = join(folder, 'last.log');
  const log = openSync(logFile, 'w');
  const started = performance.now();
  const child = spawn(cli, args, { cwd: folder, env: { ...cleanEnvironment(folder), ...env }, stdio: ['ignore', log, log] });
  closeSync(log);
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('exit', resolve));
  const sampler = child.pid === undefined ? undefined : new ProcessSampler(child.pid);
  const code = await ended.catch((cause: unknown) => {
    throw new Error(`${cli} cannot be started; name the executable by --cli`, { cause });
  });
  const wall = performance.now() - started;
  const usage = sampler?.stop() ?? { ownCpu: 0, childCpu: 0, childPeak: 0, treePeak: 0 };
  const output = readFileSync(logFile, 'utf8');
  if (code !== 0) throw new Error(`${cli} ${args.join(' ')} ended with ${code}:\n${output.slice(-2000)}`);
  return { wall, output, ...usage };
}

/** The first line of `terraform version`. */
export async function versionOf(cli: string, folder: string): Promise<string> {
  const { output } = await terraform({ cli, folder, args: ['version'] });
  return output.split('\n')[0] ?? '';
}
