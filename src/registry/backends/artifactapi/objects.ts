import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type Context } from '../../context';
import { HttpError } from '../../errors';
import { formatOf } from '../../formats';
import { requestPath, storedPath } from '../../request-path';
import { removeFile } from './files';
import { existingRemote, orNull } from './remotes';
import { type LocalFile } from '../../store/files';
import { type ArtifactRow } from '../../store/tables';
import { type ByName } from './fields';
import { OF_ONE } from './needs';

const DEFAULT_PER_PAGE = 100;
const MAX_PER_PAGE = 5000;
/** The number of slashes before the wildcard of `/api/v2/remotes/{name}/objects/*`. */
const BEFORE_WILDCARD = 6;

/** `/api/v2/{remotes,locals}/{name}/objects`: what a repository holds, page by page, and its eviction. */
export function objects(app: FastifyInstance, context: Context): void {
  const { artifacts, files } = context.store;

  app.get<ByName>('/api/v2/remotes/:name/objects', OF_ONE, async (request, reply) => {
    const { name } = await existingRemote(context, request.params.name);
    const page = pageOf(request);
    const { rows, total } = await artifacts.page(name, page);
    return reply.send({ items: orNull(rows.map(artifactJson)), total, page: page.page, per_page: page.limit });
  });

  app.delete<ByName>('/api/v2/remotes/:name/objects/*', OF_ONE, async (request, reply) => {
    const { name, package_type } = await existingRemote(context, request.params.name);
    const { path, query } = requestPath(request, { ...formatOf(package_type), slashes: BEFORE_WILDCARD });
    if (!(await artifacts.evict(name, path + query)))
      throw new HttpError(404, `object ${JSON.stringify(path)} not found in ${JSON.stringify(name)}`);
    context.events.emit('artifact.evicted', { name, path });
    return reply.code(204).send();
  });

  app.get<ByName>('/api/v2/locals/:name/objects', OF_ONE, async (request, reply) => {
    const name = await existingLocal(request.params.name);
    const page = pageOf(request);
    const { rows, total } = await files.page(name, page);
    return reply.send({ items: orNull(rows.map(fileJson)), total, page: page.page, per_page: page.limit });
  });

  app.delete<ByName>('/api/v2/locals/:name/objects/*', OF_ONE, async (request, reply) => {
    await removeFile(context, await existingLocal(request.params.name), storedPath(request, BEFORE_WILDCARD));
    return reply.code(204).send();
  });

  async function existingLocal(name: string): Promise<string> {
    const repository = await existingRemote(context, name);
    if (repository.repo_type !== 'local') throw new HttpError(404, `local repository ${JSON.stringify(name)} not found`);
    return name;
  }
}

/** The columns of a cached object that answers show; a column that is not here stays inside. */
const SHOWN = [
  ...(['remote', 'path', 'variant', 'size', 'content_type', 'content_encoding', 'etag', 'last_modified', 'created_at'] as const),
  ...(['access_count', 'fetch_count', 'bytes_served'] as const),
];

/** What a client sees of a cached object. */
export function artifactJson(row: ArtifactRow): Record<string, unknown> {
  return {
    ...Object.fromEntries(SHOWN.map((column) => [column, row[column]])),
    sha256: row.hash,
    last_validated_at: row.validated_at,
    last_accessed_at: row.accessed_at,
  };
}

function fileJson({ repo, path, hash, size, content_type, created_at }: LocalFile): Record<string, unknown> {
  const counters = { access_count: 0, fetch_count: 0, bytes_served: 0 };
  const times = { created_at, last_validated_at: created_at, last_accessed_at: created_at };
  return { remote: repo, path, sha256: hash, size, content_type, ...counters, ...times };
}

function pageOf(request: FastifyRequest): { page: number; limit: number; offset: number } {
  const page = positive(request, 'page', 1);
  const limit = Math.min(MAX_PER_PAGE, positive(request, 'per_page', DEFAULT_PER_PAGE));
  return { page, limit, offset: (page - 1) * limit };
}

/** A whole number from 1 in the query of a request. */
export function positive(request: FastifyRequest, name: string, unset: number): number {
  const value = (request.query as Record<string, string | string[] | undefined>)[name];
  if (value === undefined) return unset;
  if (typeof value !== 'string' || !/^[1-9]\d{0,8}$/.test(value))
    throw new HttpError(400, `invalid ${name}: expected a whole number of at least 1`);
  return Number(value);
}
