import { spawn } from 'node:child_process';

/** How a command ended. */
export interface Run {
  readonly status: number | null;
  /** All it printed, without colours. */
  readonly text: string;
  /** The same as one line, without the frames around diagnostics. */
  readonly said: string;
}

/** Where and with what a command runs. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Told everything printed so far, whenever something is. */
  readonly onOutput?: (text: string, pid: number) => void;
  /** Whether it leads a process group of its own, as a command in a terminal does. */
  readonly detached?: boolean;
}

const escapes = new RegExp(String.fromCharCode(27) + '\\[[0-9;]*[A-Za-z]', 'g');

/** Runs a command to its end without blocking the servers of this process. */
export function run(command: string, args: readonly string[], { cwd, env, onOutput, detached = false }: Surroundings): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { cwd, env, detached, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        printed += chunk;
        onOutput?.(printed, child.pid ?? 0);
      });
    child.once('error', reject);
    child.once('close', (status) => {
      const text = printed.replace(escapes, '');
      resolve({ status, text, said: text.replace(/[│╷╵]/g, ' ').replace(/\s+/g, ' ') });
    });
  });
}

/** Fails, showing what was printed, when a command did not end as it should. */
export function expectStatus(result: Run, status: number): Run {
  if (result.status !== status) throw new Error(`expected exit ${status}, got ${result.status}:\n${result.text}`);
  return result;
}
