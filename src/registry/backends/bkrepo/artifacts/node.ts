import { type Insertable, type Selectable } from 'kysely';
import { timestamp } from '../tables';
import { type NodeMetadata, toMap } from './metadata';
import { nameOf, parentOf, ROOT } from './paths';
import { type BkNodeTable } from './tables';

/** A row of the nodes' table. */
export type NodeRow = Selectable<BkNodeTable>;
/** A row to be added to the nodes' table. */
export type NewNodeRow = Insertable<BkNodeTable>;

/** What identifies a node. */
export interface NodeKey {
  readonly project: string;
  readonly repo: string;
  /** In canonical form. */
  readonly path: string;
}

/** A file or a folder. */
export interface Node extends Omit<NodeRow, 'folder' | 'metadata' | 'id'> {
  /** Empty for the root folder, which has no row. */
  readonly id: string;
  readonly folder: boolean;
  readonly metadata: readonly NodeMetadata[];
}

/** The node of a row; some engines answer 64-bit integers as texts. */
export function toNode(row: NodeRow): Node {
  return {
    ...row,
    folder: row.folder !== 0,
    size: Number(row.size),
    expires_at: Number(row.expires_at),
    deleted_at: Number(row.deleted_at),
    metadata: JSON.parse(row.metadata) as NodeMetadata[],
  };
}

/** The top folder of a repository, which is always there. */
export function rootNode({ project, repo }: Omit<NodeKey, 'path'>): Node {
  const at = timestamp(new Date(0));
  const signed = { created_by: '', created_at: at, modified_by: '', modified_at: at, accessed_at: at };
  const file = { size: 0, hash: null, md5: '', crc64ecma: '', metadata: [], expires_at: 0, deleted_at: 0 };
  return { id: '', project, repo, full_path: ROOT, parent: ROOT, name: '', folder: true, ...file, ...signed };
}

/** The place and signature of a new row. */
export function blankRow(
  { project, repo, path }: NodeKey,
  made: { readonly by: string; readonly at: Date },
): Omit<NewNodeRow, 'id'> & { metadata: string } {
  const { by } = made;
  const at = timestamp(made.at);
  const signed = { created_by: by, created_at: at, modified_by: by, modified_at: at, accessed_at: at };
  const file = { folder: 1, size: 0, hash: null, md5: '', crc64ecma: '', metadata: '[]', expires_at: 0, deleted_at: 0 };
  return { project, repo, full_path: path, parent: parentOf(path), name: nameOf(path), ...file, ...signed };
}

/** What a client sees of a node in lists. */
export function nodeInfo(node: Node, includeMetadata = true): Record<string, unknown> {
  const copied = { copyFromCredentialsKey: null, copyIntoCredentialsKey: null };
  return { id: node.id || null, ...described(node), ...noted(includeMetadata ? node.metadata : []), ...copied, ...placed(node) };
}

/** What a client sees of one node. */
export function nodeDetail(node: Node): Record<string, unknown> {
  return { nodeInfo: nodeInfo(node), ...described(node), ...noted(node.metadata), ...placed(node) };
}

function noted(metadata: readonly NodeMetadata[]): Record<string, unknown> {
  return { metadata: toMap(metadata), nodeMetadata: metadata.map((entry) => ({ ...entry, link: null, color: null })) };
}

function described(node: Node): Record<string, unknown> {
  const { folder, name, size } = node;
  return {
    createdBy: node.created_by,
    createdDate: node.created_at,
    lastModifiedBy: node.modified_by,
    lastModifiedDate: node.modified_at,
    lastAccessDate: folder ? null : node.accessed_at,
    folder,
    path: node.parent,
    name,
    fullPath: node.full_path,
    size,
    nodeNum: null,
    sha256: node.hash,
    md5: node.md5 || null,
    crc64ecma: node.crc64ecma || null,
  };
}

function placed({ project, repo }: Node): Record<string, unknown> {
  return { projectId: project, repoName: repo, clusterNames: null, archived: null, compressed: null, federatedSource: null };
}
