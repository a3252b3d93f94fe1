import { createHash } from 'node:crypto';
import { existsSync, linkSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** The file that names the database whose blobs a folder holds. */
const MARK = 'registry.database';

const held = new Set<string>();

/** Takes a data folder for this process, or throws and names the process that has it; the answer gives it back. */
export function lockFolder(folder: string): () => void {
  if (existsSync(join(folder, MARK)))
    throw new Error(
      `the data folder ${folder} has its metadata in PostgreSQL; name that with --database-url, or choose another data folder`,
    );
  const file = join(folder, 'registry.lock');
  if (held.has(file)) throw inUse(folder, process.pid);
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }));
  try {
    for (let attempt = 0; !tryLink(mine, file); attempt++) {
      const owner = liveOwner(file);
      if (owner !== undefined || attempt > 3) throw inUse(folder, owner);
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
  held.add(file);
  return () => {
    held.delete(file);
    rmSync(file, { force: true });
  };
}

/** Gives a folder to the processes that share a database, and refuses one that holds the blobs of another. */
export function claimFolder(folder: string, database: string): void {
  if (existsSync(join(folder, 'registry.db')))
    throw new Error(`the data folder ${folder} has its metadata in a file of its own, registry.db; choose another data folder`);
  const file = join(folder, MARK);
  const mine = `${file}.${ownerTag()}`;
  writeFileSync(mine, database);
  try {
    if (tryLink(mine, file) || readFileSync(file, 'utf8') === database) return;
  } finally {
    rmSync(mine, { force: true });
  }
  throw new Error(`the data folder ${folder} belongs to another database; choose another data folder, or that database`);
}

/** Leaves a folder that has nothing but the mark of a database to whoever wants it. */
export function unclaimFolder(folder: string): void {
  if (readdirSync(folder).every((name) => name === MARK)) rmSync(join(folder, MARK), { force: true });
}

/** A name for this process among those of all machines that share a folder. */
export function ownerTag(): string {
  return [machine(), process.pid, startOf(process.pid)].join('-');
}

/** Whether the process that a name starts with runs no more; one of another machine is never known to be gone. */
export function isGone(name: string): boolean {
  const [where, pid, started = ''] = name.split('-');
  if (where !== machine() || Number.isNaN(Number(pid))) return false;
  return !isAlive(Number(pid)) || startOf(Number(pid)) !== started;
}

/** The numbers of processes mean something on one machine and, within it, in one container. */
function machine(): string {
  let container = '';
  try {
    container = readlinkSync('/proc/self/ns/pid');
  } catch {
    // A system without containers.
  }
  return createHash('sha256').update(hostname()).update(container).digest('hex').slice(0, 12);
}

function inUse(folder: string, pid: number | undefined): Error {
  const who = pid === undefined ? 'another process' : `process ${pid}`;
  return new Error(`the data folder ${folder} is in use by ${who}; stop it, or choose another data folder`);
}

/** A link appears whole or not at all, so no process ever reads a lock that is half written. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

/** The process that wrote the lock, when it still runs; a number that another process has taken over since does not count. */
function liveOwner(file: string): number | undefined {
  try {
    const { pid, started } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; started: string };
    if (pid === process.pid) return undefined;
    return isAlive(pid) && startOf(pid) === started ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The start time of a process, where the system tells it; empty elsewhere, which makes all equal. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A process that ended and that nobody waited for holds nothing.
    return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : (fields[19] ?? '');
  } catch {
    return '';
  }
}
