import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a command and the processes below it used. */
export interface Usage {
  /** Milliseconds of the command itself. */
  readonly ownCpu: number;
  /** Milliseconds of the processes below it. */
  readonly childCpu: number;
  /** Bytes; the most that one process below it had. */
  readonly childPeak: number;
  /** Bytes; the most that all had together. */
  readonly treePeak: number;
}

interface Stat {
  readonly name: string;
  readonly parent: number;
  readonly cpu: number;
  readonly resident: number;
}

const everyMilliseconds = 20;
const setting = (name: string): number => Number(execFileSync('getconf', [name], { encoding: 'utf8' }));

/** Watches a process tree by way of `/proc`; what a process uses in its last 20 ms may be missed. */
export class ProcessSampler {
  private readonly seen = new Map<number, Stat & { readonly peak: number }>();
  private readonly others = new Set<number>();
  private readonly timer: NodeJS.Timeout;
  private treePeak = 0;

  constructor(private readonly top: number) {
    this.sample();
    this.timer = setInterval(() => this.sample(), everyMilliseconds);
  }

  /** Stops watching. */
  stop(): Usage {
    clearInterval(this.timer);
    const below = [...this.seen].filter(([pid]) => pid !== this.top).map(([, stat]) => stat);
    return {
      ownCpu: this.seen.get(this.top)?.cpu ?? 0,
      childCpu: below.reduce((sum, { cpu }) => sum + cpu, 0),
      childPeak: Math.max(0, ...below.map(({ peak }) => peak)),
      treePeak: this.treePeak,
    };
  }

  private sample(): void {
    let total = 0;
    for (const pid of pids()) {
      const stat = this.others.has(pid) ? undefined : statOf(pid);
      if (!stat) continue;
      if (pid !== this.top && !this.seen.has(pid) && !this.seen.has(stat.parent)) {
        this.others.add(pid);
        continue;
      }
      // Between fork and exec a child still shows its parent's memory as its own.
      const borrowed = pid !== this.top && stat.name === this.seen.get(this.top)?.name;
      const resident = borrowed ? 0 : stat.resident;
      this.seen.set(pid, { ...stat, peak: Math.max(this.seen.get(pid)?.peak ?? 0, resident) });
      total += resident;
    }
    this.treePeak = Math.max(this.treePeak, total);
  }
}

/** The most memory that a process had so far, in bytes. */
export function peakOf(pid: number): number {
  const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return Number(kilobytes) * 1024;
}

/** Milliseconds of processor time that processes, and those directly below them that run, have used so far. */
export function cpuOf(tops: readonly number[]): number {
  const stats = pids().flatMap((pid) => ({ pid, stat: statOf(pid) }));
  return stats.reduce((sum, { pid, stat }) => sum + (stat && (tops.includes(pid) || tops.includes(stat.parent)) ? stat.cpu : 0), 0);
}

const pids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);

let units: { readonly page: number; readonly tick: number } | undefined;

function statOf(pid: number): Stat | undefined {
  units ??= { page: setting('PAGESIZE'), tick: 1000 / setting('CLK_TCK') };
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const end = text.lastIndexOf(')');
    const field = text.slice(end + 2).split(' ');
    return {
      name: text.slice(text.indexOf('(') + 1, end),
      parent: Number(field[1]),
      cpu: (Number(field[11]) + Number(field[12])) * units.tick,
      resident: Number(field[21]) * units.page,
    };
  } catch {
    return undefined;
  }
}
