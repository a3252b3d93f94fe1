import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Listr } from 'listr2';
import { root, work } from './environment';
import { CommandFailure, Processes } from './processes';
import { type Run, steps } from './steps';
import { summary } from './summary';
import { terraformProblem } from './terraform-command';
import { endTurn, turnProblem } from './turn';

const interrupted = 130;

/** Runs the quickstart when nothing stands against it; answers the exit code. */
async function main(): Promise<number> {
  const problem = terraformProblem(process.env) ?? buildProblem() ?? turnProblem();
  if (problem) return complain(problem);
  try {
    return await quickstart();
  } finally {
    endTurn();
  }
}

async function quickstart(): Promise<number> {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const processes = new Processes();
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    void processes.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  const began = Date.now();
  try {
    const run = { processes } as Run;
    await new Listr<Run>([...steps], { ctx: run, registerSignalListeners: false, rendererOptions: { showErrorMessage: false } }).run();
    if (stopped) throw new Error('stopped');
    await processes.stop();
    process.stdout.write(summary(run, Math.round((Date.now() - began) / 1000)));
    return 0;
  } catch (thrown) {
    await processes.stop();
    if (!stopped) return complain(describe(thrown));
    process.stderr.write('\nStopped. Nothing is left running.\n');
    return interrupted;
  }
}

function describe(thrown: unknown): string {
  if (thrown instanceof CommandFailure) return `${thrown.message}\n\n${thrown.output}`;
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function buildProblem(): string | undefined {
  return existsSync(join(root, 'dist/repoform.js')) ? undefined : 'the build is missing; "npm run quickstart" makes it first';
}

function complain(problem: string): number {
  process.stderr.write(`\nquickstart: ${problem}\n`);
  return 1;
}

void main().then((code) => process.exit(code));
