import { HttpError } from '../errors';
import { type Format } from '../formats/format';

const MAX_LENGTH = 4096;
/** Paths in their canonical form, as nearly all are: segments with nothing to decode, none of which begins or ends with a dot. */
const PLAIN = /^(?:[\w@~+-](?:[\w.@~+-]*[\w@~+-])?(?:\/|$))+$/;

const DOTS = /(^|\/)(?:\.(?:\/|$))+/g;

/** How a format spells paths. */
export type Spelling = Pick<Format, 'canonical' | 'encodedSlash' | 'encode'>;

/**
 * The one form of a path that is judged, kept and asked for: decoded once, without empty segments, and without those of a single dot, which apt
 * sends for sources in one folder. What servers read in more than one way has no such form and is refused: other dot segments (encoded or
 * with parameters, too), backslashes, control characters, what decodes a second time, ends that some file systems drop, and encoded slashes
 * but where the format has them.
 */
export function canonicalPath(raw: string, spelling: Spelling = {}): string {
  const path = PLAIN.test(raw) ? raw : decodedPath(raw, spelling);
  if (path.length > MAX_LENGTH) throw invalid(`longer than ${MAX_LENGTH} characters`);
  return spelling.canonical?.(path) ?? path;
}

function decodedPath(raw: string, spelling: Spelling): string {
  const segments = raw
    .replace(DOTS, '$1')
    .split('/')
    .flatMap((segment, index, all) => {
      // A slash at the end stands for itself; the others that are too many do not.
      if (segment === '' && (index < all.length - 1 || all.length === 1)) return [];
      return [checkedSegment(decode(segment), spelling)];
    });
  return segments.length === 1 && segments[0] === '' ? '' : segments.join('/');
}

/** A query as it is judged and asked for; a question mark that nothing follows is none. */
export function canonicalQuery(query: string): string {
  if (query === '' || query === '?') return '';
  decode(query);
  if (/[\p{Cc} ]/u.test(query)) throw invalid('forbidden character in the query');
  return query;
}

/** A canonical path in the form that upstreams are asked in. */
export function upstreamPath(path: string, { encode }: Spelling): string {
  return encode?.(path) ?? path.split('/').map(encodeSegment).join('/');
}

/** Encodes what has a meaning in a path, and a plus, which some stores read as a space; the rest stays readable. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(/%(?:40|3A|2C|3D|26|24)/g, decodeURIComponent);
}

/** A query decoded, for patterns. */
export function decodedQuery(query: string): string {
  return decode(query);
}

function checkedSegment(segment: string, { encodedSlash }: Spelling): string {
  if (segment.includes('/') && !encodedSlash?.test(segment)) throw invalid('encoded slash');
  for (const part of segment.split('/')) {
    if (/^\.{1,2}(?:;|$)/.test(part)) throw invalid('dot segment');
    if (/[.\s]$|^\s/u.test(part)) throw invalid('a segment begins or ends with a space, or ends with a dot');
  }
  if (/[\p{Cc}\\]/u.test(segment)) throw invalid('forbidden character');
  if (/%[0-9a-f]{2}/i.test(segment)) throw invalid('encoded twice');
  return segment;
}

/** Decodes percent-encoding; bytes that came without it are read as UTF-8 too. */
function decode(raw: string): string {
  try {
    return decodeURIComponent(raw.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`));
  } catch {
    throw invalid('malformed percent-encoding');
  }
}

function invalid(reason: string): HttpError {
  return new HttpError(400, `invalid path: ${reason}`);
}
