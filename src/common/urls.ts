/** Why a text is no base URL for an HTTP upstream, or nothing when it is one. */
export function urlProblem(text: string): string | undefined {
  if (text !== text.trim()) return `"${shown(text)}" has white space at its beginning or end; leave it out`;
  // "localhost:8000" would be a URL with the scheme "localhost".
  if (/^[\w.-]+:\d+(\/|$)/.test(text)) return `"${text}" has no scheme; write "http://${text}" or "https://${text}"`;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return `"${shown(text)}" is not a URL; write one with scheme and host, e.g. "https://npm.example.com"`;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `"${shown(text)}" has the scheme "${url.protocol.slice(0, -1)}"; allowed are http and https`;
  if (url.username || url.password) return `the URL of "${url.host}" carries a user name or password; set username and password instead`;
  if (url.search || url.hash) return `"${shown(text)}" has a query or fragment; a base URL ends with its path`;
  return undefined;
}

/** What stands before an `@` may be a password. */
const shown = (text: string): string => text.replace(/[^/]*@/, '(sensitive)@');

/** Whether two texts are the same base URL: case of the host and slashes at the end do not count. */
export function sameUrl(a: string, b: string): boolean {
  if (a === b) return true;
  try {
    return new URL(a).href.replace(/\/+$/, '') === new URL(b).href.replace(/\/+$/, '');
  } catch {
    return false;
  }
}
