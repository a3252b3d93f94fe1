import { HttpError } from '../../errors';

/** The database cannot be used at the moment; what was asked for has not been done, or nobody knows. */
export class DatabaseAway extends HttpError {
  constructor(reason: string) {
    super(503, reason, { 'retry-after': '2' });
  }
}

/** A newer program uses the database: whatever this one knows of it does not count any more. */
export class DatabaseNewer extends DatabaseAway {}

/** What is said when the server answers, but not soon enough for all. */
export function busy(): DatabaseAway {
  return new DatabaseAway('the database is too busy; try again later');
}

/** What is said while no server answers. */
export function unreachable(): DatabaseAway {
  return new DatabaseAway('the database cannot be reached; try again later');
}

/** Of transactions that collide: serialization and deadlock. */
const COLLISIONS = ['40001', '40P01'];
/** A reference to a row that is not there, perhaps because it has just gone. */
const LOST_REFERENCE = '23503';
/** Classes of SQLSTATE in which the server, not the statement, is at fault: connection, resources, operator, system, read-only. */
const SERVER_CLASSES = ['08', '53', '57', '58', '25006'];
/** The one of these with which the server still answers: what would be written has no space. */
const DISK_FULL = '53100';
const NUL = '22021';
const TOO_LONG = '54000';

/** The SQLSTATE of an error of the server. */
export function stateOf(cause: unknown): string {
  const code = cause instanceof Error ? (cause as Error & { code?: unknown }).code : undefined;
  return typeof code === 'string' && /^[\dA-Z]{5}$/.test(code) ? code : '';
}

/** Whether a transaction that has failed so for the n-th time may succeed if it runs again. */
export function isCollision(cause: unknown, times: number): boolean {
  const state = stateOf(cause);
  return COLLISIONS.includes(state) || (state === LOST_REFERENCE && times < 3);
}

/** Whether an error says that the server cannot be used, rather than that a statement is wrong. */
export function isAway(cause: unknown): boolean {
  if (cause instanceof DatabaseAway) return true;
  const state = stateOf(cause);
  if (state === DISK_FULL) return false;
  if (state !== '') return SERVER_CLASSES.some((each) => state.startsWith(each));
  // Errors of sockets have codes of the system or, where the driver makes them, none.
  const { code = '', message = '' } = cause as NodeJS.ErrnoException;
  return /^E[A-Z]{3,}$/.test(code) || /\b(?:connection|timeout|not queryable)\b/i.test(message);
}

/** What is thrown in place of an error of the driver where more can be said for clients. */
export function translated(cause: unknown): unknown {
  const state = stateOf(cause);
  if (state === NUL) return new HttpError(400, 'names and paths must not contain the character NUL');
  if (state === TOO_LONG)
    return new HttpError(414, 'the name or path is too long to be stored; names and paths may have about 2,600 bytes');
  if (isAway(cause) && !(cause instanceof DatabaseAway)) return unreachable();
  return cause;
}
