import { type BkContext } from '../context';
import { type Node, type NodeKey } from './node';
import { Nodes } from './nodes';
import { nodeNotFound } from './target';

/** What the URLs of the node service begin with. */
export const BASE = '/repository/api/node';
/** The number of slashes before the path of `/repository/api/node/detail/{project}/{repository}/{path}`. */
export const SLASHES = 7;

/** The top folder of a repository may be named without a slash. */
export function urlsOf(name: string): string[] {
  return [`${BASE}/${name}/:project/:repo`, `${BASE}/${name}/:project/:repo/*`];
}

/** A node that is there; one that is not is 400 from the services. */
export async function existingNode(context: BkContext, place: NodeKey): Promise<Node> {
  const node = await new Nodes(context.store.metadata).find(place);
  if (!node) throw nodeNotFound(place.path, 400);
  return node;
}
