import { type ErrorCode, ApiError } from '../schema/define/errors';
import { isNativeError } from 'node:util/types';
import type { ApiFailure } from '../schema/define/error-decoder';
import { BadBody } from './body';
import { parseRetryAfter, type Retryable } from './retry';

/** The call that failed. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly idempotent: boolean;
  readonly clean: (text: string) => string;
  /** The endpoint of the URL, for hints. */
  readonly endpoint?: string;
  /** The credentials, and where they come from. */
  readonly credentials?: string;
}

/** An unsuccessful response. */
export interface BadAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly retryAfter: string | undefined;
  /** Where a redirect leads. */
  readonly location: string | undefined;
  /** The failure decoded from the body, if the API reports one. */
  readonly failure?: ApiFailure | undefined;
}

const codes: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  405: 'invalid',
  408: 'timeout',
  409: 'conflict',
  410: 'not-found',
  422: 'invalid',
  429: 'busy',
  501: 'unexpected-answer',
  503: 'busy',
};
const refusedBeforeWork = new Set([429, 503]);
const gatewayTrouble = new Set([408, 502, 504]);
/** Responses of gateways for a server that does not respond. */
const unanswered = new Set([429, 502, 503, 504]);

/** Kinds of failures with which an API says that it did nothing. */
const refusals: ReadonlySet<ErrorCode | undefined> = new Set(['conflict', 'forbidden', 'invalid', 'not-found', 'unauthorized']);

/** The failure for a status. */
export function failureOfStatus(call: Call, answer: BadAnswer): Retryable {
  const { status, failure } = answer;
  const code = failure?.kind ?? codes[status] ?? codeOfClass(status);
  const refused = failure?.retry === 'refused' || refusedBeforeWork.has(status);
  // A refusal in the words of the API is one whatever its status. An HTML page in place of a response, e.g. a login page, says nothing
  // about the request.
  const definite = refused || (failure?.retry === undefined && refusals.has(failure?.kind));
  const unclear = !definite && (failure?.retry === 'unclear' || status >= 500 || (status < 300 && !failure));
  const words = failure && wordsOf(failure, call.clean);
  const text = failure ? told(failure, words) : said({ ...answer, text: call.clean(answer.text) });
  const message = `${call.method} ${call.url} answered ${status}${redirect(answer)}${text}${code === 'unauthorized' ? rejected(call) : ''}${wrongPath(call, code)}`;
  const after = parseRetryAfter(answer.retryAfter);
  return {
    error: new ApiError(call.clean(message), {
      code,
      status,
      method: call.method,
      url: call.url,
      outcomeUnknown: unclear && !call.idempotent,
      ...(failure && { apiCode: failure.apiCode }),
      ...(words && { words }),
      ...(failure?.advice !== undefined && { advice: failure.advice }),
    }),
    unanswered: refused || unanswered.has(status),
    retryable: refused || ((failure?.retry === 'unclear' || gatewayTrouble.has(status)) && call.idempotent),
    ...(after !== undefined && { after }),
  };
}

const wordsOf = ({ message }: ApiFailure, clean: Call['clean']): string => clean(message).trim().replace(/\s+/g, ' ').slice(0, 300);

const told = ({ apiCode, hint }: ApiFailure, words = ''): string =>
  ` with code ${apiCode}${words === '' ? '' : `: ${words}`}${hint === undefined ? '' : ` (${hint})`}`;

const codeOfClass = (status: number): ErrorCode => (status >= 500 ? 'server-error' : status < 400 ? 'unexpected-answer' : 'invalid');

/** A common mistake for an API endpoint. */
const apiEnding = /\/api$/i;

/** If an endpoint that ends in `/api` answers "not found", that ending is the most likely cause. */
function wrongPath({ endpoint = '' }: Call, code: ErrorCode): string {
  if (!apiEnding.test(endpoint) || (code !== 'not-found' && code !== 'unexpected-answer')) return '';
  return `; the endpoint ends in "/api": remove that if the API paths already start with it`;
}

const rejected = ({ credentials }: Call): string => (credentials === undefined ? '' : `; it was sent with ${credentials}`);

function redirect({ status, location }: BadAnswer): string {
  if (status < 300 || status >= 400) return '';
  return `, a redirect${location === undefined ? '' : ` to ${location.slice(0, 200)}`}; redirects are not followed; check whether the endpoint needs https or another path, or whether a login page intercepts requests`;
}

