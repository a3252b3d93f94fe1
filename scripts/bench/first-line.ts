import { spawn } from 'node:child_process';
import { peakOf } from './process-sampler';

/** What it took a program to write its first line. */
export interface FirstLine {
  /** Milliseconds from exec. */
  readonly wall: number;
  /** Bytes. */
  readonly peak: number;
}

/** Starts a program, waits for its first line, and ends it. */
export function firstLine(command: readonly [string, ...string[]], env: NodeJS.ProcessEnv): Promise<FirstLine> {
  const [file, ...args] = command;
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`${file} ended without writing a line`)));
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (!text.includes('\n') || child.killed) return;
      const wall = performance.now() - started;
      resolve({ wall, peak: peakOf(child.pid ?? 0) });
      child.kill('SIGKILL');
    });
  });
}
