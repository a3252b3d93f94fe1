/**
 * The problem with a text that is not a base URL of an upstream; nothing if it is one. Servers parse it with Go's net/url and need a host.
 *
 * @param allowed its schemes
 */
export function urlProblem(text: string, allowed: readonly string[] = ['http', 'https']): string | undefined {
  if (text !== text.trim()) return `"${shown(text)}" has white space at its beginning or end; leave it out`;
  // The parser here silently drops these two, and repairs a missing "//".
  if (/[\p{Cc}]/u.test(text)) return `${JSON.stringify(shown(text))} contains a line break or another control character; remove it`;
  if (text.includes('\\')) return `"${shown(text)}" has a backslash; a URL has "/"`;
  const [, scheme, authority] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i.exec(text) ?? [];
  if (scheme === undefined) return withoutHost(text, allowed);
  if (!allowed.includes(scheme.toLowerCase())) return strange(text, scheme, allowed);
  return hostProblem(text, authority ?? '') ?? restProblem(text);
}

function withoutHost(text: string, allowed: readonly string[]): string {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):/i.exec(text) ?? [];
  if (scheme !== undefined && allowed.includes(scheme.toLowerCase()))
    return `"${shown(text)}" lacks "//" and a host after "${scheme}:"; write e.g. "https://packages.example.com"`;
  if (/^[\w.-]+:\d+(?:\/|$)/.test(text)) return `"${text}" has no scheme; write "http://${text}" or "https://${text}"`;
  if (scheme !== undefined) return strange(text, scheme, allowed);
  return `"${shown(text)}" is not a URL; write one with scheme and host, e.g. "https://packages.example.com"`;
}

const strange = (text: string, scheme: string, allowed: readonly string[]): string =>
  `"${shown(text)}" has the scheme "${scheme.toLowerCase()}"; allowed are ${allowed.slice(0, -1).join(', ')} and ${allowed.at(-1)}`;

function hostProblem(text: string, authority: string): string | undefined {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (/^(?::\d*)?$/.test(host)) return `"${shown(text)}" names no host; write e.g. "https://packages.example.com"`;
  if (host.includes('%') || !isUrl(text))
    return `"${shown(text)}" is not a URL; write one with scheme and host, e.g. "https://packages.example.com"`;
  return authority.includes('@') ? `the URL of "${host}" carries a user name or password; set username and password instead` : undefined;
}

function restProblem(text: string): string | undefined {
  if (/[?#]/.test(text)) return `"${shown(text)}" has a query or fragment; a base URL ends with its path`;
  const [escape] = /%(?![0-9a-f]{2}).{0,2}/i.exec(text) ?? [];
  return escape === undefined ? undefined : `"${shown(text)}" has "${escape}", which is no escape; write "%25" for a percent sign`;
}

/**
 * Whether a text is a URL, by itself or seen from a base. `URL.canParse` must not be asked: once it is hot, Node 20 reads "ü" in the wrong
 * encoding and says no.
 */
export function isUrl(text: string, base?: string | URL): boolean {
  try {
    return new URL(text, base).href !== '';
  } catch {
    return false;
  }
}

/** Characters that Go, and so the routers of its servers, do not escape in a path; escaped, they would name something else. */
const plain = /%(?:24|26|2B|2C|3A|3B|3D|40)/g;

/** A text as one segment of a path. */
export const pathSegment = (text: string): string => encodeURIComponent(text).replace(plain, decodeURIComponent);

/** The part before an `@` may be a password. */
const shown = (text: string): string => text.replace(/[^/]*@/, '(sensitive)@');

/** A text whose URLs show no user name and no password. */
export const withoutUserInfo = (text: string): string => text.replace(/(?<=:\/\/)[^/?#\s"'<>]*@/g, '(sensitive)@');

/** Whether two texts are the same base URL, ignoring the case of the host and trailing slashes. */
export function sameUrl(a: string, b: string): boolean {
  if (a === b) return true;
  return isUrl(a) && isUrl(b) && new URL(a).href.replace(/\/+$/, '') === new URL(b).href.replace(/\/+$/, '');
}
