import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { CHANGES_NOTHING } from '../../../access/need';
import { existingRepository } from '../authorize';
import { booleanQuery, readJson, windowOf } from '../body';
import { invalid } from '../parameter-checks';
import { type BkContext } from '../context';
import { ok, page, type PageWindow } from '../envelope';
import { Cut } from '../../../store/pages';
import { principalOf } from '../principal';
import { FoundNodes } from './found-nodes';
import { type Node, nodeDetail, nodeInfo } from './node';
import { nodePage } from './node-search';
import { BASE, existingNode, SLASHES, urlsOf } from './node-urls';
import { Nodes } from './nodes';
import { queryModel } from './query';
import { readableRepositories } from './search';
import { target, type Target } from './target';
import { visibility } from './visible';

const MAX_PAGE = 100_000;

/** What is read of nodes: details, pages, sizes, and searches. */
export function nodeReads(app: FastifyInstance, context: BkContext): void {
  const nodes = new Nodes(context.store.metadata);
  searches(app, context);

  for (const url of urlsOf('detail')) {
    app.get(url, async (request) => {
      const { place } = await target(context, request, { slashes: SLASHES, action: 'READ' });
      return ok(nodeDetail(await existingNode(context, place)));
    });
  }

  for (const url of urlsOf('page')) {
    app.get(url, async (request) => {
      const at = await target(context, request, { slashes: SLASHES, action: 'READ' });
      const window = windowOf(request);
      if (window.pageSize > MAX_PAGE) throw invalid('pageSize');
      const includeMetadata = booleanQuery(request, 'includeMetadata') ?? false;
      const { rows: found, total } = await listed(context, request, { ...at, window });
      return ok(
        page(
          found.map((node) => nodeInfo(node, includeMetadata)),
          window,
          total,
        ),
      );
    });
  }

  for (const url of urlsOf('size')) {
    app.get(url, async (request) => {
      const { place } = await target(context, request, { slashes: SLASHES, action: 'READ' });
      const node = await existingNode(context, place);
      if (!node.folder) return ok({ subNodeCount: 0, subNodeWithoutFolderCount: 0, size: node.size });
      const totals = await nodes.totals(place);
      return ok({ subNodeCount: totals.nodes, subNodeWithoutFolderCount: totals.files, size: totals.size });
    });
  }
}

function searches(app: FastifyInstance, context: BkContext): void {
  const nodes = new FoundNodes(context.store.metadata);

  for (const name of ['search', 'query']) {
    app.post(`${BASE}/${name}`, CHANGES_NOTHING, async (request) => {
      const model = await readJson(request, queryModel);
      const { project, repos } = await readableRepositories(context, { principal: principalOf(request), model });
      const principal = principalOf(request);
      const sight = new Map<string, ((path: string) => boolean) | undefined>();
      for (const repo of repos)
        sight.set(repo, await visibility(context, { repository: await existingRepository(context, project, repo), principal }));
      return ok(await nodePage(nodes, { project, sight }, model));
    });
  }
}

/** One page of a folder; entries hidden from the caller are neither shown nor counted. */
async function listed(context: BkContext, request: FastifyRequest, at: Target & { window: PageWindow }) {
  const nodes = new Nodes(context.store.metadata);
  const listing = { deep: booleanQuery(request, 'deep') ?? false, includeFolder: booleanQuery(request, 'includeFolder') ?? true };
  const foldersFirst = booleanQuery(request, 'sort') ?? false;
  const cut = { offset: (at.window.pageNumber - 1) * at.window.pageSize, limit: at.window.pageSize };
  const isVisible = await visibility(context, at);
  if (!isVisible) return nodes.page(at.place, listing, { window: cut, foldersFirst });
  const visible = new Cut<Node>(cut);
  for await (const batch of nodes.scan(at.place, listing, foldersFirst))
    for (const node of batch) if (isVisible(node.full_path)) visible.add(node);
  return visible;
}
