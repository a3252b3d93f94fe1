import type { Graph } from './graph';
import { type Layout, layoutOf, METRICS, type PlacedGroup, type PlacedNode, type Point } from './layout';
import { ACTIONS } from './style';
import { type Line, linesOf } from './text';

/** The graph as a picture. It needs no fonts, scripts or files besides itself, and follows the reader's light or dark scheme. */
export function svgOf(graph: Graph): string {
  const layout = layoutOf(graph);
  const used = Object.entries(ACTIONS).filter(
    ([action]) => action !== 'none' && graph.groups.some(({ nodes }) => nodes.some((node) => node.action === action)),
  );
  const legend = used.length === 0 ? 0 : METRICS.line + METRICS.margin;
  const width = Math.ceil(Math.max(layout.width, legendWidth(used.length)));
  const height = Math.ceil(layout.height + legend);
  const title = escaped(graph.title);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">
<title>${title}</title>
<style>
  svg { background: #fff; font: 13px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; }
  .group { fill: #f6f8fa; stroke: #d0d7de; }
  text { fill: #1f2328; white-space: pre; }
  .heading { font-weight: bold; }
  .kind { fill: #57606a; }
  .node rect { fill: #fff; stroke: #8c959f; }
${used.map(([action, { fill, stroke }]) => `  .${action} rect { fill: ${fill}; stroke: ${stroke}; stroke-width: 2; }`).join('\n')}
  .node.delete text, .node.forget text { text-decoration: line-through; }
  .edge { fill: none; stroke: #6e7781; marker-end: url(#arrow); }
  .across { stroke-dasharray: 4 3; opacity: 0.7; }
  .place { font-size: 11px; fill: #57606a; paint-order: stroke; stroke: #f6f8fa; stroke-width: 3; }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; }
    .group { fill: #161b22; stroke: #30363d; }
    .group + text, .legend text { fill: #e6edf3; }
    .edge { stroke: #9198a1; }
    .place { fill: #9198a1; stroke: #161b22; }
  }
</style>
<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#6e7781"/></marker></defs>
${layout.groups.map(groupText).join('\n')}
${layout.edges.map(edgeText).join('\n')}
${layout.groups.flatMap(({ nodes }) => nodes.map(nodeText)).join('\n')}
${used.map(([action, { name }], index) => legendText({ action, name }, { x: METRICS.margin + index * ENTRY, y: layout.height })).join('\n')}
</svg>
`;
}

const ENTRY = 130;
const legendWidth = (entries: number): number => 2 * METRICS.margin + entries * ENTRY;

function groupText({ group, x, y, width, height }: PlacedGroup): string {
  const [line = { text: '', columns: 0 }] = linesOf({ label: group.label });
  return `<g><title>${escaped(group.label)}</title><rect class="group" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>${textOf(line, { x: x + METRICS.padding, y: y + 20 }, 'heading')}</g>`;
}

function nodeText({ node, lines, x, y, width, height }: PlacedNode): string {
  const text = lines.map((line, index) =>
    textOf(line, { x: x + METRICS.padding, y: y + METRICS.padding + (index + 0.75) * METRICS.line }, index > 0 ? 'kind' : 'name'),
  );
  const about = `${node.label} (${node.kind}${node.action === 'none' ? '' : `, ${ACTIONS[node.action].name}`})`;
  return `<g class="node ${node.action}"><title>${escaped(about)}</title><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4"/>${text.join('')}</g>`;
}

/** A text that is as wide as its place, whatever fonts the reader has. */
const textOf = ({ text, columns }: Line, { x, y }: Point, role: string): string =>
  `<text class="${role}" x="${x}" y="${y}" textLength="${Math.round(columns * METRICS.character)}" lengthAdjust="spacingAndGlyphs">${escaped(text)}</text>`;

function edgeText({ edge, points }: Layout['edges'][number]): string {
  const [start, ...rest] = points as [Point, ...Point[]];
  const isAcross = rest.length === 1;
  const end = rest.at(-1) ?? start;
  const bend = Math.max(30, Math.abs(end.x - start.x) / 3);
  const curve = isAcross
    ? `C${start.x + bend} ${start.y} ${end.x - bend} ${end.y} ${end.x} ${end.y}`
    : `L${rest.map(({ x, y }) => `${x} ${y}`).join(' ')}`;
  const label = edge.label === undefined ? '' : `<text class="place" x="${end.x - 18}" y="${end.y - 4}">${escaped(edge.label)}</text>`;
  return `<path class="edge${isAcross ? ' across' : ''}" d="M${start.x} ${start.y}${curve}"/>${label}`;
}

const legendText = ({ action, name }: { readonly action: string; readonly name: string }, { x, y }: Point): string =>
  `<g class="legend ${action}"><rect x="${x}" y="${y}" width="16" height="16" rx="3"/><text x="${x + 24}" y="${y + 13}">${name}</text></g>`;

/** A text in XML, also between quotes. */
const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`).replace(/\p{Cc}/gu, '\uFFFD');
