import { type FastifyInstance } from 'fastify';
import { CHANGES_NOTHING } from '../../../access/need';
import { readJson } from '../body';
import { type BkContext } from '../context';
import { ok, type Page } from '../envelope';
import { type Repository } from '../model';
import { problem } from '../problem';
import { keyOf } from '../tables';
import { takeBlock } from './blocks';
import { Changes } from './changes';
import { download } from './download';
import { locate, readableMembers } from './locate';
import { nodeDetail } from './node';
import { nodePage } from './node-search';
import { FoundNodes } from './found-nodes';
import { ROOT } from './paths';
import { type Candidate, type QueryModel, queryModel, without } from './query';
import { headerOf } from './receive';
import { resultPage } from './search';
import { genericTarget, nodeNotFound, requireWritable, type Target } from './target';
import { hasToken, tokenUser } from './token-use';
import { upload } from './upload';
import { visibility } from './visible';

/** The number of slashes before the path of `/generic/{project}/{repository}/{path}`. */
const BEFORE_PATH = 4;
const URLS = ['/generic/:project/:repo', '/generic/:project/:repo/*'];

/** `/generic/{project}/{repository}/{path}`: files by their paths. */
export function generic(app: FastifyInstance, context: BkContext): void {
  for (const url of URLS) {
    app.put(url, async (request, reply) => {
      if (hasToken(request))
        return tokenUser(context, request)({ type: 'UPLOAD', slashes: BEFORE_PATH }, (at) => upload(context, { request, reply }, at));
      const at = await genericTarget(context, request, { slashes: BEFORE_PATH, action: 'WRITE' });
      if (headerOf(request, 'x-bkrepo-upload-id') && headerOf(request, 'x-bkrepo-sequence')) return takeBlock(context, request, at);
      return upload(context, { request, reply }, at);
    });

    app.route({
      method: ['GET', 'HEAD'],
      url,
      handler: async (request, reply) => {
        if (hasToken(request))
          return tokenUser(context, request)({ type: 'DOWNLOAD', slashes: BEFORE_PATH }, (at) => download(context, { request, reply }, at));
        const at = await genericTarget(context, request, { slashes: BEFORE_PATH, action: 'DOWNLOAD' });
        return download(context, { request, reply }, at);
      },
    });

    app.delete(url, async (request) => {
      const at = await genericTarget(context, request, { slashes: BEFORE_PATH, action: 'DELETE' });
      await removeNode(context, at);
      return ok();
    });
  }

  app.post('/generic/:project/:repo/search', CHANGES_NOTHING, async (request) => {
    const at = await genericTarget(context, request, { slashes: 5, action: 'READ' });
    const model = await readJson(request, queryModel);
    const select = model.select?.length ? [...model.select, 'fullPath', 'category'] : null;
    const found = await searchIn(context, at, { ...model, select, rule: without(model.rule, ['projectId', 'repoName']) });
    // The server does not count here.
    return ok({ ...found, totalRecords: 0, totalPages: 0, count: 0 });
  });

  app.get('/generic/detail/:project/:repo/*', async (request) => {
    const at = await genericTarget(context, request, { slashes: 5, action: 'READ' });
    const located = await locate(context, { ...at, path: at.place.path, upstream: 'never' });
    if (!located || !('node' in located)) throw nodeNotFound(at.place.path, 400);
    return ok(nodeDetail(located.node));
  });
}

async function removeNode(context: BkContext, { place, repository, principal }: Target): Promise<void> {
  requireWritable(repository);
  await Changes.run(context, principal.userId, async (changes) => {
    const node = await changes.nodes.find(place);
    if (!node) throw nodeNotFound(place.path, 404);
    const files = node.folder ? await changes.nodes.count(place, { deep: true, includeFolder: false }) : 0;
    if (files > 0) throw problem('FOLDER_CONTAINS_FILE', 'Folder is not empty');
    if (place.path === ROOT) throw problem('METHOD_NOT_ALLOWED', "Method not allowed, reason: Can't delete root node.", 400);
    await changes.remove([place]);
  });
}

async function searchIn(context: BkContext, at: Pick<Target, 'repository' | 'principal'>, model: QueryModel): Promise<Page<Candidate>> {
  const repository = await searched(context, at, new Set());
  if (!repository) return resultPage({ rows: [], total: 0 }, model);
  const { projectId: project, name } = repository;
  const sight = new Map([[name, await visibility(context, { repository, principal: at.principal })]]);
  return nodePage(new FoundNodes(context.store.metadata), { project, sight, more: { category: 'LOCAL' } }, model);
}

/** The repository that a search looks at: of a virtual one the first that somebody may read, visiting each once. */
async function searched(
  context: BkContext,
  { repository, principal }: Pick<Target, 'repository' | 'principal'>,
  visited: Set<string>,
): Promise<Repository | undefined> {
  if (repository.category !== 'VIRTUAL') return repository;
  visited.add(keyOf(repository.projectId, repository.name));
  for await (const member of readableMembers(context, repository, { principal })) {
    if (visited.has(keyOf(member.projectId, member.name))) continue;
    const found = await searched(context, { repository: member, principal }, visited);
    if (found) return found;
  }
  return undefined;
}
