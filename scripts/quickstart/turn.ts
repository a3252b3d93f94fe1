import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from './environment';

/** Names the process whose turn it is: two quickstarts at once would pull the folders from under each other. */
const defaultFile = join(root, '.repoform/quickstart.pid');

/** Why it is not this process's turn, or nothing when it is from now on. */
export function turnProblem(file: string = defaultFile): string | undefined {
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return undefined;
  } catch {
    const other = Number(readFileSync(file, 'utf8'));
    if (isRunning(other))
      return `another quickstart runs as process ${other}; wait for it, or stop it (if that is something else, remove ${relative(process.cwd(), file)})`;
    rmSync(file, { force: true });
    return turnProblem(file);
  }
}

/** Ends this process's turn. */
export function endTurn(file: string = defaultFile): void {
  rmSync(file, { force: true });
}

function isRunning(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
