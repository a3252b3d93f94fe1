import { HttpError, reasonOf } from '../errors';
import { type Remote } from '../store/repositories';
import { type ArtifactRow } from '../store/tables';

/** What the client of a remote is told as it is; of the rest, the registry's own request is to blame, or the upstream itself. */
const PASSED = new Set([400, 402, 403, 404, 405, 406, 409, 410, 422, 423, 429, 451]);

/** The upstream of a remote could not be reached, broke off, refused, or answered with what cannot be used. */
export class UpstreamError extends HttpError {
  /** What the upstream answered; nothing when it did not. */
  readonly upstreamStatus: number | undefined;
  /** The copy at hand, when there is one. */
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

  /** Whether the upstream said that it does not have the object; everything else says nothing about that. */
  get isAbsence(): boolean {
    return this.upstreamStatus === 404 || this.upstreamStatus === 410;
  }

  /** Whether the upstream's own state is to blame, so that the copy at hand is better than this. */
  get isFailure(): boolean {
    return this.status === 502 || this.status === 429;
  }
}
