import { HttpError } from '../../../errors';
import { type Document } from '../../format';
import { readPath } from './names';

/** An error with a code of the distribution specification. */
export class DockerError extends HttpError {
  readonly code: string;

  constructor([status, code]: readonly [status: number, code: string], message: string, headers: Readonly<Record<string, string>> = {}) {
    super(status, message, headers);
    this.code = code;
  }
}

/** The codes of the specification for what is refused in general. */
const CODES: Readonly<Record<number, string>> = {
  400: 'NAME_INVALID',
  401: 'UNAUTHORIZED',
  403: 'DENIED',
  404: 'NAME_UNKNOWN',
  405: 'UNSUPPORTED',
  413: 'MANIFEST_INVALID',
  429: 'TOOMANYREQUESTS',
};
const UNKNOWN: Readonly<Record<string, string>> = { manifest: 'MANIFEST_UNKNOWN', blob: 'BLOB_UNKNOWN', upload: 'BLOB_UPLOAD_UNKNOWN' };
const INVALID: Readonly<Record<string, string>> = { manifest: 'MANIFEST_INVALID', blob: 'DIGEST_INVALID', upload: 'BLOB_UPLOAD_INVALID' };

/** An error as clients show it to their users. */
export function problem(error: HttpError, path: string): Document {
  return json({ errors: [{ code: codeOf(error, readPath(path)?.kind ?? ''), message: error.message }] }, { status: error.status });
}

function codeOf(error: HttpError, kind: string): string {
  if (error instanceof DockerError) return error.code;
  const particular = { 400: INVALID, 404: UNKNOWN }[error.status]?.[kind];
  return particular ?? CODES[error.status] ?? (error.status < 500 ? 'UNSUPPORTED' : 'UNKNOWN');
}

/** A document of the protocol. */
export function json(body: unknown, facts: Partial<Omit<Document, 'body'>> = {}): Document {
  return { contentType: 'application/json', ...facts, body: JSON.stringify(body) };
}

/** An answer that says all by its status and headers. */
export function done(status: number, headers: Readonly<Record<string, string>> = {}): Document {
  return { status, contentType: 'text/plain; charset=utf-8', body: '', headers };
}
