import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** How a command ended, and what it said. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command in a folder of its own, as `npm run build` made it and as it lies in the package. */
export class BuiltCommand {
  readonly folder = mkdtempSync(join(tmpdir(), 'repoform-cli-'));
  private readonly script = join(this.folder, 'dist/repoform.js');
  private readonly children = new Set<ChildProcess>();

  constructor() {
    copyFileSync(join(root, 'package.json'), join(this.folder, 'package.json'));
    cpSync(join(root, 'templates'), join(this.folder, 'templates'), { recursive: true });
    const provider = join(root, 'dist/provider');
    cpSync(join(root, 'dist'), join(this.folder, 'dist'), { recursive: true, filter: (path) => path !== provider });
  }

  /** Adds the provider executables. */
  addProvider(): void {
    cpSync(join(root, 'dist/provider'), join(this.folder, 'dist/provider'), { recursive: true });
  }

  /** Adds what works with definitions. */
  addLibrary(): void {
    cpSync(join(root, 'lib/provider'), join(this.folder, 'lib/provider'), { recursive: true });
  }

  /** Runs the command to its end. */
  run(...args: string[]): Promise<Outcome> {
    return this.start(args).ended;
  }

  /** Starts the command; `line` waits for a line of its output, `ended` for its end. */
  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningCommand {
    const child = spawn(process.execPath, [this.script, ...args], {
      cwd: this.folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.children.add(child);
    child.once('exit', () => this.children.delete(child));
    return new RunningCommand(child);
  }

  /** Ends what still runs and removes the folder. */
  remove(): void {
    for (const child of this.children) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A command that may still run. */
export class RunningCommand {
  readonly ended: Promise<Outcome>;
  private stdout = '';
  private stderr = '';

  constructor(private readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (this.stdout += chunk));
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (this.stderr += chunk));
    this.ended = new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr })));
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Waits until the output matches; answers the first group. Throws when the command ends before. */
  async line(pattern: RegExp, stream: 'stdout' | 'stderr' = 'stdout'): Promise<string> {
    const found = (): string | undefined => pattern.exec(this[stream])?.[1];
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const text = found();
        if (text !== undefined) resolve(text);
      };
      look();
      this.child[stream]?.on('data', look);
      void this.ended.then(({ code, stderr }) => reject(new Error(`ended with ${String(code)} before: ${stderr}`)));
    });
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Does what the end of a terminal does: nobody reads any more, and the command is told. */
  hangUp(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
    this.child.kill('SIGHUP');
  }
}
