import { problem } from '../problem';
import { timestamp } from '../tables';
import { type Changes } from './changes';
import { type Node, type NodeKey } from './node';
import { folderOf, isWithin, nameOf, parentOf, prefixOf, ROOT } from './paths';
import { nodeNotFound } from './target';

/** A move or a copy. */
export interface Transfer {
  readonly from: NodeKey;
  readonly to: NodeKey;
  readonly overwrite: boolean;
  readonly move: boolean;
}

/** Moves a node and everything below it within its repository. */
export async function rename(changes: Changes, place: NodeKey, path: string): Promise<void> {
  await changes.sweep(place);
  const nodes = await changes.nodes.subtree(place);
  if (nodes.length === 0) throw nodeNotFound(place.path, 400);
  if (place.path === ROOT) throw problem('METHOD_NOT_ALLOWED', 'The root node cannot be renamed', 400);
  if (await changes.nodes.find({ ...place, path })) throw problem('NODE_EXISTED', `Node [${path}] existed`);
  if (isWithin(path, place.path)) throw problem('NODE_CONFLICT', `Node [${path}] conflict`);
  await changes.mkdirs({ ...place, path: folderOf(path) });
  for (const node of nodes) {
    const full_path = path + node.full_path.slice(place.path.length);
    const at = { full_path, parent: parentOf(full_path), name: nameOf(full_path) };
    await changes.nodes.update(node, { ...at, modified_by: changes.by, modified_at: timestamp() });
  }
}

/** Moves or copies a node, with all that is below it; into a folder that is there it keeps its name. */
export async function transfer(changes: Changes, wish: Transfer): Promise<void> {
  const { from, to, move } = wish;
  await changes.sweep(from);
  await changes.sweep(to);
  const source = await changes.nodes.find(from);
  if (!source) throw nodeNotFound(from.path, 400);
  const target = await changes.nodes.find(to);
  const isSame = from.project === to.project && from.repo === to.repo;
  if (isSame && (from.path === to.path || (target?.folder && folderOf(from.path) === to.path))) return;
  if (source.folder && target && !target.folder) throw conflict(to.path);
  const path = target?.folder ? prefixOf(to.path) + source.name : to.path;
  if (isSame && source.folder && isWithin(path, from.path)) throw conflict(path);
  const nodes = await changes.nodes.subtree(from);
  if (nodes.length > 0) await changes.mkdirs({ ...to, path: path === ROOT ? ROOT : folderOf(path) });
  const moment = changes.nodes.now();
  for (const node of nodes) {
    const end = prefixOf(path).slice(0, -1) + node.full_path.slice(prefixOf(from.path).length - 1);
    // Free before the copy is counted, so that a move within a repository fits whatever its quota.
    if (move) await changes.removeNodes([node], moment);
    await place(changes, node, { ...wish, to: { ...to, path: end || ROOT } });
  }
}

async function place(changes: Changes, node: Node, { to, overwrite, move }: Transfer): Promise<void> {
  const existing = await changes.nodes.find(to);
  if (node.folder) {
    if (existing?.folder) return;
    if (existing) throw conflict(to.path);
  } else if (existing && (existing.folder || !overwrite)) {
    throw conflict(to.path);
  }
  if (existing) await changes.removeNodes([existing]);
  await changes.addUsed(to, node.size);
  const { folder, size, hash, md5, crc64ecma, expires_at, metadata, accessed_at } = node;
  const content = { folder: folder ? 1 : 0, size, hash, md5, crc64ecma, expires_at, accessed_at, metadata: JSON.stringify(metadata) };
  const created = move ? {} : { created_by: node.created_by, created_at: node.created_at };
  await changes.nodes.insert({ ...changes.blankRow(to), ...content, ...created });
}

function conflict(path: string) {
  return problem('NODE_CONFLICT', `Node [${path}] conflict`);
}
