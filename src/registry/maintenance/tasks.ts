import { logins } from '../access/at-hand';
import { fsck } from './fsck';
import { gc } from './gc';
import { type Report } from './report';
import { type Store } from '../store/store';

/** What can be done in a running registry as well. */
export const TASKS: Readonly<Record<'fsck' | 'gc' | 'logins', (store: Store, options: never, report: Report) => Promise<object>>> = {
  fsck,
  gc,
  logins,
};

/** The name of a task. */
export type TaskName = keyof typeof TASKS;
