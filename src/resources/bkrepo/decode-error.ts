import { type ApiFailure, type ErrorCode, type ErrorDecoder, isJsonObject, numberOf, textOf } from '../../schema/define';

interface Meaning {
  readonly kind?: ErrorCode;
  readonly retry?: 'refused' | 'unclear';
  readonly hint?: string;
}

const overload: Meaning = { kind: 'busy', retry: 'refused' };
const limited: Meaning = {
  ...overload,
  hint: "a rate limit of the server rejects the request without saying for how long; some of its limits never reset. An administrator can raise or remove the limit (the server's API /opdata/api/rateLimit)",
};

/** The server reports "empty auth header" for a wrong password too. */
const rejected = 'the user, the password or token, or the keys do not match, or the user is locked';

/** What the codes mean that the status does not tell: BK-Repo answers most failures of a request with 400, and may with 200. */
const meanings: Readonly<Record<number, Meaning>> = {
  250107: { kind: 'conflict' },
  250108: { kind: 'invalid' },
  250113: { kind: 'forbidden' },
  250114: { kind: 'unauthorized' },
  250115: { kind: 'server-error', retry: 'unclear' },
  250116: { kind: 'server-error', retry: 'unclear' },
  250122: { kind: 'invalid', hint: 'the object belongs to another cluster; change it there' },
  250124: limited,
  250128: overload,
  250129: limited,
  250130: {
    kind: 'unexpected-answer',
    hint: 'the server has no such path: the service is not deployed, or the endpoint has the wrong path',
  },
  250202: { kind: 'not-found' },
  250207: { kind: 'conflict' },
  250208: { kind: 'not-found' },
  250209: { kind: 'forbidden' },
  250219: { kind: 'conflict' },
  250236: { kind: 'forbidden' },
  250237: { kind: 'forbidden', hint: 'this requires access_key and secret_key of an account with a wider scope' },
  250242: { kind: 'forbidden', hint: 'this requires access_key and secret_key' },
  251004: { kind: 'not-found' },
  251005: { kind: 'conflict' },
  251006: { kind: 'not-found' },
  251007: {
    kind: 'conflict',
    hint: 'a deleted repository reserves its name until the daily cleanup if its storage credentials differ from those of the new one, and always for the type DRIVE; choose another name, use the same storage_credentials_key, or wait',
  },
  251008: {
    kind: 'conflict',
    hint: 'the repository holds artifacts; set force_destroy = true (in TypeScript: forceDestroy) and apply it before the delete',
  },
  251009: { kind: 'conflict' },
  251010: { kind: 'not-found' },
  251012: { kind: 'conflict' },
  251017: { kind: 'not-found' },
  251019: { kind: 'not-found' },
  251020: { kind: 'conflict' },
};

/** Reads the envelope `{code, message, data}`. What is no envelope comes from a gateway before the server and says nothing of an object. */
export const decodeError: ErrorDecoder = ({ status, json }): ApiFailure | undefined => {
  const succeeded = status >= 200 && status < 300;
  const code = isJsonObject(json) ? numberOf(json.code) : undefined;
  if (code === undefined || !isJsonObject(json)) return missing(status) ? gateway(status) : undefined;
  if (code === 0) return undefined;
  const message = textOf(json.message) ?? '';
  if (code === 401 || code === 250114) return { apiCode: code, kind: 'unauthorized', message, hint: rejected };
  if (code === 404 || (missing(status) && !isOwn(code))) return { ...gateway(code === 404 ? code : status), apiCode: code, message };
  return { apiCode: code, message, ...(succeeded && { kind: 'invalid' }), ...meanings[code] };
};

const missing = (status: number): boolean => status === 404 || status === 410;

/** Gateways have codes of their own. */
const isOwn = (code: number): boolean => code >= 250_000 && code < 260_000;

const gateway = (status: number): ApiFailure => ({
  apiCode: status,
  kind: 'unexpected-answer',
  message: '',
  hint: `this ${status} comes from a gateway, not from BK-Repo: the service is not deployed, or the endpoint has the wrong path`,
});
