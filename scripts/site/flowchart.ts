/** A box of a flowchart. */
export interface FlowNode {
  readonly id: string;
  readonly lines: readonly string[];
  /** The group that it is in. */
  readonly parent?: string;
}

/** A flowchart: boxes, groups of boxes, arrows. */
export interface Flowchart {
  /** Whether it goes from left to right, or from top to bottom. */
  readonly direction: 'LR' | 'TB';
  readonly groups: readonly { readonly id: string; readonly label: string }[];
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly lines: readonly string[] }[];
}

const linesOf = (label: string): string[] => label.replace(/^"|"$/g, '').split(/<br\s*\/?>/);
/** `id`, `id[label]`, `id["label"]` or `id[("label")]`. */
const nodePattern = /^([\w./]+)(?:\[(?:\((.+)\)|(.+))\])?$/;

/**
 * Reads the part of Mermaid's notation for flowcharts that `docs` use: nodes with labels, `&`, chains of arrows with or without a label, and
 * subgraphs. Anything else is an error, so that no diagram is drawn wrong.
 */
export function readFlowchart(text: string): Flowchart {
  const [head = '', ...lines] = text.split('\n').flatMap((line) => line.trim() || []);
  const direction = /^flowchart (LR|TD|TB)$/.exec(head)?.[1];
  if (direction === undefined)
    throw new Error(`"${head}" begins no flowchart that the site can draw; expected "flowchart LR" or "flowchart TD"`);
  const groups: { id: string; label: string }[] = [];
  const nodes = new Map<string, FlowNode>();
  const edges: { from: string; to: string; lines: string[] }[] = [];
  let parent: string | undefined;
  const add = (source: string): string => {
    const [, id, round, square] = nodePattern.exec(source) ?? [];
    if (id === undefined) throw new Error(`"${source}" is no node of a flowchart that the site can draw`);
    const label = round ?? square;
    const known = nodes.get(id);
    if (!known || label !== undefined)
      nodes.set(id, { id, lines: linesOf(label ?? id), ...(parent !== undefined && { parent }), ...parentOf(known) });
    return id;
  };
  for (const line of lines) {
    const [, group, label] = /^subgraph (\w+)(?:\[(.+)\])?$/.exec(line) ?? [];
    if (group !== undefined) {
      parent = group;
      groups.push({ id: group, label: linesOf(label ?? group).join(' ') });
    } else if (line === 'end') parent = undefined;
    else addChain(line, { add, edges });
  }
  return { direction: direction === 'LR' ? 'LR' : 'TB', groups, nodes: [...nodes.values()], edges };
}

const parentOf = (node: FlowNode | undefined): Pick<FlowNode, 'parent'> => (node?.parent === undefined ? {} : { parent: node.parent });

interface Reader {
  add(source: string): string;
  readonly edges: { from: string; to: string; lines: string[] }[];
}

/** `a & b --> c -- "label" --> d`. */
function addChain(line: string, { add, edges }: Reader): void {
  const parts = line.split(/\s+(?:--\s+(.+?)\s+-->|-->)\s+/);
  let before = members(parts[0] ?? '').map(add);
  for (let at = 1; at < parts.length; at += 2) {
    const label = parts[at];
    const after = members(parts[at + 1] ?? '').map(add);
    for (const from of before) for (const to of after) edges.push({ from, to, lines: label === undefined ? [] : linesOf(label) });
    before = after;
  }
}

const members = (text: string): string[] => text.split(/\s+&\s+/);
