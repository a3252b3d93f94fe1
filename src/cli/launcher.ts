import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const everyMilliseconds = 500;
const managers = ['npm', 'npx', 'pnpm', 'pnpx', 'yarn', 'yarnpkg', 'bun', 'bunx'];

/**
 * Calls `gone` when the package manager that started this process is gone.
 *
 * `npx` and its like put a shell between themselves and the command. A signal to `npx` reaches that shell at most, which ends without a
 * word to its child. Whoever started the command otherwise, a shell or a step of a CI job, may end before it.
 */
export function watchLauncher(gone: () => void): void {
  // All of them set it for what they start, so that others do not look for a process in vain.
  if (process.env['npm_config_user_agent'] === undefined) return;
  const parent = process.ppid;
  const launcher = launcherFrom(parent);
  if (launcher === undefined) return;
  const timer = setInterval(() => {
    if (process.ppid === parent && isAlive(launcher)) return;
    clearInterval(timer);
    gone();
  }, everyMilliseconds);
  timer.unref();
}

/** The package manager that is this process, or that started it if it is a shell with one command. */
function launcherFrom(pid: number): number | undefined {
  const found = processOf(pid);
  if (found === undefined) return undefined;
  const { words, parent } = found;
  if (words.slice(0, 2).some((word) => managers.includes(basename(word).replace(/\.[cm]?js$/, '')))) return pid;
  return /^-?(ba|da|a)?sh$/.test(basename(words[0] ?? '')) && words[1] === '-c' ? launcherFrom(parent) : undefined;
}

interface Process {
  readonly parent: number;
  /** What it was started as, cut at spaces. */
  readonly words: readonly string[];
}

function processOf(pid: number): Process | undefined {
  try {
    return existsSync('/proc/self/stat') ? fromProc(pid) : fromPs(pid);
  } catch {
    return undefined;
  }
}

function fromProc(pid: number): Process {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/);
  // The name in parentheses may hold anything; the state and the parent follow it.
  return { parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]), words };
}

function fromPs(pid: number): Process {
  const text = execFileSync('ps', ['-o', 'ppid=', '-o', 'args=', '-p', String(pid)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [parent, ...words] = text.trim().split(/\s+/);
  return { parent: Number(parent), words };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
