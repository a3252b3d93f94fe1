import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { PlanError } from './plan-error';

/** How a command ended that was run to its end, and what it printed, without colours. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a command runs, and what it is for. */
export interface Running {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** What it does, for messages, e.g. `planning "registry"`. */
  readonly doing: string;
  /** Milliseconds after which it is stopped. */
  readonly timeout: number;
  /** Told what is being done, once it takes more than two seconds, and then every fifteen. */
  onProgress?(doing: string, seconds: number): void;
}

/** The variable by which the CDK cores are told which Terraform or OpenTofu to use. */
const VARIABLE = 'TERRAFORM_BINARY_NAME';

/**
 * The Terraform or OpenTofu to run: the one given, the one that `TERRAFORM_BINARY_NAME` names, or else `terraform` or `tofu` on the PATH.
 * Throws if there is none.
 */
export function findCore(given: string | undefined, env: NodeJS.ProcessEnv): string {
  const named = given ?? (env[VARIABLE] || undefined);
  if (named === undefined) {
    const found = ['terraform', 'tofu'].find((name) => isOnPath(name, env));
    if (found !== undefined) return found;
    throw new PlanError('neither "terraform" nor "tofu" is on the PATH; install one of the two, or name one with --core-binary');
  }
  if (isOnPath(named, env)) return named;
  const origin = given === undefined ? ` (${VARIABLE})` : '';
  throw new PlanError(`"${named}"${origin} is not an executable; name a Terraform or OpenTofu binary`);
}

function isOnPath(name: string, env: NodeJS.ProcessEnv): boolean {
  const extensions = process.platform === 'win32' ? ['', '.exe'] : [''];
  const places = /[\\/]/.test(name) ? [name] : (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name));
  return places.some((place) => extensions.some((extension) => isExecutable(place + extension)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has just ended.
  }
}

/**
 * Runs a command to its end; without arguments, a line of shell. Interrupts are passed on, so that a core can release its lock. Throws if
 * it cannot be started, takes too long or is interrupted.
 */
export function runToEnd(command: string, args: readonly string[], { cwd, env, doing, timeout, onProgress }: Running): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // A group of its own: each signal then reaches the command, and what it started, once.
    const detached = process.platform !== 'win32';
    const child = spawn(command, [...args], { cwd, env, detached, shell: args.length === 0, stdio: ['ignore', 'pipe', 'pipe'] });
    const kill = (signal: NodeJS.Signals): void =>
      void (detached && child.pid !== undefined ? killGroup(child.pid, signal) : child.kill(signal));
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    const started = Date.now();
    const report = (): void => onProgress?.(doing, Math.round((Date.now() - started) / 1000));
    const timers = [setTimeout(report, 2000), setInterval(report, 15_000)];
    let stopped: string | undefined;
    const limit = setTimeout(() => {
      stopped = `${doing} took more than ${timeout / 1000} s and was stopped; raise the limit with --timeout`;
      kill('SIGTERM');
      setTimeout(() => kill('SIGKILL'), 5000).unref();
    }, timeout);
    const pass = (signal: NodeJS.Signals): void => {
      stopped ??= `${doing} was interrupted`;
      kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const signal of signals) process.on(signal, pass);
    const end = (): void => {
      for (const timer of [...timers, limit]) clearTimeout(timer);
      for (const signal of signals) process.removeListener(signal, pass);
    };
    child.once('error', (cause) => {
      end();
      reject(new PlanError(`"${command}" cannot be started: ${cause.message}`));
    });
    child.once('close', (status, signal) => {
      end();
      const said = stripVTControlCharacters(Buffer.concat(stderr).toString());
      if (stopped !== undefined) return reject(new PlanError(stopped, said));
      if (status === null) return reject(new PlanError(`${doing} was ended by ${String(signal)}`, said));
      resolve({ status, stdout: stripVTControlCharacters(Buffer.concat(stdout).toString()), stderr: said });
    });
  });
}
