import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { peakOf } from '../../process-sampler';
import { root } from '../../workspace';
import { type Engine } from '../engines';

/** What a command took. */
export interface Taken {
  /** MiB, as far as a look every 20 ms shows it. */
  readonly peak: number;
  readonly seconds: number;
  readonly output: string;
}

/** Runs a command of the registry, such as `gc`, on the store of an engine. */
export async function command({ environment = {} }: Engine, args: readonly string[]): Promise<Taken> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(root, 'dist/repoform.js'), 'registry', ...args], { env: { ...process.env, ...environment } });
  let [peak, output] = [0, ''];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-2000)));
  const timer = setInterval(() => (peak = Math.max(peak, lookAt(child.pid ?? 0))), 20);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearInterval(timer);
  if (code !== 0) throw new Error(`registry ${args.join(' ')} ended with ${code}: ${output}`);
  return { peak: peak / 2 ** 20, seconds: (performance.now() - started) / 1000, output };
}

function lookAt(pid: number): number {
  try {
    return peakOf(pid);
  } catch {
    return 0;
  }
}
