import { Readable } from 'node:stream';
import { type FastifyReply } from 'fastify';
import { type BkContext } from '../context';
import { noteSource } from '../../../operations/facts';
import { STALE } from '../../../reply';
import { BkProblem, problem } from '../problem';
import { booleanQuery } from '../body';
import { type Repository } from '../model';
import { intercept } from './interceptors';
import { listingPage } from './listing';
import { locate } from './locate';
import { type Node, type NodeKey } from './node';
import { type Listing } from './node-listing';
import { Nodes } from './nodes';
import { prefixOf, ROOT } from './paths';
import { disposition, type Exchange, sendArriving, sendNode } from './send';
import { nodeNotFound, type Target } from './target';
import { visibility } from './visible';
import { zip } from './zip';

const MAX_ZIP_FILES = 1024;
/** Whoever has more in one folder does not read a page of it. */
const MOST_LISTED = 100_000;
const MAX_ZIP_BYTES = 10 * 1024 ** 3;

/** Serves what is at a path: a file, a page of a folder, or an archive of it. */
export async function download(context: BkContext, exchange: Exchange, { place, repository, principal }: Target): Promise<FastifyReply> {
  const upstream = exchange.request.method === 'HEAD' ? 'headers' : 'content';
  const located = await locate(context, { repository, principal, path: place.path, upstream });
  if (!located) throw repository.category === 'LOCAL' ? nodeNotFound(place.path, 404) : artifactNotFound();
  if ('arriving' in located) {
    noteSource(exchange.request.raw, 'miss');
    return sendArriving(exchange, place.path, located.arriving);
  }
  const { node } = located;
  if (located.repository.category === 'REMOTE') noteSource(exchange.request.raw, located.stale ? 'stale' : 'hit');
  if (node.folder) return sendFolder(context, exchange, { ...located, principal, place });
  intercept(located.repository, { request: exchange.request, principal, node });
  await new Nodes(context.store.metadata).noteAccess(node);
  if (located.stale) exchange.reply.header('warning', STALE);
  return sendNode(exchange, context.store.blobs, node);
}

type Folder = Target & { readonly node: Node };

async function sendFolder(context: BkContext, exchange: Exchange, folder: Folder): Promise<FastifyReply> {
  const { request, reply } = exchange;
  if (!isIndexed(folder.repository)) throw new BkProblem(251202, 403, `Directory [${folder.node.full_path}] may not be listed`);
  if (booleanQuery(request, 'download')) return sendArchive(context, exchange, folder);
  const [base = ''] = request.originalUrl.split('?');
  if (!base.endsWith('/')) return reply.redirect(`${base}/`, 302);
  const nodes: Node[] = [];
  for await (const node of visibleIn(context, folder, { deep: false, includeFolder: true })) {
    if (nodes.length === MOST_LISTED) break;
    nodes.push(node);
  }
  const page = Buffer.from(listingPage(folder.node, nodes, base));
  reply.headers({ 'content-type': 'text/html;charset=UTF-8', 'content-length': page.length });
  return request.method === 'HEAD' ? reply.send(Readable.from([])) : reply.send(page);
}

async function sendArchive(context: BkContext, exchange: Exchange, folder: Folder): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const { node, repository, principal } = folder;
  const files: Node[] = [];
  let size = 0;
  for await (const file of visibleIn(context, folder, { deep: true, includeFolder: false })) {
    files.push(file);
    size += file.size;
    if (files.length > MAX_ZIP_FILES || size > MAX_ZIP_BYTES)
      throw problem('NODE_LIST_TOO_LARGE', 'The folder is too large for an archive');
  }
  for (const file of files) intercept(repository, { request, principal, node: file });
  const name = node.full_path === ROOT ? `${node.project}-${node.repo}` : node.name;
  reply.headers({ 'content-type': 'application/zip', 'cache-control': 'no-cache', ...disposition(request, `${name}.zip`) });
  if (request.method === 'HEAD') return reply.send(Readable.from([]));
  const entries = files.map((file) => ({
    name: file.full_path.slice(prefixOf(node.full_path).length),
    size: file.size,
    open: () => context.store.blobs.read(file.hash ?? ''),
  }));
  return reply.send(Readable.from(zip(entries), { objectMode: false }));
}

/** What somebody sees in a folder, the folders first. */
async function* visibleIn(context: BkContext, { node, repository, principal }: Folder, listing: Listing): AsyncGenerator<Node, void> {
  const isVisible = await visibility(context, { repository, principal });
  for await (const batch of new Nodes(context.store.metadata).scan(placeOf(node), listing, true))
    for (const each of batch) if (isVisible?.(each.full_path) ?? true) yield each;
}

function isIndexed({ configuration }: Repository): boolean {
  const setting = configuration.settings['autoIndex'] as { enabled?: unknown } | null | undefined;
  return setting?.enabled !== false;
}

function placeOf({ project, repo, full_path: path }: Node): NodeKey {
  return { project, repo, path };
}

/** The answer of a repository that also looks elsewhere. */
function artifactNotFound() {
  return problem('ARTIFACT_NOT_FOUND', 'Artifact file data not found');
}
