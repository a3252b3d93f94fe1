import { Graph as Drawing, layout } from '@dagrejs/dagre';
import type { Edge, Graph, Group, Node } from './graph';
import { type Line, linesOf } from './text';

/** A place on the picture, in pixels from its top left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle, by its top left corner. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** A node with its place, and the lines of its text. */
export interface PlacedNode extends Box {
  readonly node: Node;
  readonly lines: readonly Line[];
}

/** A group with its place; its nodes are inside. */
export interface PlacedGroup extends Box {
  readonly group: Group;
  readonly nodes: readonly PlacedNode[];
}

/** Where everything is. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly groups: readonly PlacedGroup[];
  /** The points that an edge passes; one between groups has only its ends. */
  readonly edges: readonly { readonly edge: Edge; readonly points: readonly Point[] }[];
}

/** Distances in pixels. */
export const METRICS = { character: 7.8, line: 17, padding: 10, gap: 14, heading: 30, margin: 24 } as const;
/** Screens are wider than high. */
const RATIO = 1.6;

/**
 * Places everything. Groups are laid out one by one, and then packed in rows: one layout of hundreds of boxes is a picture of many screens
 * in one direction. In a group, connected boxes come first, those that nothing connects fill a grid below.
 */
export function layoutOf(graph: Graph): Layout {
  const home = new Map(graph.groups.flatMap((group) => group.nodes.map(({ id }) => [id, group] as const)));
  const isWithin = ({ from, to }: Edge): boolean => home.get(from) === home.get(to);
  const arranged = graph.groups.map((group) =>
    arrange(
      group,
      graph.edges.filter((edge) => home.get(edge.from) === group && isWithin(edge)),
    ),
  );
  const rows = packed(arranged);
  const groups = rows.groups.map(({ place, size }) => placed(size, place));
  const inner = rows.groups.flatMap(({ place, size }) =>
    size.edges.map(({ edge, points }) => ({ edge, points: points.map((point) => moved(point, place)) })),
  );
  const boxes = new Map(groups.flatMap(({ nodes }) => nodes).map((one) => [one.node.id, one]));
  const across = graph.edges
    .filter((edge) => !isWithin(edge))
    .flatMap((edge) => {
      const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)];
      return from && to ? [{ edge, points: between(from, to) }] : [];
    });
  return { width: rows.width, height: rows.height, groups, edges: [...inner, ...across] };
}

/** A group by itself, as if it were the whole picture. */
interface Arranged extends Omit<PlacedGroup, 'x' | 'y'> {
  readonly edges: Layout['edges'];
}

const moved = <P extends Point>(one: P, { x, y }: Point): P => ({ ...one, x: one.x + x, y: one.y + y });

const placed = ({ group, nodes, width, height }: Arranged, place: Point): PlacedGroup => ({
  ...place,
  width,
  height,
  group,
  nodes: nodes.map((one) => moved(one, place)),
});

function sizeOf(node: Node): Omit<PlacedNode, 'x' | 'y'> {
  const lines = linesOf(node);
  const width = Math.max(...lines.map(({ columns }) => columns)) * METRICS.character + 2 * METRICS.padding;
  return { node, lines, width, height: lines.length * METRICS.line + 2 * METRICS.padding };
}

function arrange(group: Group, edges: readonly Edge[]): Arranged {
  const connected = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const boxes = group.nodes.map(sizeOf);
  const flow = flowOf(
    boxes.filter(({ node }) => connected.has(node.id)),
    edges,
  );
  const hasBoth = connected.size > 0 && connected.size < boxes.length;
  const top = METRICS.heading + flow.height + (hasBoth ? METRICS.gap : 0);
  const grid = gridOf(
    boxes.filter(({ node }) => !connected.has(node.id)),
    Math.max(flow.width, 420),
  );
  const place = { x: METRICS.padding, y: METRICS.heading };
  const heading = linesOf({ label: group.label }).map(({ columns }) => columns * METRICS.character)[0] ?? 0;
  return {
    group,
    nodes: [...flow.nodes.map((one) => moved(one, place)), ...grid.nodes.map((one) => moved(one, { x: METRICS.padding, y: top }))],
    edges: flow.edges.map(({ edge, points }) => ({ edge, points: points.map((point) => moved(point, place)) })),
    width: Math.max(flow.width, grid.width, heading) + 2 * METRICS.padding,
    height: top + grid.height + METRICS.padding,
  };
}

