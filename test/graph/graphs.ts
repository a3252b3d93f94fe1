import fc from 'fast-check';
import type { Edge, Graph, Node } from '../../src/graph/graph';
import { ACTIONS } from '../../src/graph/style';

const label = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9-]{2,30}$/),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  fc.constantFrom(
    '制品仓库-正式环境',
    '"quoted" | <b>',
    'مستودع',
    '👩‍👩‍👧‍👦 family',
    'x'.repeat(200),
    'a\nb',
    '`${x}`',
    '#quot;',
    'a &amp; b',
    'W'.repeat(34),
  ),
);
const actions = fc.constantFrom(...(Object.keys(ACTIONS) as Node['action'][]));

/** Graphs of every kind of name, with up to 40 boxes in up to 6 groups. */
export const graphs: fc.Arbitrary<Graph> = graphsOf(1, 40);

/** Graphs with so many boxes. */
export function graphsOf(least: number, most: number): fc.Arbitrary<Graph> {
  return fc
    .record({
      title: label,
      groups: fc.array(label, { minLength: 1, maxLength: 6 }),
      nodes: fc.array(fc.record({ label, kind: fc.constantFrom('remote npm', 'virtual', '权限'), action: actions, group: fc.nat(5) }), {
        minLength: least,
        maxLength: most,
      }),
      edges: fc.array(fc.record({ from: fc.nat(), to: fc.nat(), label: fc.option(fc.constantFrom('1', '12'), { nil: undefined }) }), {
        maxLength: most,
      }),
    })
    .map(({ title, groups, nodes, edges }) => {
      const all = nodes.map((node, index) => ({ ...node, id: `id${index}` }));
      const names = [...new Set(groups)];
      return {
        title,
        groups: names
          .map((name, index) => ({
            label: name,
            nodes: all.filter(({ group }) => group % names.length === index).map(({ group: _, ...node }) => node),
          }))
          .filter((group) => group.nodes.length > 0),
        edges: edges.map(({ from, to, label: place }): Edge => ({
          from: `id${from % all.length}`,
          to: `id${to % all.length}`,
          ...(place !== undefined && { label: place }),
        })),
      };
    });
}
