import { HttpError, reasonOf } from '../errors';
import { type ArtifactRow } from './tables';

/** Nothing more can be stored: the disk is full, or a limit is reached. Reading goes on. */
export class StoreFull extends HttpError {
  /** The cached copy that may be answered with in its place. */
  copy?: ArtifactRow;

  constructor(reason: string) {
    super(507, reason);
  }
}

/** The codes of systems and engines for no space, no quota, and a file that may not grow. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', '53100']);
/** How SQLite says it: the second where its log cannot grow. */
const FULL_TEXT = /database or disk is full|disk I\/O error/i;

/** How engines say that a row refers to one that has just gone: a code, and SQLite's words. */
const LOST = '23503';
const LOST_TEXT = /FOREIGN KEY constraint failed/i;

/** What was thrown, or what stands for it if it means that there is no space left, or that something was removed at the same time. */
export function orStoreProblem(cause: unknown): unknown {
  if (isLost(cause))
    return new HttpError(503, 'something that this needs was removed at the same time; send it again', { 'retry-after': '1' });
  return isFull(cause) ? new StoreFull(`the registry cannot store anything, its disk seems to be full: ${reasonOf(cause)}`) : cause;
}

function isLost(cause: unknown): boolean {
  if (typeof cause !== 'object' || cause === null || cause instanceof HttpError) return false;
  const { code, message = '' } = cause as { code?: unknown; message?: string };
  return code === LOST || LOST_TEXT.test(message);
}

function isFull(cause: unknown): boolean {
  if (typeof cause !== 'object' || cause === null || cause instanceof HttpError) return false;
  const { code, message = '', cause: beneath } = cause as { code?: unknown; message?: string; cause?: unknown };
  return (typeof code === 'string' && FULL.has(code)) || FULL_TEXT.test(message) || isFull(beneath);
}
