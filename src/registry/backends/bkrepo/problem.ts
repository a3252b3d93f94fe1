import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Context } from '../../context';
import { HttpError } from '../../errors';
import { logFailure } from '../../http-app';
import { clearHeaders } from '../../reply';
import { failure, type Envelope } from './envelope';

/** The codes of BK-Repo and the status each usually comes with. */
export const CODES = {
  SYSTEM_ERROR: [250102, 500],
  PARAMETER_MISSING: [250103, 400],
  PARAMETER_EMPTY: [250104, 400],
  PARAMETER_INVALID: [250105, 400],
  REQUEST_CONTENT_INVALID: [250106, 400],
  RESOURCE_EXISTED: [250107, 400],
  RESOURCE_NOT_FOUND: [250108, 400],
  METHOD_NOT_ALLOWED: [250112, 405],
  ACCESS_DENIED: [250113, 403],
  UNAUTHENTICATED: [250114, 401],
  MEDIA_TYPE_UNSUPPORTED: [250119, 415],
  RANGE_INVALID: [250120, 416],
  PASSWORD_NOT_MODIFIED: [250121, 400],
  TOO_MANY_REQUESTS: [250124, 429],
  REQUEST_URL_NOT_FOUND: [250130, 404],
  PARAMETER_VALIDATION_FAILED: [250131, 400],
  AUTH_USER_NOT_FOUND: [250202, 400],
  AUTH_ROLE_NOT_FOUND: [250205, 400],
  AUTH_ROLE_EXISTED: [250206, 400],
  AUTH_PERMISSION_EXISTED: [250207, 400],
  AUTH_PERMISSION_NOT_FOUND: [250208, 400],
  AUTH_PROJECT_NOT_FOUND: [250217, 400],
  AUTH_ASST_USERS_MISSING: [250218, 400],
  AUTH_TOKEN_EXISTED: [250219, 400],
  AUTH_REPOSITORY_NOT_FOUND: [250221, 400],
  AUTH_TOKEN_TIME_INVALID: [250223, 400],
  AUTH_USER_NOT_PERMITTED: [250236, 400],
  AUTH_ENTITY_USER_NOT_FOUND: [250238, 400],
  AUTH_ROLE_PROJECT_MISSING: [250240, 400],
  AUTH_ROLE_PROJECT_UNWANTED: [250241, 400],
  AUTH_PLATFORM_ONLY: [250242, 400],
  PROJECT_NOT_FOUND: [251004, 400],
  PROJECT_EXISTED: [251005, 400],
  REPOSITORY_NOT_FOUND: [251006, 404],
  REPOSITORY_EXISTED: [251007, 400],
  REPOSITORY_CONTAINS_ARTIFACT: [251008, 400],
  FOLDER_CONTAINS_FILE: [251009, 400],
  NODE_NOT_FOUND: [251010, 404],
  NODE_EXISTED: [251012, 400],
  NODE_CONFLICT: [251013, 400],
  NODE_LIST_TOO_LARGE: [251014, 400],
  DIGEST_CHECK_FAILED: [251003, 400],
  PACKAGE_NOT_FOUND: [251017, 404],
  VERSION_NOT_FOUND: [251019, 404],
  VERSION_EXISTED: [251020, 400],
  TEMPORARY_TOKEN_INVALID: [251021, 400],
  TEMPORARY_TOKEN_EXPIRED: [251022, 400],
  REPOSITORY_OVER_QUOTA: [251025, 400],
  ARTIFACT_NOT_FOUND: [251024, 404],
  ARTIFACT_FORBIDDEN: [251026, 403],
  SIZE_CHECK_FAILED: [251031, 400],
  SHARE_DISABLED: [251037, 400],
  UPLOAD_ID_UNKNOWN: [251201, 400],
  METADATA_KEY_RESERVED: [251504, 400],
  REPOSITORY_TYPE_REFUSED: [251509, 400],
  /** The auth service writes its refusals by hand, with the status as the code. */
  AUTH_REFUSED: [401, 401],
} as const satisfies Record<string, readonly [code: number, status: number]>;

/** The name of a code. */
export type ProblemName = keyof typeof CODES;

/** A failure as BK-Repo answers it. */
export class BkProblem extends HttpError {
  constructor(
    readonly code: number,
    status: number,
    message: string,
  ) {
    super(status, message);
  }
}

/** A failure by the name of its code, with the usual status unless another is given. */
export function problem(name: ProblemName, message: string, status?: number): BkProblem {
  const [code, usual] = CODES[name];
  return new BkProblem(code, status ?? usual, message);
}

/** Answers whatever a route threw with an envelope; this is the error handler of the server. */
export function answerProblem(
  context: Pick<Context, 'logger' | 'strict'>,
  thrown: unknown,
  exchange: { request: FastifyRequest; reply: FastifyReply },
): FastifyReply {
  const { request, reply } = exchange;
  const known = toProblem(thrown);
  if (known.status >= 500) logFailure(context, exchange, thrown);
  clearHeaders(reply);
  if (thrown instanceof HttpError) reply.headers(thrown.headers);
  if (known.code === CODES.UNAUTHENTICATED[0]) reply.header('www-authenticate', 'Basic realm="Authentication Required"');
  const body = failure(known.code, known.message);
  const wantsXml = /xml/i.test(request.headers.accept ?? '');
  if (wantsXml) return reply.code(known.status).type('application/xml;charset=UTF-8').send(toXml(body));
  return reply.code(known.status).type('application/json;charset=UTF-8').send(JSON.stringify(body));
}

function toProblem(thrown: unknown): BkProblem {
  if (thrown instanceof BkProblem) return thrown;
  if (thrown instanceof HttpError) {
    const [code] = thrown.status < 500 ? CODES.PARAMETER_INVALID : CODES.SYSTEM_ERROR;
    return new BkProblem(code, thrown.status, thrown.message);
  }
  return problem('SYSTEM_ERROR', 'System service is busy, please try again later');
}

function toXml({ code, message }: Envelope): string {
  return `<Response><code>${code}</code><message>${escapeXml(message ?? '')}</message><data/><traceId></traceId></Response>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