/** Whether a text is an HTML page. */
export const isPage = (text: string): boolean => /^\s*<(!doctype|html)/i.test(text);

/** The text is redacted already: truncation or changed spacing would hide a secret from redaction. */
function said({ text, contentType }: BadAnswer): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  if (contentType.includes('html') || isPage(trimmed)) {
    const title = /<title[^>]*>([^<]{1,100})/i.exec(trimmed)?.[1]?.trim();
    return ` with an HTML page${title ? ` titled "${title}"` : ''}; is the endpoint the API, not a proxy or a login page?`;
  }
  return `: ${trimmed.replace(/\s+/g, ' ').slice(0, 300)}`;
}

const neverSent = new Set(['ECONNREFUSED', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'ECONNECTTIMEOUT']);
const timeouts = new Set(['ETOOSLOW', 'ETIMEDOUT']);

/**
 * What is wrong with a path that has a segment "." or "..": servers and proxies resolve it, and the call would be about something else. No
 * encoding avoids that.
 */
export function climbs({ method, url, clean }: Call, path: string): ApiError | undefined {
  const [segment] = /(?<=\/)(?:\.|%2e){1,2}(?=[/?#]|$)/i.exec(path.split('?', 1)[0] ?? '') ?? [];
  if (segment === undefined) return undefined;
  const message = `${method} ${clean(url)} was not sent: a path with the segment "${segment}" leads elsewhere on the server; use a name without it`;
  return new ApiError(message, { code: 'invalid', method, url: clean(url) });
}

/** The failure for an exception of the HTTP library. */
export function failureOfException(call: Call, thrown: unknown): Retryable {
  const { code, text } = detail(thrown);
  const failed = (kind: ErrorCode, what: string, outcomeUnknown = false): ApiError =>
    new ApiError(call.clean(`${call.method} ${call.url}: ${what}`), {
      code: kind,
      method: call.method,
      url: call.url,
      outcomeUnknown,
      cause: thrown,
    });
  if (isNamed(thrown, 'TimeoutError') || (isNamed(thrown, 'AbortError') && isNamed(causeOf(thrown), 'TimeoutError'))) {
    return { error: failed('timeout', 'did not finish within the time that "timeouts" allows', !call.idempotent), retryable: false };
  }
  if (code === 'UND_ERR_ABORTED' || isNamed(thrown, 'AbortError')) {
    return { error: failed('cancelled', 'cancelled', !call.idempotent), retryable: false };
  }
  if (thrown instanceof BadBody) return { error: failed('unexpected-answer', text, !call.idempotent), retryable: false };
  if (/wrong version number|packet length too long/i.test(text))
    return {
      error: failed('unreachable', 'the server does not use TLS on this port; use http://, or the port for https'),
      retryable: false,
    };
  if (isTls(code, text))
    return {
      error: failed('tls', `the server's certificate was rejected (${text || code}); set ca_cert to the CA that signed it`),
      retryable: false,
    };
  const down = { unanswered: true, retryable: call.idempotent };
  if (code === 'ENOTFOUND')
    return { ...down, error: failed('unreachable', `the host name cannot be resolved (${text})`), retryable: false };
  if (neverSent.has(code))
    return { ...down, error: failed('unreachable', `the server cannot be reached (${text || code})`), retryable: true };
  if (timeouts.has(code)) return { ...down, error: failed('timeout', text, !call.idempotent) };
  return { ...down, error: failed('unreachable', `the connection broke (${text || code})`, !call.idempotent) };
}

/** A DOMException is not a native error, but has a name. */
const isNamed = (thrown: unknown, name: string): boolean =>
  typeof thrown === 'object' && thrown !== null && 'name' in thrown && thrown.name === name;

const causeOf = (thrown: unknown): unknown =>
  typeof thrown === 'object' && thrown !== null && 'cause' in thrown ? thrown.cause : undefined;

function detail(thrown: unknown): { code: string; text: string } {
  if (!isNativeError(thrown)) return { code: '', text: String(thrown) };
  const [first] = 'errors' in thrown && Array.isArray(thrown.errors) ? (thrown.errors as unknown[]) : [];
  const inner = isNativeError(first) ? first : thrown;
  const code = 'code' in inner ? String(inner.code) : '';
  if (code === '' && isNativeError(inner.cause)) return detail(inner.cause);
  return { code, text: inner.message };
}

const isTls = (code: string, text: string): boolean =>
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO)/.test(code) ||
  /certificate|wrong version number|alert handshake/i.test(text);
