import { HttpError, reasonOf } from '../errors';
import { type Remote } from '../store/repositories';
import { type ArtifactRow } from '../store/tables';

/** Statuses passed on to the client; all others are the fault of the registry's own request or of the upstream. */
const PASSED = new Set([400, 402, 403, 404, 405, 406, 409, 410, 422, 423, 429, 451]);

/** The upstream of a remote was unreachable, broke off, refused, or sent something unusable. */
export class UpstreamError extends HttpError {
  /** The status of the upstream's answer, if there was one. */
  readonly upstreamStatus: number | undefined;
  /** The cached copy, if there is one. */
  copy?: ArtifactRow;

  constructor(remote: Pick<Remote, 'name'>, what: string, detail: { cause?: unknown; status?: number; retryAfter?: string } = {}) {
    const { cause, status, retryAfter = '' } = detail;
    const reason = cause === undefined ? '' : `: ${reasonOf(cause)}`;
    // A date or a number of seconds; nothing else is passed on.
    const headers = /^[\w ,:+-]{1,40}$/.test(retryAfter) ? { 'retry-after': retryAfter } : {};
    super(
      status !== undefined && PASSED.has(status) ? status : 502,
      `upstream of remote ${JSON.stringify(remote.name)} ${what}${reason}`,
      headers,
    );
    this.upstreamStatus = status;
  }

  /** Whether the upstream said that the object does not exist. */
  get isAbsence(): boolean {
    return this.upstreamStatus === 404 || this.upstreamStatus === 410;
  }

  /** Whether the upstream itself is failing, so that a cached copy is better than this error. */
  get isFailure(): boolean {
    return this.status === 502 || this.status === 429;
  }
}
