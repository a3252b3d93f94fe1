import { type FastifyRequest } from 'fastify';
import { HttpError } from './errors';
import { canonicalPath, canonicalQuery, type Spelling } from './proxy/canonical';

/** The part of a URL after a repository's name. */
export interface RequestPath {
  /** Canonical, without the query. */
  readonly path: string;
  /** The query with its question mark, or nothing. */
  readonly query: string;
}

/** Where a path stands in a URL, and how its repository spells paths. */
export interface PathRule extends Spelling {
  /** The number of slashes before the path. @default 5, as in `/api/v1/remote/{name}/*` */
  readonly slashes?: number;
}

const BEFORE_WILDCARD = 5;

/** Reads the path that a request is about; refuses what has no canonical form. */
export function requestPath(request: FastifyRequest, { slashes = BEFORE_WILDCARD, ...spelling }: PathRule = {}): RequestPath {
  const url = request.raw.url ?? '';
  if (url.includes('#')) throw new HttpError(400, 'invalid path: forbidden character');
  const question = url.indexOf('?');
  const raw = question < 0 ? url : url.slice(0, question);
  const query = question < 0 ? '' : url.slice(question);
  return { path: canonicalPath(raw.slice(startOf(raw, slashes)), spelling), query: canonicalQuery(query) };
}

/** Where the text after so many slashes begins. */
function startOf(raw: string, slashes: number): number {
  let start = 0;
  for (let passed = 0; passed < slashes; passed++) {
    const slash = raw.indexOf('/', start);
    if (slash < 0) return raw.length;
    start = slash + 1;
  }
  return start;
}

/** A path that a file can be stored under. */
export function storedPath(request: FastifyRequest, slashes: number): string {
  const [raw = ''] = (request.raw.url ?? '').split('?');
  const { path } = requestPath(request, { slashes });
  if (raw.split('/').slice(slashes).includes('')) throw new HttpError(400, `invalid path ${JSON.stringify(path)}: empty segment`);
  return path;
}
