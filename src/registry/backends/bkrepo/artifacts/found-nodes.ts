import { setImmediate as breathe } from 'node:timers/promises';
import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql, type SqlBool } from 'kysely';
import { type MetadataStore } from '../../../store/metadata';
import { aroundPage, isDeep, type PageOf, SAMPLE, walkTo, type Window } from '../../../store/pages';
import { type Node, toNode } from './node';
import { beyond, type Order } from './node-order';
import { counted, present } from './node-listing';
import { type BkArtifactTables, type BkNodeTable } from './tables';

/** What is looked for among the nodes of some repositories of a project. */
export interface Search {
  readonly project: string;
  readonly repos: readonly string[];
  /** @default - every node */
  readonly condition?: RawBuilder<SqlBool> | undefined;
}

type Query = SelectQueryBuilder<BkArtifactTables, 'bkrepo_nodes', object>;
type Place = Pick<BkNodeTable, 'repo' | 'full_path'>;

/** How many rows are read by one statement where all are looked at. */
const BATCH = 500;
const PLACE: readonly Order[] = [
  { column: 'repo', direction: 'asc' },
  { column: 'full_path', direction: 'asc' },
];
/** Identifiers begin with as many bits that are random. */
const RANDOM_BITS = 32;

/** What searches find among the nodes that are there. */
export class FoundNodes {
  readonly #db: Kysely<BkArtifactTables>;

  constructor(private readonly metadata: MetadataStore) {
    this.#db = metadata.tables();
  }

  /** One page of what is found, in an order, and then by repository and path. */
  async page(search: Search, orders: readonly Order[], window: Window): Promise<PageOf<Node>> {
    const found = this.#found(search);
    const total = await counted(found);
    const unique = [...orders, ...PLACE.filter(({ column }) => !orders.some((order) => order.column === column))];
    // Paths within a repository are in the order of an index, which is walked.
    const isIndexed = search.repos.length === 1 && unique.length === PLACE.length;
    const places = isDeep(window, total) && !isIndexed ? await this.#enclosed(search, unique, { window, total }) : undefined;
    return { rows: await this.#at(search.project, places ?? (await walked(found, unique, { window, total }))), total };
  }

  /** Everything that is found, by repository and path, some rows at a time. */
  async *scan(search: Search): AsyncGenerator<readonly Node[], void> {
    for (const repo of [...search.repos].sort()) {
      const found = this.#found({ ...search, repos: [repo] });
      for (let after = ''; ;) {
        const rows = await found.where('full_path', '>', after).selectAll().orderBy('full_path').limit(BATCH).execute();
        const last = rows.at(-1);
        if (!last) break;
        after = last.full_path;
        yield rows.map(toNode);
        await breathe();
      }
    }
  }

  /**
   * The places of a page far from both ends: sorting all rows up to there takes several times as long as looking at each once. So a sample is
   * sorted, which tells two rows that enclose the page, what comes before the first is counted, and only what lies between them is sorted.
   * Undefined if they did not enclose it, which hardly ever happens.
   */
  async #enclosed(search: Search, orders: readonly Order[], { window, total }: Part): Promise<Place[] | undefined> {
    const columns = orders.map(({ column }) => column);
    const rows = await sorted(this.#found(search, this.#some(total)), orders)
      .select(columns)
      .execute();
    const { from, to } = aroundPage(window, { rows, total });
    const found = this.#found(search);
    const upToFrom = from && sql<SqlBool>`not ${beyond(orders, from)}`;
    const offset = window.offset - (upToFrom ? await counted(found.where(upToFrom)) : 0);
    if (offset < 0) return undefined;
    let between = sorted(found, orders).select(['repo', 'full_path']);
    if (from) between = between.where(beyond(orders, from));
    if (to) between = between.where(sql<SqlBool>`not ${beyond(orders, to)}`);
    const limit = Math.min(window.limit, total - window.offset);
    const places = await between.offset(offset).limit(limit).execute();
    return places.length === limit ? places : undefined;
  }

  /** Nodes that chance has chosen, by identifiers, which an index finds: as many of each `total` as make a sample. */
  #some(total: number): Query {
    const share = Math.min(1, SAMPLE / total);
    const end = Math.floor(share * (2 ** RANDOM_BITS - 1));
    const some = this.#db
      .selectFrom('bkrepo_nodes')
      .selectAll()
      .where('id', '<', end.toString(16).padStart(RANDOM_BITS / 4, '0'));
    // The limit, of which repositories that have few of all nodes get their part, keeps engines from looking for the repositories first.
    return this.#db.selectFrom(some.limit(SAMPLE * 10).as('bkrepo_nodes'));
  }

  #found({ project, repos, condition }: Search, nodes: Query = this.#db.selectFrom('bkrepo_nodes')): Query {
    const query = present(nodes, this.metadata.now()).where('project', '=', project).where('repo', 'in', repos);
    return condition ? query.where(condition) : query;
  }

  /** The nodes at some places, in the order of these. */
  async #at(project: string, places: readonly Place[]): Promise<Node[]> {
    const found = new Map<string, Node>();
    const nameOf = ({ repo, full_path }: Place) => repo + full_path;
    for (const repo of new Set(places.map((each) => each.repo))) {
      const paths = places.filter((each) => each.repo === repo).map((each) => each.full_path);
      for (let from = 0; from < paths.length; from += BATCH) {
        const query = this.#found({ project, repos: [repo] }).where('full_path', 'in', paths.slice(from, from + BATCH));
        for (const row of await query.selectAll().execute()) found.set(nameOf(row), toNode(row));
      }
    }
    return places.flatMap((each) => found.get(nameOf(each)) ?? []);
  }
}

/** A part of a list whose length is known. */
interface Part {
  readonly window: Window;
  readonly total: number;
}

/** The places of a page, by the way from the nearer end of the list. */
async function walked(found: Query, orders: readonly Order[], { window, total }: Part): Promise<Place[]> {
  const walk = walkTo(window, total);
  if (!walk) return [];
  const limit = Math.min(window.limit, total - window.offset);
  // From the other end, the rows of the page come last first.
  const isReverse = walk.order === 'desc';
  const page = await sorted(found, orders, isReverse)
    .select(['repo', 'full_path'])
    .offset(isReverse ? walk.steps - limit + 1 : walk.steps)
    .limit(limit)
    .execute();
  return isReverse ? page.reverse() : page;
}

function sorted(query: Query, orders: readonly Order[], isReverse = false): Query {
  let all = query;
  for (const { column, direction } of orders) all = all.orderBy(column, isReverse === (direction === 'asc') ? 'desc' : 'asc');
  return all;
}
