import { GoError } from './json-parse';

/** A URL as Go takes it apart. */
export interface GoUrl {
  readonly scheme: string;
  readonly opaque: string;
  readonly user: UserInfo | undefined;
  /** With the port. */
  readonly host: string;
  /** Whether there are no two slashes for a host. */
  readonly omitsHost: boolean;
  /** As it was written. */
  readonly path: string;
  readonly query: string | undefined;
  readonly fragment: string | undefined;
}

/** What stands before the `@`, decoded. */
export interface UserInfo {
  readonly username: string;
  readonly password: string | undefined;
}

const USER_INFO = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;
/** What Go leaves bare in a host besides what needs no escape. */
const HOST = /^[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]|[^\0-\x7f]$/;
const CONTROL = /[\0-\x1f\x7f]/;

/** Takes a URL apart; throws with Go's words. */
export function parseUrl(text: string): GoUrl {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof GoError)) throw cause;
    throw new GoError(`parse ${JSON.stringify(text)}: ${cause.message}`);
  }
}

/** The URL as Go prints it. */
export function formatUrl({ scheme, opaque, user, host, omitsHost, path, query, fragment }: GoUrl): string {
  const head = scheme === '' ? '' : `${scheme}:`;
  const tail = `${query === undefined ? '' : `?${query}`}${fragment === undefined || fragment === '' ? '' : `#${fragment}`}`;
  if (opaque !== '') return head + opaque + tail;
  const hasAuthority = host !== '' || user !== undefined || (scheme !== '' && path !== '' && !omitsHost);
  const slash = hasAuthority && path !== '' && !path.startsWith('/') ? '/' : '';
  return `${head}${hasAuthority ? `//${user ? `${formatUser(user)}@` : ''}${host}` : ''}${slash}${escapePath(path)}${tail}`;
}

/** The URL with its password blotted out, as Go shows it in the errors of its HTTP client. */
export function withoutPassword(text: string): string {
  const url = parseUrl(text);
  if (url.user?.password === undefined) return text;
  return formatUrl({ ...url, user: { ...url.user, password: undefined } }).replace('@', ':***@');
}

function parse(text: string): GoUrl {
  const [beforeFragment, fragment] = cut(text, '#');
  if (CONTROL.test(text)) throw new GoError('net/url: invalid control character in URL');
  const [scheme, afterScheme] = schemeOf(beforeFragment);
  const [rest, query] = cut(afterScheme, '?');
  const common = { scheme: scheme.toLowerCase(), query, fragment, omitsHost: !rest.startsWith('//') };
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { ...common, opaque: rest, user: undefined, host: '', path: '' };
    if (/^[^/]*:/.test(rest)) throw new GoError('first path segment in URL cannot contain colon');
  }
  if (!rest.startsWith('//') || (scheme === '' && rest.startsWith('///'))) {
    unescapePart(rest);
    return { ...common, opaque: '', user: undefined, host: '', path: rest };
  }
  const slash = rest.indexOf('/', 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  const path = slash < 0 ? '' : rest.slice(slash);
  const at = authority.lastIndexOf('@');
  const host = hostOf(authority.slice(at + 1));
  const user = at < 0 ? undefined : userOf(authority.slice(0, at));
  unescapePart(path);
  return { ...common, opaque: '', user, host, path };
}

function schemeOf(text: string): readonly [scheme: string, rest: string] {
  if (text.startsWith(':')) throw new GoError('missing protocol scheme');
  const [whole = '', scheme = ''] = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text) ?? [];
  return [scheme, text.slice(whole.length)];
}

function userOf(text: string): UserInfo {
  if (!USER_INFO.test(text)) throw new GoError('net/url: invalid userinfo');
  const [username, password] = cut(text, ':');
  return { username: unescapePart(username), password: password === undefined ? undefined : unescapePart(password) };
}

function hostOf(host: string): string {
  const end = host.lastIndexOf(']');
  if (host.startsWith('[') && end < 0) throw new GoError("missing ']' in host");
  const colon = host.startsWith('[') ? end + 1 : host.lastIndexOf(':');
  const port = colon < 0 ? '' : host.slice(colon);
  if (!/^(?::\d*)?$/.test(port)) throw new GoError(`invalid port ${JSON.stringify(port)} after host`);
  for (const sign of host) {
    if (sign !== '%' && !HOST.test(sign)) throw new GoError(`invalid character ${JSON.stringify(sign)} in host name`);
  }
  return host;
}

/** A part of a URL without its escapes. */
export function unescapePart(text: string): string {
  const wrong = /%(?![0-9A-Fa-f]{2}).{0,2}/.exec(text);
  if (wrong) throw new GoError(`invalid URL escape ${JSON.stringify(wrong[0])}`);
  const bytes = text.split(/(%[0-9A-Fa-f]{2})/).map((part) => (/^%/.test(part) ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part)));
  return Buffer.concat(bytes).toString('utf8');
}

function formatUser({ username, password }: UserInfo): string {
  return escapeUser(username) + (password === undefined ? '' : `:${escapeUser(password)}`);
}

function escapeUser(text: string): string {
  return escapeAll(text, /[A-Za-z0-9\-_.~$&+,;=]/);
}

function escapePath(path: string): string {
  return escapeAll(path, /[A-Za-z0-9\-_.~!$&'()*+,;=:@[\]/%]/);
}

function escapeAll(text: string, bare: RegExp): string {
  const escape = (sign: string) => [...Buffer.from(sign)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  return [...text].map((sign) => (bare.test(sign) ? sign : escape(sign))).join('');
}

function cut(text: string, sign: string): readonly [before: string, after: string | undefined] {
  const at = text.indexOf(sign);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
