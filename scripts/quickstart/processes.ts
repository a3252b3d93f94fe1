import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendantsOf, type Process, stillRunning } from './process-tree';

/** A command to run. */
export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** File that keeps everything it prints. */
  readonly log: string;
  /** Told of each line as it comes. */
  readonly onLine?: (line: string) => void;
}

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A command that failed, with the end of what it printed. */
export class CommandFailure extends Error {
  constructor(
    message: string,
    readonly output: string,
  ) {
    super(message);
  }
}

const patience = 5000;

/** Everything the quickstart starts, so that it can stop all of it. */
export class Processes {
  private readonly running = new Map<ChildProcess, Promise<Ended>>();
  private stopping = false;

  /** Starts a command in a process group of its own; `ended` is what became of it. */
  start(line: CommandLine): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
    if (this.stopping) throw new Error('stopped');
    const { command, args, cwd, env } = line;
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = collect(child, line).finally(() => this.running.delete(child));
    ended.catch(() => undefined);
    this.running.set(child, ended);
    return { child, ended };
  }

  /** Runs a command to its end; throws with the end of what it printed when it fails. */
  async run(line: CommandLine): Promise<string> {
    const { code, output } = await this.start(line).ended;
    if (code === 0) return output;
    const what = `${line.command} ${line.args.slice(0, 2).join(' ')}`;
    throw new CommandFailure(`"${what}" failed; all it said is in ${relative(process.cwd(), line.log)}`, tail(output));
  }

  /** Stops all that still runs, politely first, with everything below it. */
  async stop(): Promise<void> {
    this.stopping = true;
    const children = [...this.running.keys()].filter((child) => child.pid !== undefined);
    const ends = [...this.running.values()].map((ended) => ended.catch(() => undefined));
    const below = descendantsOf(children.map((child) => child.pid as number));
    for (const child of children) signal(-(child.pid as number), 'SIGINT');
    await Promise.race([Promise.all(ends), sleep(patience, undefined, { ref: false })]);
    for (const { pid } of stillRunning(below)) signal(pid, 'SIGTERM');
    await gone(below);
    for (const child of this.running.keys()) signal(-(child.pid as number), 'SIGKILL');
    for (const { pid } of stillRunning(below)) signal(pid, 'SIGKILL');
    await gone(below);
  }
}

async function gone(processes: readonly Process[]): Promise<void> {
  const until = Date.now() + patience;
  while (Date.now() < until && stillRunning(processes).length > 0) await sleep(50);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself meanwhile.
  }
}

function collect(child: ChildProcess, { command, log, onLine }: CommandLine): Promise<Ended> {
  const file = createWriteStream(log);
  let output = '';
  let rest = '';
  const take = (chunk: string): void => {
    file.write(chunk);
    output += chunk;
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') onLine?.(line.trim());
  };
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', take);
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(`cannot start "${command}": ${cause.message}`)));
    child.once('close', (code) => {
      file.end();
      resolve({ code, output });
    });
  });
}

function tail(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-15).join('\n');
}
