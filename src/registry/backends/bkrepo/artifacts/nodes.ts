import { randomUUID } from 'node:crypto';
import { type Kysely, type Updateable } from 'kysely';
import { type BkArtifactTables, type BkNodeTable } from './tables';
import { type MetadataStore } from '../../../store/metadata';
import { type NewNodeRow, type Node, type NodeKey, rootNode, toNode } from './node';
import { ROOT } from './paths';

/** Which nodes of a folder are listed. */
export interface Listing {
  /** Everything below, not only what lies in the folder itself. */
  readonly deep: boolean;
  readonly includeFolder: boolean;
}

/** What a folder adds up to. */
export interface Totals {
  readonly nodes: number;
  readonly files: number;
  readonly size: number;
}

type Window = { readonly offset: number; readonly limit: number };

/** The nodes that are there: neither deleted nor expired. */
export class Nodes {
  readonly #db: Kysely<BkArtifactTables>;

  constructor(metadata: MetadataStore) {
    this.#db = metadata.tables();
  }

  /** One node; the top folder is always there. */
  async find(place: NodeKey): Promise<Node | undefined> {
    if (place.path === ROOT) return rootNode(place);
    const row = await this.#live(place).where('full_path', '=', place.path).selectAll().executeTakeFirst();
    return row && toNode(row);
  }

  /** What lies in a folder: with folders first and by name, or by path. */
  async list(place: NodeKey, listing: Listing, order: { window?: Window; foldersFirst?: boolean } = {}): Promise<Node[]> {
    let query = this.#listed(place, listing).selectAll();
    if (order.foldersFirst) query = query.orderBy('folder', 'desc');
    query = query.orderBy('full_path');
    if (order.window) query = query.limit(order.window.limit).offset(order.window.offset);
    return (await query.execute()).map(toNode);
  }

  /** How many nodes a listing has. */
  async count(place: NodeKey, listing: Listing): Promise<number> {
    const query = this.#listed(place, listing).select(({ fn }) => fn.countAll<number>().as('n'));
    return Number((await query.executeTakeFirstOrThrow()).n);
  }

  /** What a folder adds up to. */
  async totals(place: NodeKey): Promise<Totals> {
    const query = this.#listed(place, { deep: true, includeFolder: true }).select(({ fn }) => [
      fn.countAll<number>().as('nodes'),
      fn.sum<number>('folder').as('folders'),
      fn.sum<number>('size').as('size'),
    ]);
    const { nodes, folders, size } = await query.executeTakeFirstOrThrow();
    return { nodes: Number(nodes), files: Number(nodes) - Number(folders ?? 0), size: Number(size ?? 0) };
  }

  /** Every node of a repository, by path. */
  within(project: string, repo: string): Promise<Node[]> {
    return this.list({ project, repo, path: ROOT }, { deep: true, includeFolder: true });
  }

  /** A file at the path, or a folder with all that is below it. */
  async subtree(place: NodeKey): Promise<Node[]> {
    const node = await this.find(place);
    if (!node) return [];
    const below = node.folder ? await this.list(place, { deep: true, includeFolder: true }) : [];
    return place.path === ROOT ? below : [node, ...below];
  }

  /** The deleted nodes at a path, the one that was deleted last first. */
  async deleted({ project, repo, path }: NodeKey): Promise<Node[]> {
    const query = this.#db.selectFrom('bkrepo_nodes').where('project', '=', project).where('repo', '=', repo).where('full_path', '=', path);
    return (await query.where('deleted_at', '>', 0).selectAll().orderBy('deleted_at', 'desc').execute()).map(toNode);
  }

  /** The nodes at a path and below it that were deleted at a moment. */
  async deletedAt({ project, repo, path }: NodeKey, moment: number): Promise<Node[]> {
    let query = this.#db
      .selectFrom('bkrepo_nodes')
      .where('project', '=', project)
      .where('repo', '=', repo)
      .where('deleted_at', '=', moment);
    if (path !== ROOT) {
      query = query.where(({ or, and, eb }) =>
        or([eb('full_path', '=', path), and([eb('full_path', '>', `${path}/`), eb('full_path', '<', afterBelow(path))])]),
      );
    }
    return (await query.selectAll().orderBy('full_path').execute()).map(toNode);
  }

  /** The nodes whose time has come and that are not deleted yet. */
  async expired({ project, repo }: Omit<NodeKey, 'path'>): Promise<Node[]> {
    const query = this.#db.selectFrom('bkrepo_nodes').where('project', '=', project).where('repo', '=', repo).where('deleted_at', '=', 0);
    return (await query.where('expires_at', '>', 0).where('expires_at', '<=', Date.now()).selectAll().execute()).map(toNode);
  }

  /** The repositories in which something has expired that is not deleted yet. */
  withExpired(): Promise<{ project: string; repo: string }[]> {
    const query = this.#db.selectFrom('bkrepo_nodes').select(['project', 'repo']).distinct().where('deleted_at', '=', 0);
    return query.where('expires_at', '>', 0).where('expires_at', '<=', Date.now()).execute();
  }

  /** Removes for good what was deleted before a moment. */
  async purge(before: number): Promise<void> {
    await this.#db.deleteFrom('bkrepo_nodes').where('deleted_at', '>', 0).where('deleted_at', '<', before).execute();
  }

  /** Adds a node. */
  async insert(row: Omit<NewNodeRow, 'id'>): Promise<Node> {
    const query = this.#db.insertInto('bkrepo_nodes').values({ ...row, id: randomUUID().replaceAll('-', '') });
    return toNode(await query.returningAll().executeTakeFirstOrThrow());
  }

  /** Changes a node. */
  async update(id: string, changes: Updateable<BkNodeTable>): Promise<void> {
    await this.#db.updateTable('bkrepo_nodes').set(changes).where('id', '=', id).execute();
  }

  /** Removes all nodes of a repository, deleted ones included, and its unfinished uploads. */
  async forget(project: string, repo: string): Promise<void> {
    for (const table of ['bkrepo_nodes', 'bkrepo_node_uploads', 'bkrepo_node_tokens'] as const) {
      await this.#db.deleteFrom(table).where('project', '=', project).where('repo', '=', repo).execute();
    }
  }

  #listed(place: NodeKey, { deep, includeFolder }: Listing) {
    let query = this.#live(place);
    if (!deep) query = query.where('parent', '=', place.path === ROOT ? ROOT : `${place.path}/`);
    else if (place.path !== ROOT) query = query.where('full_path', '>', `${place.path}/`).where('full_path', '<', afterBelow(place.path));
    return includeFolder ? query : query.where('folder', '=', 0);
  }

  #live({ project, repo }: NodeKey) {
    return this.#notExpired().where('project', '=', project).where('repo', '=', repo);
  }

  #notExpired() {
    const query = this.#db.selectFrom('bkrepo_nodes').where('deleted_at', '=', 0);
    return query.where(({ or, eb }) => or([eb('expires_at', '=', 0), eb('expires_at', '>', Date.now())]));
  }
}

/** The text that all paths below a folder are less than; `0` is the character after the slash. */
function afterBelow(folder: string): string {
  return `${folder}0`;
}
