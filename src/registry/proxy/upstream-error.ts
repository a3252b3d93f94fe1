import { HttpError, reasonOf } from '../errors';
import { type Remote } from '../store/repositories';
import { type ArtifactRow } from '../store/tables';

/** Statuses passed on to the client; all others are the fault of the registry's own request or of the upstream. */
const PASSED = new Set([400, 402, 403, 404, 405, 406, 409, 410, 422, 423, 429, 451]);

interface Detail {
  readonly cause?: unknown;
  readonly status?: number;
  readonly retryAfter?: string;
  /** Whether it was not asked, because it had failed before. */
  readonly isLeftAlone?: boolean;
}

/** The upstream of a remote was unreachable, broke off, refused, or sent something unusable. */
export class UpstreamError extends HttpError {
  /** The status of the upstream's answer, if there was one. */
  readonly upstreamStatus: number | undefined;
  /** The cached copy, if there is one. */
  copy?: ArtifactRow;

  /** Whether it was not reached at all, or sent no answer. */
  readonly isUnreachable: boolean;
  /** What the upstream did. */
  readonly what: string;

  constructor(remote: Pick<Remote, 'name'>, what: string, detail: Detail = {}) {
    const { cause, status, retryAfter = '', isLeftAlone = false } = detail;
    const reason = cause === undefined ? '' : `: ${reasonOf(cause)}`;
    // A date or a number of seconds; nothing else is passed on.
    const headers = /^[\w ,:+-]{1,40}$/.test(retryAfter) ? { 'retry-after': retryAfter } : {};
    super(
      isLeftAlone ? 503 : status !== undefined && PASSED.has(status) ? status : 502,
      `upstream of remote ${JSON.stringify(remote.name)} ${what}${reason}`,
      headers,
    );
    this.upstreamStatus = status;
    this.what = what + reason;
    this.isUnreachable = cause !== undefined && status === undefined;
  }

  /** Whether the upstream said that the object does not exist. */
  get isAbsence(): boolean {
    return this.upstreamStatus === 404 || this.upstreamStatus === 410;
  }

  /** Whether the upstream itself is failing, so that a cached copy is better than this error. */
  get isFailure(): boolean {
    return this.status === 502 || this.status === 503 || this.status === 429;
  }
}

/** The circuit of a remote is open: its upstream was not even asked. */
export class CircuitOpen extends UpstreamError {
  /** `waitMs` is how long it will be left alone. */
  constructor(remote: Pick<Remote, 'name'>, reason: string, waitMs: number) {
    const retryAfter = String(Math.max(1, Math.ceil(waitMs / 1000)));
    super(remote, `has failed too often and is left alone for ${retryAfter} s; it ${reason}`, { retryAfter, isLeftAlone: true });
  }
}
