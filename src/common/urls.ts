/** Why a text is no base URL for an HTTP upstream, or nothing when it is one. */
export function urlProblem(text: string): string | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return `"${text}" is not a URL; write one with scheme and host, e.g. "https://npm.example.com"`;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `"${text}" has the scheme "${url.protocol.slice(0, -1)}"; allowed are http and https`;
  if (url.username || url.password) return `the URL of "${url.host}" carries a user name or password; set username and password instead`;
  if (url.search || url.hash) return `"${text}" has a query or fragment; a base URL ends with its path`;
  return undefined;
}

/** Whether two texts are the same base URL: case of the host and slashes at the end do not count. */
export function sameUrl(a: string, b: string): boolean {
  if (a === b) return true;
  try {
    return new URL(a).href.replace(/\/+$/, '') === new URL(b).href.replace(/\/+$/, '');
  } catch {
    return false;
  }
}
