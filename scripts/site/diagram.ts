import { Graph, layout } from '@dagrejs/dagre';
import { type Flowchart, readFlowchart } from './flowchart';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const METRICS = { character: 7.6, line: 18, padding: 12, heading: 24 };
const widthOf = (lines: readonly string[]): number => Math.max(...lines.map((line) => line.length), 1) * METRICS.character;
const sizeOf = (lines: readonly string[]): { width: number; height: number } => ({
  width: widthOf(lines) + 2 * METRICS.padding,
  height: lines.length * METRICS.line + 2 * METRICS.padding,
});

/** A flowchart as a picture that needs nothing besides itself, and a text for those who cannot see it. */
export function diagramOf(source: string): { readonly svg: string; readonly alt: string } {
  const chart = readFlowchart(source);
  return { svg: svgOf(chart), alt: altOf(chart) };
}

function altOf({ nodes, edges }: Flowchart): string {
  const names = new Map(nodes.map(({ id, lines }) => [id, lines.join(' ')]));
  const told = edges.map(
    ({ from, to, lines }) => `${names.get(from)} → ${names.get(to)}${lines.length > 0 ? ` (${lines.join(' ')})` : ''}`,
  );
  return `Diagram: ${told.join('; ')}`.replace(/[[\]"]/g, '');
}

/** From left to right as long as it can be read in a column of text. */
const READABLE = 800;

function svgOf(chart: Flowchart): string {
  const drawing = laidOut(chart);
  const { width = 0 } = drawing.graph() as { width?: number };
  return width > READABLE && chart.direction === 'LR' ? svgOf({ ...chart, direction: 'TB' }) : drawn(chart, drawing);
}

function laidOut(chart: Flowchart): Graph {
  const drawing = new Graph({ compound: true, multigraph: true });
  drawing.setGraph({ rankdir: chart.direction, nodesep: 28, ranksep: 44, edgesep: 16, marginx: 12, marginy: 12 });
  for (const { id } of chart.groups) drawing.setNode(id, {});
  for (const { id, lines, parent } of chart.nodes) {
    drawing.setNode(id, sizeOf(lines));
    if (parent !== undefined) drawing.setParent(id, parent);
  }
  chart.edges.forEach(({ from, to, lines }, index) => {
    const size = lines.length > 0 ? { width: widthOf(lines) + 8, height: lines.length * METRICS.line } : { width: 0, height: 0 };
    drawing.setEdge(from, to, { ...size, labelpos: 'c' }, String(index));
  });
  layout(drawing);
  return drawing;
}

function drawn(chart: Flowchart, drawing: Graph): string {
  const { width = 0, height = 0 } = drawing.graph() as { width?: number; height?: number };
  const box = (id: string): Box => drawing.node(id) as Box;
  const groups = chart.groups.map(
    ({ id, label }) => rect(box(id), 'group') + text([label], { ...box(id), y: topOf(box(id)) + METRICS.heading / 2 }),
  );
  const edges = chart.edges.map(({ from, to, lines }, index) => {
    const edge = drawing.edge(from, to, String(index)) as { points: readonly { x: number; y: number }[]; x?: number; y?: number };
    const path = edge.points.map(({ x, y }) => `${round(x)} ${round(y)}`).join('L');
    const place = { x: edge.x ?? 0, y: edge.y ?? 0, width: widthOf(lines), height: lines.length * METRICS.line };
    const label = lines.length > 0 ? rect(place, 'ground') + text(lines, place) : '';
    return [`<path class="edge" d="M${path}"/>`, label];
  });
  const nodes = chart.nodes.map(({ id, lines }) => rect(box(id), 'node') + text(lines, box(id)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}">
<style>
  svg { background: #fff; font: 13px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; }
  text { fill: #1f2328; text-anchor: middle; dominant-baseline: central; }
  .node { fill: #f6f8fa; stroke: #8c959f; }
  .group { fill: #fff; stroke: #8c959f; stroke-dasharray: 4 3; }
  .ground { fill: #fff; }
  .edge { fill: none; stroke: #57606a; marker-end: url(#arrow); }
</style>
<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#57606a"/></marker></defs>
${[...groups, ...edges.map(([path]) => path), ...edges.map(([, label]) => label), ...nodes].join('\n')}
</svg>
`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
const topOf = ({ y, height }: Box): number => y - height / 2;

/** dagre places boxes by their centers. */
const rect = ({ x, y, width, height }: Box, kind: string): string =>
  `<rect class="${kind}" x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="4"/>`;

const text = (lines: readonly string[], { x, y }: Pick<Box, 'x' | 'y'>): string =>
  lines
    .map((line, index) => `<text x="${round(x)}" y="${round(y + (index - (lines.length - 1) / 2) * METRICS.line)}">${escaped(line)}</text>`)
    .join('');

const escaped = (line: string): string => line.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
