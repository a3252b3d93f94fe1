import { problem } from '../problem';
import { type Changes } from './changes';
import { toMap } from './metadata';
import { type Node, type NodeKey } from './node';
import { folderOf } from './paths';
import { timestamp } from '../tables';

/** What to do with a node in the place of a deleted one. */
export const STRATEGIES = ['SKIP', 'OVERWRITE', 'FAILED'] as const;
/** One of the strategies. */
export type Strategy = (typeof STRATEGIES)[number];

/** What a client sees of a node that was deleted. */
export function deletedPoint(node: Node): Record<string, unknown> {
  return {
    id: node.deleted_at,
    fullPath: node.full_path,
    size: node.size,
    sha256: node.hash,
    metadata: toMap(node.metadata),
    deletedBy: node.modified_by,
    deletedTime: timestamp(new Date(node.deleted_at)),
  };
}

/** Brings back a node and all that was deleted with it. */
export async function restore(
  changes: Changes,
  place: NodeKey,
  how: { moment: number; strategy: Strategy },
): Promise<Record<string, unknown>> {
  const counts = { restoreCount: 0, skipCount: 0, conflictCount: 0 };
  await changes.sweep(place);
  for (const node of await changes.nodes.deletedAt(place, how.moment)) {
    const at = { ...place, path: node.full_path };
    const existing = await changes.nodes.find(at);
    if (existing && how.strategy === 'FAILED') throw problem('NODE_CONFLICT', `Node [${node.full_path}] exists`);
    if (existing && how.strategy === 'SKIP') {
      counts.skipCount += 1;
      continue;
    }
    if (existing) {
      await changes.remove([at]);
      counts.conflictCount += 1;
    }
    await changes.mkdirs({ ...place, path: folderOf(node.full_path) });
    await changes.addUsed(place, node.size);
    await changes.nodes.update(node, { deleted_at: 0, expires_at: 0 });
    counts.restoreCount += 1;
  }
  return { fullPath: place.path, ...counts };
}
