import type { Graph } from './graph';
import { ACTIONS, numbered } from './style';

/** The graph as a Mermaid flowchart, which GitHub and GitLab draw in Markdown. */
export function mermaidOf(graph: Graph): string {
  const names = numbered(graph, 'n');
  const used = new Set(graph.groups.flatMap(({ nodes }) => nodes.map(({ action }) => action)));
  return [
    'flowchart LR',
    ...graph.groups.flatMap(({ label, nodes }, index) => [
      `  subgraph g${index}["${escaped(label)}"]`,
      ...nodes.map(
        ({ id, label: name, kind, action }) =>
          `    ${names.get(id)}["${escaped(name)}<br/>${escaped(kind)}"]${action === 'none' ? '' : `:::${action}`}`,
      ),
      '  end',
    ]),
    ...graph.edges.map(
      ({ from, to, label }) => `  ${names.get(from)} -->${label === undefined ? '' : `|${escaped(label)}|`} ${names.get(to)}`,
    ),
    ...Object.entries(ACTIONS)
      .filter(([action]) => action !== 'none' && used.has(action as keyof typeof ACTIONS))
      .map(([action, { fill, stroke }]) => `  classDef ${action} fill:${fill},stroke:${stroke},color:#1b1b1b`),
    '',
  ].join('\n');
}

/** Everything that Mermaid, Markdown or HTML could read as more than a character of a name. */
const escaped = (text: string): string => text.replace(/[^\p{L}\p{N} ./:@_-]/gu, (character) => `#${character.codePointAt(0)};`);
