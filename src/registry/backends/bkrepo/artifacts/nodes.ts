import { randomUUID } from 'node:crypto';
import { type Kysely, sql, type Updateable } from 'kysely';
import { type BkArtifactTables, type BkNodeTable } from './tables';
import { type MetadataStore } from '../../../store/metadata';
import { timestamp } from '../tables';
import { type NewNodeRow, type Node, type NodeKey, toNode } from './node';
import { afterBelow, NodeListing } from './node-listing';
import { ROOT } from './paths';

/** As a literal, it lets engines use the indexes of those that expire, or are deleted, at all. */
const NEVER = sql<number>`0`;

/** The nodes of repositories: those that are there, those that are not any more, and how they change. */
export class Nodes extends NodeListing {
  /** Inside a transaction, `counted` says for which repositories it has counted a change already. */
  constructor(
    metadata: MetadataStore,
    private readonly counted?: Set<string>,
  ) {
    super(metadata);
  }

  /** The deleted nodes at a path, the one that was deleted last first. */
  async deleted({ project, repo, path }: NodeKey): Promise<Node[]> {
    const query = this.db.selectFrom('bkrepo_nodes').where('project', '=', project).where('repo', '=', repo).where('full_path', '=', path);
    return (await query.where('deleted_at', '>', 0).selectAll().orderBy('deleted_at', 'desc').execute()).map(toNode);
  }

  /** The nodes at a path and below it that were deleted at a moment. */
  async deletedAt({ project, repo, path }: NodeKey, moment: number): Promise<Node[]> {
    let query = this.db.selectFrom('bkrepo_nodes').where('project', '=', project).where('repo', '=', repo).where('deleted_at', '=', moment);
    if (path !== ROOT) {
      query = query.where(({ or, and, eb }) =>
        or([eb('full_path', '=', path), and([eb('full_path', '>', `${path}/`), eb('full_path', '<', afterBelow(path))])]),
      );
    }
    return (await query.selectAll().orderBy('full_path').execute()).map(toNode);
  }

  /** The nodes whose time has come and that are not deleted yet. */
  async expired({ project, repo }: Omit<NodeKey, 'path'>): Promise<Node[]> {
    const query = this.db.selectFrom('bkrepo_nodes').where('project', '=', project).where('repo', '=', repo).where('deleted_at', '=', 0);
    return (await query.where('expires_at', '>', NEVER).where('expires_at', '<=', this.now()).selectAll().execute()).map(toNode);
  }

  /** The repositories in which something has expired that is not deleted yet. */
  withExpired(): Promise<{ project: string; repo: string }[]> {
    const query = this.db.selectFrom('bkrepo_nodes').select(['project', 'repo']).distinct().where('deleted_at', '=', 0);
    return query.where('expires_at', '>', NEVER).where('expires_at', '<=', this.now()).execute();
  }

  /** Removes for good what was deleted before a moment. */
  async purge(before: number): Promise<void> {
    await this.db.deleteFrom('bkrepo_nodes').where('deleted_at', '>', NEVER).where('deleted_at', '<', before).execute();
  }

  /** What becomes another value with every change to the nodes of a repository, and when one expires. */
  async revision({ project, repo }: Omit<NodeKey, 'path'>): Promise<readonly number[]> {
    const changes = this.db.selectFrom('bkrepo_node_revisions').select('revision').where('project', '=', project).where('repo', '=', repo);
    const expired = this.db
      .selectFrom('bkrepo_nodes')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('project', '=', project);
    const now = expired.where('repo', '=', repo).where('expires_at', '>', NEVER).where('expires_at', '<=', this.now());
    const [row, { n }] = [await changes.executeTakeFirst(), await now.executeTakeFirstOrThrow()];
    return [Number(row?.revision ?? 0), Number(n)];
  }

  /** Adds a node. */
  insert(row: Omit<NewNodeRow, 'id'>): Promise<Node> {
    return this.#changing(row, async (db) => {
      const query = db.insertInto('bkrepo_nodes').values({ ...row, id: randomUUID().replaceAll('-', '') });
      return toNode(await query.returningAll().executeTakeFirstOrThrow());
    });
  }

  /** Changes a node. */
  update(node: Pick<Node, 'id' | 'project' | 'repo'>, changes: Updateable<BkNodeTable>): Promise<void> {
    return this.#changing(node, async (db) => {
      await db.updateTable('bkrepo_nodes').set(changes).where('id', '=', node.id).execute();
    });
  }

  /** Notes that a node was read, which is no change to the repository. */
  async noteAccess({ id }: Pick<Node, 'id'>): Promise<void> {
    await this.db
      .updateTable('bkrepo_nodes')
      .set({ accessed_at: timestamp(new Date(this.now())) })
      .where('id', '=', id)
      .execute();
  }

  /** Removes all nodes of a repository, deleted ones included, and its unfinished uploads. */
  forget(project: string, repo: string): Promise<void> {
    return this.#changing({ project, repo }, async (db) => {
      for (const table of ['bkrepo_nodes', 'bkrepo_node_uploads', 'bkrepo_node_tokens'] as const) {
        await db.deleteFrom(table).where('project', '=', project).where('repo', '=', repo).execute();
      }
    });
  }

  /** Counts a change with it, so that nobody sees the one without the other. */
  #changing<T>({ project, repo }: Omit<NodeKey, 'path'>, step: (db: Kysely<BkArtifactTables>) => Promise<T>): Promise<T> {
    return this.metadata.transaction(async (inside) => {
      const db = inside.tables<BkArtifactTables>();
      const result = await step(db);
      const place = `${project}/${repo}`;
      if (this.counted?.has(place)) return result;
      this.counted?.add(place);
      const count = db.insertInto('bkrepo_node_revisions').values({ project, repo, revision: 1 });
      await count
        .onConflict((c) => c.columns(['project', 'repo']).doUpdateSet((eb) => ({ revision: eb('bkrepo_node_revisions.revision', '+', 1) })))
        .execute();
      return result;
    });
  }
}
