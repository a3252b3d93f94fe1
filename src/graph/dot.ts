import type { Graph } from './graph';
import { ACTIONS, numbered } from './style';

/** The graph in DOT, the language of Graphviz. */
export function dotOf(graph: Graph): string {
  const names = numbered(graph, 'n');
  return [
    'digraph {',
    `  label=${quoted(graph.title)} labelloc=t rankdir=LR fontname="sans-serif"`,
    '  node [shape=box style="rounded,filled" fillcolor="#ffffff" fontname="sans-serif"]',
    ...graph.groups.flatMap(({ label, nodes }, index) => [
      `  subgraph cluster_${index} {`,
      `    label=${quoted(label)}`,
      ...nodes.map(({ id, label: name, kind, action }) => {
        const { fill, stroke } = ACTIONS[action];
        const colour = action === 'none' ? '' : ` fillcolor="${fill}" color="${stroke}" tooltip=${quoted(action)}`;
        return `    ${names.get(id)} [label=${quoted(name, kind)}${colour}]`;
      }),
      '  }',
    ]),
    ...graph.edges.map(
      ({ from, to, label }) => `  ${names.get(from)} -> ${names.get(to)}${label === undefined ? '' : ` [label=${quoted(label)}]`}`,
    ),
    '}',
    '',
  ].join('\n');
}

/** A quoted string of lines. DOT has escapes that start with a backslash, and the entities of HTML. */
const quoted = (...lines: readonly string[]): string =>
  `"${lines
    .map((line) =>
      line
        .replace(/\p{Cc}/gu, '\uFFFD')
        .replaceAll('&', '&amp;')
        .replace(/[\\"]/g, '\\$&'),
    )
    .join('\\n')}"`;
