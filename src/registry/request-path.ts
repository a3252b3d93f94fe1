import { type FastifyRequest } from 'fastify';
import { HttpError } from './errors';

/** The part of a URL after a repository's name. */
export interface RequestPath {
  /** Decoded, without the query. */
  readonly path: string;
  /** As the client wrote it, with the query. */
  readonly raw: string;
  /** The query with its question mark, or nothing. */
  readonly query: string;
}

/** The number of slashes before the wildcard of `/api/v1/remote/{name}/*`. */
const BEFORE_WILDCARD = 5;

/** Reads what follows a number of slashes in the URL of a request; refuses what could lead out of a repository. */
export function requestPath(request: FastifyRequest, slashes = BEFORE_WILDCARD): RequestPath {
  const url = request.raw.url ?? '';
  const question = url.indexOf('?');
  const query = question < 0 ? '' : url.slice(question);
  const rawPath = (question < 0 ? url : url.slice(0, question)).split('/').slice(slashes).join('/');
  return { path: checkedPath(rawPath), raw: rawPath + query, query };
}

/** A path that a file can be stored under. */
export function storedPath(request: FastifyRequest, slashes: number): string {
  const { path } = requestPath(request, slashes);
  if (path.split('/').includes('')) throw new HttpError(400, `invalid path ${JSON.stringify(path)}: empty segment`);
  return path;
}

/** Decodes a path and refuses what could lead out of a repository. */
export function checkedPath(raw: string): string {
  const path = decoded(raw);
  if (path.length > 4096) throw new HttpError(400, 'invalid path: longer than 4096 characters');
  if (/[\p{Cc}\\]/u.test(path) || raw.includes('#')) throw new HttpError(400, 'invalid path: forbidden character');
  if (path.split('/').some((segment) => segment === '.' || segment === '..')) throw new HttpError(400, 'invalid path: dot segment');
  return path;
}

function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw new HttpError(400, 'invalid path: malformed percent-encoding');
  }
}
