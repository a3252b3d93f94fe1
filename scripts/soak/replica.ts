import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../bench/workspace';
import { type Ledger, Outages } from './ledger';

const PATIENCE_MS = 60_000;
/** How long after it is ready again clients may not have noticed. */
const TAIL_MS = 700;

/** What a process uses. */
export interface Usage {
  /** Bytes after collection. */
  readonly memory: NodeJS.MemoryUsage;
  /** What its event loop waits for, by kind. */
  readonly resources: Readonly<Record<string, number>>;
}

/** How a process of the registry is run. */
export interface ReplicaOptions {
  readonly name: string;
  readonly ports: { readonly artifactapi: number; readonly bkrepo: number; readonly kubesphere?: number };
  /** A folder for its data, its temporary files and its log. */
  readonly folder: string;
  readonly data: string;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** Whether clients are at once given to another process. */
  readonly isBalanced: boolean;
}

/** A process of the registry as it is shipped, which is killed and started again. */
export class Replica {
  /** The times at which its clients may fail. */
  readonly outages = new Outages();
  /** The times at which those may fail that ask it and no other. */
  readonly absences = new Outages();
  /** How often it was started. */
  starts = 0;
  /** When it was started last. */
  since = 0;
  #child: ChildProcess | undefined;
  #isEnding = false;
  #gone = new AbortController();

  constructor(
    readonly options: ReplicaOptions,
    private readonly ledger: Ledger,
  ) {
    mkdirSync(this.temporary, { recursive: true });
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** The folder for its temporary files. */
  get temporary(): string {
    return join(this.options.folder, 'tmp');
  }

  get log(): string {
    return join(this.options.folder, 'log');
  }

  get url(): string {
    return `http://127.0.0.1:${this.options.ports.artifactapi}`;
  }

  async start(): Promise<void> {
    const { ports, data, env, args, name } = this.options;
    const { artifactapi, bkrepo, kubesphere } = ports;
    const places = [
      '--port',
      `${artifactapi}`,
      '--bkrepo-port',
      `${bkrepo}`,
      ...(kubesphere ? ['--kubesphere-port', `${kubesphere}`] : []),
    ];
    const backend = kubesphere ? 'all' : 'artifactapi,bkrepo';
    const node = ['--expose-gc', '--require', join(root, 'scripts/soak/probe.cjs'), join(root, 'dist/repoform.js')];
    const child = spawn(process.execPath, [...node, 'registry', '--backend', backend, ...places, '--data', data, ...args], {
      env: { PATH: process.env.PATH, TMPDIR: this.temporary, ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child = child;
    this.#isEnding = false;
    const gone = (this.#gone = new AbortController());
    this.starts += 1;
    child.stderr?.on('data', (text: Buffer) => appendFileSync(this.log, text));
    child.on('error', () => undefined);
    child.once('exit', (code, signal) => {
      gone.abort();
      if (!this.#isEnding) this.ledger.fail(`${name} ended by itself with ${code ?? signal}; its log is ${this.log}`);
    });
    for (const until = Date.now() + PATIENCE_MS; ; await sleep(50)) {
      const answer = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
      await answer?.arrayBuffer();
      if (answer?.ok) break;
      if (child.exitCode !== null || Date.now() > until) throw new Error(`${name} does not start; its log is ${this.log}`);
    }
    this.since = Date.now();
  }

  /** Kills it, and starts it again after a while. */
  async restart(pause: number): Promise<void> {
    const end = this.outages.begin(`kill of ${this.options.name}`);
    const back = this.absences.begin(`absence of ${this.options.name}`);
    await this.#end('SIGKILL');
    if (this.options.isBalanced) end(TAIL_MS);
    await sleep(pause);
    await this.start();
    if (!this.options.isBalanced) end(TAIL_MS);
    back(TAIL_MS);
  }

  /** Ends it as a service manager does; the answer is its exit code. */
  stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  /** What it uses after collection. */
  async usage(): Promise<Usage> {
    return (await this.#ask({})) as Usage;
  }

  /** Writes what its heap holds into its folder. */
  async heapSnapshot(name: string): Promise<void> {
    await this.#ask({ heapSnapshot: join(this.options.folder, name) });
  }

  /** Its open files, and how many there are of each other kind. */
  handles(): { readonly files: readonly string[]; readonly counts: Readonly<Record<string, number>> } {
    const files: string[] = [];
    const counts: Record<string, number> = {};
    for (const fd of readdirSync(`/proc/${this.pid}/fd`)) {
      const target = linkOf(`/proc/${this.pid}/fd/${fd}`);
      if (target === undefined) continue;
      const [kind = ''] = target.split(':[');
      if (target.startsWith('/') && !target.startsWith('/dev/')) files.push(target);
      else counts[kind] = (counts[kind] ?? 0) + 1;
    }
    return { files: files.sort(), counts };
  }

  /** Its errors, as its log has them. */
  errors(): string[] {
    const lines = readFileSync(this.log, { encoding: 'utf8', flag: 'a+' }).split('\n');
    return lines.filter((line) => /"level":"error"|^\s+at |Error:/.test(line));
  }

  async #ask(message: object): Promise<unknown> {
    const child = this.#child;
    if (!child?.connected) throw new Error(`${this.options.name} does not run`);
    // A child that is killed meanwhile answers nothing, and an error event would also end those who wait for its exit.
    const stop = AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), this.#gone.signal]);
    const answer = once(child, 'message', { signal: stop });
    child.send(message, () => undefined);
    return ((await answer) as [unknown])[0];
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (!child) return null;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    this.#isEnding = true;
    const gone = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    const [code] = await gone;
    clearTimeout(patience);
    return code;
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    // It was closed meanwhile.
    return undefined;
  }
}
