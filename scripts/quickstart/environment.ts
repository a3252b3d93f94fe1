import { join } from 'node:path';

/** The top of the repository. */
export const root = join(__dirname, '../..');

/** What the quickstart keeps between its steps; made anew by each run. */
export const work = join(root, '.repoform/quickstart');

/** The stack's folder. */
export const example = join(root, 'examples/quickstart');

/** The name of the stack; another one than the default, so that a stack you deployed from the same folder is left alone. */
export const stack = 'quickstart-run';

/** This process's environment for a child: without what `npm run` adds, and without calls home. */
export function childEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  return { ...Object.fromEntries(kept), CHECKPOINT_DISABLE: '1', NO_UPDATE_NOTIFIER: '1', FORCE_COLOR: '0', ...more };
}
