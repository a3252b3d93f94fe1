import { setImmediate as breathe } from 'node:timers/promises';
import { type Kysely, type SelectQueryBuilder } from 'kysely';
import { type BkArtifactTables } from './tables';
import { type MetadataStore } from '../../../store/metadata';
import { type PageOf, walkTo, type Window } from '../../../store/pages';
import { type Node, type NodeKey, rootNode, toNode } from './node';
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

/** Reads the nodes that are there: neither deleted nor expired. */
export class NodeListing {
  protected readonly db: Kysely<BkArtifactTables>;

  constructor(protected readonly metadata: MetadataStore) {
    this.db = metadata.tables();
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
    return present(this.db.selectFrom('bkrepo_nodes'), this.now());
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
export function afterBelow(folder: string): string {
  return `${folder}0`;
}
