import type { Action } from '../plans/plan';
import type { Graph } from './graph';

/** How an action looks, and what it is called in a legend. */
export const ACTIONS: Readonly<Record<Action, { readonly fill: string; readonly stroke: string; readonly name: string }>> = {
  none: { fill: '#ffffff', stroke: '#8c959f', name: 'unchanged' },
  read: { fill: '#ffffff', stroke: '#8c959f', name: 'read' },
  create: { fill: '#dafbe1', stroke: '#1a7f37', name: 'created' },
  update: { fill: '#fff8c5', stroke: '#9a6700', name: 'changed' },
  replace: { fill: '#fbefff', stroke: '#8250df', name: 'replaced' },
  delete: { fill: '#ffebe9', stroke: '#cf222e', name: 'deleted' },
  forget: { fill: '#eaeef2', stroke: '#57606a', name: 'forgotten' },
};

/** Short names for nodes, which no text of a server can break. */
export function numbered({ groups }: Graph, prefix: string): ReadonlyMap<string, string> {
  return new Map(groups.flatMap(({ nodes }) => nodes).map(({ id }, index) => [id, `${prefix}${index}`]));
}