type Sized = Omit<PlacedNode, 'x' | 'y'>;

interface Flow {
  readonly nodes: readonly PlacedNode[];
  readonly edges: Layout['edges'];
  readonly width: number;
  readonly height: number;
}

/** Layers from left to right. */
function flowOf(boxes: readonly Sized[], edges: readonly Edge[]): Flow {
  if (boxes.length === 0) return { nodes: [], edges: [], width: 0, height: 0 };
  const drawing = new Drawing({ multigraph: true });
  drawing.setGraph({ rankdir: 'LR', nodesep: METRICS.gap, ranksep: 60, edgesep: 8, marginx: 0, marginy: 0 });
  for (const { node, width, height } of boxes) drawing.setNode(node.id, { width, height });
  // Of the members of a virtual, the first one should be on top.
  for (const [index, edge] of [...edges.entries()].reverse()) drawing.setEdge(edge.from, edge.to, {}, String(index));
  layout(drawing);
  const { width = 0, height = 0 } = drawing.graph() as { readonly width?: number; readonly height?: number };
  const centre = (id: string): Point => drawing.node(id) as Point;
  return {
    nodes: boxes.map((box) => ({ ...box, x: centre(box.node.id).x - box.width / 2, y: centre(box.node.id).y - box.height / 2 })),
    edges: edges.map((edge, index) => ({
      edge,
      points: (drawing.edge(edge.from, edge.to, String(index)) as { readonly points: readonly Point[] }).points,
    })),
    width,
    height,
  };
}

/** Rows of at most this width, each box as wide as the widest. */
function gridOf(boxes: readonly Sized[], wanted: number): Omit<Flow, 'edges'> {
  if (boxes.length === 0) return { nodes: [], width: 0, height: 0 };
  const cell = { width: Math.max(...boxes.map(({ width }) => width)), height: Math.max(...boxes.map(({ height }) => height)) };
  const step = { x: cell.width + METRICS.gap, y: cell.height + METRICS.gap };
  const fitting = Math.max(1, Math.floor((wanted + METRICS.gap) / step.x));
  const columns = Math.min(boxes.length, Math.max(fitting, Math.ceil(Math.sqrt((boxes.length * step.y * RATIO) / step.x))));
  const rows = Math.ceil(boxes.length / columns);
  return {
    nodes: boxes.map((box, index) => ({
      ...box,
      width: cell.width,
      x: (index % columns) * step.x,
      y: Math.floor(index / columns) * step.y,
    })),
    width: columns * step.x - METRICS.gap,
    height: rows * step.y - METRICS.gap,
  };
}

/** Groups in rows, from left to right and from top to bottom. */
function packed(sizes: readonly Arranged[]): {
  readonly groups: readonly { readonly place: Point; readonly size: Arranged }[];
  readonly width: number;
  readonly height: number;
} {
  const { margin } = METRICS;
  const area = sizes.reduce((sum, { width, height }) => sum + (width + margin) * (height + margin), 0);
  const wanted = Math.max(...sizes.map(({ width }) => width), Math.sqrt(area * RATIO));
  const groups: { place: Point; size: Arranged }[] = [];
  let [x, y, high, wide]: [number, number, number, number] = [margin, margin, 0, 0];
  for (const size of sizes) {
    if (x > margin && x + size.width > wanted + margin) [x, y, high] = [margin, y + high + margin, 0];
    groups.push({ place: { x, y }, size });
    x += size.width + margin;
    high = Math.max(high, size.height);
    wide = Math.max(wide, x);
  }
  return { groups, width: wide, height: y + high + margin };
}

/** From the side of one box that faces the other one. */
function between(from: Box, to: Box): readonly Point[] {
  const isRight = to.x + to.width / 2 >= from.x + from.width / 2;
  return [
    { x: isRight ? from.x + from.width : from.x, y: from.y + from.height / 2 },
    { x: isRight ? to.x : to.x + to.width, y: to.y + to.height / 2 },
  ];
}
