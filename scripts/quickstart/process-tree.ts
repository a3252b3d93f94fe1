import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process, told from a later one with the same number by when it started. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly started: string;
}

/** The processes below these, at any depth. */
export function descendantsOf(pids: readonly number[], all: readonly Process[] = allProcesses()): Process[] {
  const children = all.filter(({ parent }) => pids.includes(parent));
  return children.length === 0
    ? []
    : [
        ...children,
        ...descendantsOf(
          children.map(({ pid }) => pid),
          all,
        ),
      ];
}

/** Those that still run. */
export function stillRunning(processes: readonly Process[]): Process[] {
  if (processes.length === 0) return [];
  const now = new Map(allProcesses().map((process) => [process.pid, process.started]));
  return processes.filter(({ pid, started }) => now.get(pid) === started);
}

function allProcesses(): Process[] {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

function fromProc(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return fields[0] === 'Z' ? [] : [{ pid: Number(name), parent: Number(fields[1]), started: fields[19] ?? '' }];
      } catch {
        return [];
      }
    });
}

function fromPs(): Process[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,lstart='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, started] = /^\s*(\d+)\s+(\d+)\s+(.*\S)\s*$/.exec(line) ?? [];
    return pid && parent && started ? [{ pid: Number(pid), parent: Number(parent), started }] : [];
  });
}
