import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { clientPath } from '../../test/clients/support';

/** A client that hangs is one whose request was lost. */
const PATIENCE_MS = 150_000;

/** A folder for one step of a client, which is its home and gone afterwards. */
export class Workspace {
  private constructor(readonly folder: string) {}

  /** Does something with a folder of its own below another one. */
  static async with<T>(parent: string, step: (work: Workspace) => Promise<T>): Promise<T> {
    mkdirSync(parent, { recursive: true });
    const folder = mkdtempSync(join(parent, 'work-'));
    try {
      return await step(new Workspace(folder));
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    }
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** Runs a client to its end; throws with what it said unless that is 0. Nothing of the machine's configuration decides what it does. */
  run(client: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    const { PATH = '' } = process.env;
    const all = { PATH, HOME: this.folder, TMPDIR: this.folder, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', ...env };
    const file = clientPath(client) ?? client;
    return new Promise((resolve, reject) => {
      const options = { cwd: this.folder, env: all, maxBuffer: 64 << 20, timeout: PATIENCE_MS, killSignal: 'SIGKILL' } as const;
      execFile(file, [...args], options, (failure, stdout, stderr) => {
        if (!failure) return resolve(stdout);
        const how = failure.killed ? `did not end within ${PATIENCE_MS / 1000} s` : `ended with ${failure.code ?? failure.signal}`;
        reject(
          Object.assign(new Error(`${client} ${args.join(' ')} ${how}\n${stdout.slice(-1500)}\n${stderr.slice(-2500)}`), {
            code: failure.code,
          }),
        );
      });
    });
  }
}
