import { randomUUID } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { type Kysely, type SelectQueryBuilder, sql, type Updateable } from 'kysely';
import { type BkArtifactTables, type BkNodeTable } from './tables';
import { type MetadataStore } from '../../../store/metadata';
import { type PageOf, walkTo, type Window } from '../../../store/pages';
import { timestamp } from '../tables';
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

/** How many rows are read by one statement where all are looked at. */
const BATCH = 500;
/** Folders come before files. */
const FOLDERS_FIRST = [1, 0];
/** As a literal, it lets engines use the indexes of those that expire, or are deleted, at all. */
const NEVER = sql<number>`0`;

/** The nodes that are there: neither deleted nor expired. */
export class Nodes {
  readonly #db: Kysely<BkArtifactTables>;

  /** Inside a transaction, `counted` says for which repositories it has counted a change already. */
  constructor(
    private readonly metadata: MetadataStore,
    private readonly counted?: Set<string>,
  ) {
    this.#db = metadata.tables();
  }

  /** The time in milliseconds, by the clock of the store. */
  now(): number {
    return this.metadata.now();
  }

  /** One node; the top folder is always there. */
  async find(place: NodeKey): Promise<Node | undefined> {
    if (place.path === ROOT) return rootNode(place);
    const row = await this.#live(place).where('full_path', '=', place.path).selectAll().executeTakeFirst();
    return row && toNode(row);
  }

  /** What lies in a folder, by path. */
  async list(place: NodeKey, listing: Listing): Promise<Node[]> {
    return (await this.#listed(place, listing).selectAll().orderBy(keyColumn(listing)).execute()).map(toNode);
  }

  /** One page of what lies in a folder: by path, or the folders by path and then the files. */
  async page(place: NodeKey, listing: Listing, { window, foldersFirst }: { window: Window; foldersFirst: boolean }): Promise<PageOf<Node>> {
    const column = keyColumn(listing);
    const rows: Node[] = [];
    let total = 0;
    for (const part of this.#parts(place, listing, foldersFirst)) {
      const count = await counted(part);
      const rest = { offset: Math.max(0, window.offset - total), limit: window.limit - rows.length };
      total += count;
      const walk = walkTo(rest, count);
      if (!walk) continue;
      const first = await part.select(column).orderBy(column, walk.order).offset(walk.steps).limit(1).executeTakeFirst();
      if (!first) continue;
      const query = part.where(column, '>=', first[column]).selectAll().orderBy(column).limit(rest.limit);
      for (const row of await query.execute()) rows.push(toNode(row));
    }
    return { rows, total };
  }

  /** Everything that lies in a folder, in the same order, some rows at a time. */
  async *scan(place: NodeKey, listing: Listing, foldersFirst = false): AsyncGenerator<readonly Node[], void> {
    const column = keyColumn(listing);
    // What is below a folder comes after it: that is the only lower bound, as SQLite would go to the first of two and walk to the other.
    const all = listing.deep ? { ...place, path: ROOT } : place;
    for (const part of this.#parts(all, listing, foldersFirst)) {
      const below = listing.deep && place.path !== ROOT ? part.where(column, '<', afterBelow(place.path)) : part;
      for (let after = below === part ? '' : `${place.path}/`; ;) {
        const rows = await below.where(column, '>', after).selectAll().orderBy(column).limit(BATCH).execute();
        const last = rows.at(-1);
        if (!last) break;
        after = last[column];
        yield rows.map(toNode);
        await breathe();
      }
    }
  }

  /** The files of a repository whose paths begin with a text, by path; with a limit, so many of them at most; those that come after a path. */
  async files({ project, repo, path }: NodeKey, limit?: number, after?: string): Promise<Node[]> {
    let query = this.#live({ project, repo, path }).where('folder', '=', 0);
    // Of two lower bounds SQLite goes to the first, and walks from there to the other.
    if (after?.startsWith(path) !== true) query = query.where('full_path', '>=', path);
    if (after !== undefined) query = query.where('full_path', '>', after);
    query = query.where('full_path', '<', `${path}\u{10ffff}`);
    if (limit !== undefined) query = query.limit(limit);
    return (await query.selectAll().orderBy('full_path').execute()).map(toNode);
  }

  /** How many nodes a listing has. */
  async count(place: NodeKey, listing: Listing): Promise<number> {
    return counted(this.#listed(place, listing));
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

  /** The bytes of all files of a project, or of all projects. */
  async bytes(project?: string): Promise<number> {
    const query = this.#notExpired().select(({ fn }) => fn.sum<number>('size').as('size'));
    const { size } = await (project === undefined ? query : query.where('project', '=', project)).executeTakeFirstOrThrow();
    return Number(size ?? 0);
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
    return (await query.where('expires_at', '>', NEVER).where('expires_at', '<=', this.now()).selectAll().execute()).map(toNode);
  }

  /** The repositories in which something has expired that is not deleted yet. */
  withExpired(): Promise<{ project: string; repo: string }[]> {
    const query = this.#db.selectFrom('bkrepo_nodes').select(['project', 'repo']).distinct().where('deleted_at', '=', 0);
    return query.where('expires_at', '>', NEVER).where('expires_at', '<=', this.now()).execute();
  }

  /** Removes for good what was deleted before a moment. */
  async purge(before: number): Promise<void> {
    await this.#db.deleteFrom('bkrepo_nodes').where('deleted_at', '>', NEVER).where('deleted_at', '<', before).execute();
  }

  /** What becomes another value with every change to the nodes of a repository, and when one expires. */
  async revision({ project, repo }: Omit<NodeKey, 'path'>): Promise<readonly number[]> {
    const changes = this.#db.selectFrom('bkrepo_node_revisions').select('revision').where('project', '=', project).where('repo', '=', repo);
    const expired = this.#db
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
    await this.#db
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

  #parts(place: NodeKey, listing: Listing, foldersFirst: boolean) {
    const all = this.#listed(place, listing);
    return foldersFirst && listing.includeFolder ? FOLDERS_FIRST.map((folder) => all.where('folder', '=', folder)) : [all];
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
    return present(this.#db.selectFrom('bkrepo_nodes'), this.now());
  }
}

/** Those of some nodes that are neither deleted nor expired. */
export function present<O>(
  nodes: SelectQueryBuilder<BkArtifactTables, 'bkrepo_nodes', O>,
  now: number,
): SelectQueryBuilder<BkArtifactTables, 'bkrepo_nodes', O> {
  return nodes.where('deleted_at', '=', 0).where(({ or, eb }) => or([eb('expires_at', '=', 0), eb('expires_at', '>', now)]));
}

/** Where all lie in one folder, their names are in the order of their paths, and in an index. */
function keyColumn({ deep }: Listing): 'full_path' | 'name' {
  return deep ? 'full_path' : 'name';
}

/** How many there are. */
export async function counted(query: SelectQueryBuilder<BkArtifactTables, 'bkrepo_nodes', object>): Promise<number> {
  return Number((await query.select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n);
}

/** The text that all paths below a folder are less than; `0` is the character after the slash. */
function afterBelow(folder: string): string {
  return `${folder}0`;
}
