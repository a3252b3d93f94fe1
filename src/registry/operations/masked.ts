const MASK = '***';
/** The names of query parameters whose values let somebody in. */
const SECRET = /token|secret|passw|pwd|signature|credential|api[-_]?key|access[-_]?key|^(?:sig|key|auth|code|jwt|sid)$|authorization/i;
/** Paths that name a token: npm's `logout` and its list of tokens. */
const TOKEN_PATHS = /(\/-\/user\/token\/|\/-\/npm\/v1\/tokens\/token\/)[^/?]+/g;
const CREDENTIALS = /(\/\/)[^/?#@]+@/g;

/** A URL, whole or only its path and query, without the secrets that it may hold. */
export function masked(url: string): string {
  const open = url.replace(CREDENTIALS, `$1${MASK}@`).replace(TOKEN_PATHS, `$1${MASK}`);
  const question = open.indexOf('?');
  if (question < 0) return open;
  const pairs = open
    .slice(question + 1)
    .split('&')
    .map((pair) => {
      const [name = ''] = pair.split('=', 1);
      return SECRET.test(decoded(name)) && pair.length > name.length + 1 ? `${name}=${MASK}` : pair;
    });
  return `${open.slice(0, question)}?${pairs.join('&')}`;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
