import { type Struct } from '../go/json-decode';
import { decodeJson } from '../go/json-decode';
import { parseDuration } from '../go/duration';
import { GoError, parseJson } from '../go/json-parse';
import { formatUrl, parseUrl, type UserInfo } from '../go/url';
import { type Credential } from '../index/load';

/** What clients send of a repository. */
export interface RepoRequest {
  readonly name?: string;
  readonly url?: string;
  /** JSON within JSON. */
  readonly credential?: string;
  readonly description?: string;
  /** A duration. */
  readonly sync_period?: string;
}

/** The fields that are read of a request; all others are dropped. */
export function requestFields(struct: string): Struct {
  const used = { name: 'string', url: 'string', credential: 'string', description: 'string', sync_period: 'string' } as const;
  const dropped = {
    type: 'string',
    visibility: 'string',
    category_id: 'string',
    app_default_status: 'string',
    workspace: 'string',
  } as const;
  return { struct, fields: { ...used, ...dropped, providers: { list: 'string' } } };
}

const s3Config: Struct = { struct: 'v1alpha1.S3Config', fields: { accessKeyID: 'string', secretAccessKey: 'string' } };

/** A URL apart from the user in it. */
export function splitUrl(text: string): { readonly plainUrl: string; readonly user: UserInfo | undefined } {
  const url = parseUrl(text);
  return { plainUrl: formatUrl({ ...url, user: undefined }), user: url.user };
}

/** The seconds of a period; nothing given is 0. */
export function periodOf(text: string): number {
  return text === '' ? 0 : parseDuration(text);
}

/** The credential that goes with a URL: of http the user in it, of S3 the keys that were sent, of anything else none. */
export function credentialOf(url: string, user: UserInfo | undefined, keys: string): Credential {
  if (/^https?:\/\//.test(url)) {
    return { ...(user?.username && { username: user.username }), ...(user?.password && { password: user.password }) };
  }
  return url.startsWith('s3://') ? parseKeys(keys) : {};
}

function parseKeys(text: string): Credential {
  try {
    return decodeJson<Credential>(parseJson(text), s3Config);
  } catch (cause) {
    // A text that ends too early is told apart from a stream that does.
    const isShort = cause instanceof GoError && ['EOF', 'unexpected EOF'].includes(cause.message);
    throw isShort ? new GoError('unexpected end of JSON input') : cause;
  }
}
