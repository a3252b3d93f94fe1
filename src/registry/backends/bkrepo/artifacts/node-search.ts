import { type Page } from '../envelope';
import { type FoundNodes } from './found-nodes';
import { type Node, nodeInfo } from './node';
import { conditionOf, ordersOf } from './node-conditions';
import { type Candidate, type QueryModel } from './query';
import { pageAmong, resultPage, windowOf } from './search';

/** Where nodes are searched for. */
export interface Scope {
  readonly project: string;
  /** The repositories, each with what the searcher sees of it; undefined for all. */
  readonly sight: ReadonlyMap<string, ((path: string) => boolean) | undefined>;
  /** What results have besides the nodes' own fields. */
  readonly more?: Candidate;
}

/** A page of the nodes that a search finds: the database finds it if it can tell all of the search; otherwise what it lets through is looked at. */
export async function nodePage(nodes: FoundNodes, { project, sight, more }: Scope, model: QueryModel): Promise<Page<Candidate>> {
  const { sql: condition, isExact } = conditionOf(model.rule);
  const found = { project, repos: [...sight.keys()], condition };
  const orders = ordersOf(model.sort);
  const shown = (node: Node): Candidate => ({ ...nodeInfo(node), ...more });
  if (isExact && orders && [...sight.values()].every((isVisible) => isVisible === undefined)) {
    const { rows, total } = await nodes.page(found, orders, windowOf(model));
    return resultPage({ rows: rows.map(shown), total }, model);
  }
  const visible = async function* () {
    for await (const batch of nodes.scan(found))
      yield batch.filter(({ repo, full_path }) => sight.get(repo)?.(full_path) ?? true).map(shown);
  };
  return resultPage(await pageAmong(visible, model), model);
}
