import {
  type ApiFailure,
  type DecodedAnswer,
  type ErrorDecoder,
  isJsonObject,
  type JsonObject,
  numberOf,
  textOf,
} from '../../schema/define';
import { tokenPath } from './login';
import { codeOf, unexpectedCode, vocabulary } from './vocabulary';

/**
 * Reads failures. Resources answer with plain text and with statuses that differ between generations, so the text decides; the filters in
 * front of them with the Status of Kubernetes; the login as OAuth does. Anything else comes from a gateway before the server.
 */
export const decodeError: ErrorDecoder = (answer): ApiFailure | undefined => {
  const { status, json, path } = answer;
  if (status < 300) return isJsonObject(json) && json.ok === false ? invalid(numberOf(json.errorCode) ?? unexpectedCode, '') : undefined;
  if (!isJsonObject(json)) return plain(answer) ? known(ofText(answer)) : undefined;
  if (path.startsWith(tokenPath) && textOf(json.error) !== undefined) return ofLogin(status, json);
  const inner = isJsonObject(json.ErrStatus) ? json.ErrStatus : json;
  const message = textOf(inner.message);
  if (message === undefined) return undefined;
  if (path.startsWith(tokenPath) && message.includes(anonymous)) return misplaced(status, message);
  return known(ofStatus(numberOf(inner.code) ?? status, withoutUserinfo(message)));
};

/** Gateways say "not found" too, in texts and in JSON. Only that of an object by its name is the server's own. */
const known = (failure: ApiFailure): ApiFailure | undefined =>
  failure.kind === undefined && (failure.apiCode === 404 || failure.apiCode === 410) ? undefined : failure;

const plain = ({ headers, text }: DecodedAnswer): boolean =>
  (headers['content-type'] ?? '').startsWith('text/plain') && !/^\s*</.test(text);

/** The address of a repository may have a password in it. */
export const withoutUserinfo = (text: string): string => text.replace(/:\/\/[^\s"/?#]*@/g, '://(sensitive)@');

/** Go's servers escape these three in a plain text. */
const unescaped = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').trim();

/** Who an API server takes a caller for who gives no token. */
const anonymous = 'system:anonymous';

function ofStatus(code: number, message: string): ApiFailure {
  if (message.includes(anonymous))
    return {
      apiCode: code,
      kind: 'unauthorized',
      message,
      hint: 'the provider is not logged in: set token, or username and password; if one is set, a proxy removes the authorization header',
    };
  if (code === 401) return { apiCode: code, kind: 'unauthorized', message, hint: expired(message) };
  return { apiCode: code, message };
}

/** Whoever logs in is anonymous, so the path of the login is open to them. */
const misplaced = (apiCode: number, message: string): ApiFailure => ({
  apiCode,
  kind: 'unexpected-answer',
  message,
  hint: 'this is not where KubeSphere logs in: the endpoint has the wrong path',
  advice: 'Set the endpoint to the URL of the console or of ks-apiserver, without "/kapis" or another path of the API.',
});

const expired = (message: string): string =>
  /not found in cache/.test(message)
    ? 'another login of the same user revoked the token; give the provider a user of its own, or allow multiple logins on the server'
    : 'the token is invalid, expired or revoked';

function ofLogin(status: number, { error, error_description: about }: JsonObject): ApiFailure {
  const hints: Readonly<Record<string, string>> = {
    invalid_grant: 'username or password is wrong, or the account is suspended',
    invalid_client: 'client_id or client_secret is wrong',
    unauthorized_client: 'client_id or client_secret is wrong',
    unsupported_grant_type: 'the OAuth client may not log in with a password; on KubeSphere 4 it must be a trusted one',
  };
  const hint = hints[textOf(error) ?? ''];
  return { apiCode: status, message: `${String(error)}: ${textOf(about) ?? ''}`, ...(hint !== undefined && { hint }) };
}

const invalid = (apiCode: number, message: string): ApiFailure => {
  const hint = vocabulary[apiCode];
  return { apiCode, kind: 'invalid', message, advice: isGateway(message) ? behindGateway : unread, ...(hint !== undefined && { hint }) };
};

/** Whether what the server asked for an index was a cache or proxy without an answer of its own. */
const isGateway = (message: string): boolean => /failed to fetch .* : 50[234]\b/.test(message);

const behindGateway =
  'The server at "url" is a cache or gateway that cannot reach its upstream. Check its upstreams: for a virtual, the URLs and credentials of its remotes.';

/** What to do about an index that the server could not read. */
export const unread =
  'Check "url" and the credentials of the repository. KubeSphere reads it from its own network, not from where Terraform runs, on every create, even with validate = false.';

/** A failure that a route answers with a text; its words are those of Kubernetes, Helm and Go. */
function ofText({ method, path, status, text }: DecodedAnswer): ApiFailure {
  const message = withoutUserinfo(unescaped(text));
  if (/^\d{3}: /.test(message))
    return {
      apiCode: status,
      kind: 'unexpected-answer',
      message,
      hint: 'the server has no such route: it is of another generation than api_version says, or the endpoint has the wrong path',
    };
  if (/^\S+ "[^"]*" not found$/.test(message)) return { apiCode: 404, kind: 'not-found', message };
  if (message === 'repo exists' || /^(Repo|repos\.\S+) .* already exists$/.test(message))
    return {
      apiCode: 409,
      kind: 'conflict',
      message,
      hint: 'on KubeSphere 4, names are unique on the whole server, whatever the workspace',
    };
  if (isModifiedMeanwhile(message)) return { apiCode: 409, kind: 'conflict', message };
  if (lacksAction(message))
    return { apiCode: 400, kind: 'invalid', message, hint: 'KubeSphere versions before 4.1.3 cannot be told to sync' };
  const writes = method !== 'GET' && /\/repos(\/[^/?]+)?(\?|$)/.test(path);
  // An OCI registry that is none; gateways have statuses of their own for this text.
  const code = writes ? (message === 'not found' && status !== 404 ? 113 : codeOf(message)) : undefined;
  if (code !== undefined) return invalid(code, message);
  return { apiCode: status, message, ...(/ is invalid: | is not allowed$| is empty$/.test(message) && { kind: 'invalid' }) };
}

/** The words of an optimistic lock that failed: somebody, mostly the server's own controller, wrote the object at the same time. */
export const isModifiedMeanwhile = (message: string): boolean => message.includes('the object has been modified');

/** The words of servers without a route for syncing. */
export const lacksAction = (message: string): boolean => message.includes('wrong resource GroupVersionKind');
