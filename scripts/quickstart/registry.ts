import { join } from 'node:path';
import { childEnvironment, root, work } from './environment';
import type { Processes } from './processes';

/** Starts the embedded registry by the command that users have, on a free port; answers its URL. */
export function startRegistry(processes: Processes): Promise<string> {
  const args = [join(root, 'dist/repoform.js'), 'registry', '--port', '0', '--data', join(work, 'registry')];
  return new Promise((resolve, reject) => {
    const onLine = (line: string): void => {
      const url = /^The registry runs at (http:\S+)/.exec(line)?.[1];
      if (url) resolve(url);
    };
    const line = { command: process.execPath, args, cwd: root, env: childEnvironment(), log: join(work, 'registry.log'), onLine };
    processes.start(line).ended.then(({ output }) => reject(new Error(`the registry ended: ${output.trim()}`)), reject);
  });
}
