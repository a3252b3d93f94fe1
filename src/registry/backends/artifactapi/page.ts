import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type Context } from '../../context';
import { HttpError } from '../../errors';
import { page } from '../../ui/about';
import { CachedFolders, LocalFolders } from '../../store/folders';
import { type ByName } from './fields';
import { OF_EVERY, OF_ONE } from './needs';
import { positive } from './objects';
import { existingRemote } from './remotes';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 500;

/** `/ui/` and what its page needs beyond ArtifactAPI: `/ui/api/`, which is no part of that API and may change with the page. */
export function uiPage(app: FastifyInstance, context: Context): void {
  if (context.strict) return;
  page(app, context, { backend: 'artifactapi' });
  const { store, operations, events } = context;
  const [cached, local] = [new CachedFolders(store.metadata), new LocalFolders(store.metadata)];

  app.get<ByName>('/ui/api/repositories/:name/folder', OF_ONE, async (request, reply) => {
    const { name, repo_type } = await existingRemote(context, request.params.name);
    await store.artifacts.flush();
    const limit = Math.min(MAX_LIMIT, positive(request, 'limit', DEFAULT_LIMIT));
    const wanted = { repository: name, folder: folderOf(request), from: textOf(request, 'from'), limit };
    const { entries, next = null } = await (repo_type === 'local' ? local : cached).list(wanted);
    return reply.header('cache-control', 'no-store').send({ entries, next });
  });

  app.delete<ByName>('/ui/api/repositories/:name/folder', OF_ONE, async (request, reply) => {
    const { name, repo_type } = await existingRemote(context, request.params.name);
    if (repo_type === 'local') throw new HttpError(400, `${JSON.stringify(name)} is a local repository; nothing in it is a cached copy`);
    const folder = folderOf(request);
    if (folder === '') throw new HttpError(400, 'invalid path: name a folder');
    const evicted = await store.artifacts.evictBelow(name, folder);
    if (evicted > 0) events.emit('artifact.evicted', { name, path: folder, count: evicted });
    return reply.send({ evicted });
  });

  app.get('/ui/api/traffic', OF_EVERY, (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ every_ms: operations.history.everyMs, points: operations.history.points() }),
  );
}

function folderOf(request: FastifyRequest): string {
  const folder = textOf(request, 'path');
  if (folder !== '' && !folder.endsWith('/')) throw new HttpError(400, 'invalid path: the path of a folder ends with a slash');
  return folder;
}

function textOf(request: FastifyRequest, name: string): string {
  const value = (request.query as Record<string, unknown>)[name] ?? '';
  if (typeof value !== 'string') throw new HttpError(400, `invalid ${name}: it is repeated`);
  return value;
}
