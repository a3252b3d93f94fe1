import { type Action, type Declared, type Estate, type Plan } from '../plans/plan';
import { type Link, linksOf } from '../plans/links';
import { valueAt } from '../plans/value';
import { factsOf, type ReferenceTarget } from '../schema/define/attribute';
import type { ProviderDefinition } from '../schema/define/provider';

/** A box: a repository, a project, a permission. */
export interface Node {
  readonly id: string;
  /** What it is called on the server. */
  readonly label: string;
  /** What it is, e.g. `npm remote`. */
  readonly kind: string;
  readonly action: Action;
}

/** Boxes that belong together: the repositories of a package type, what is in a project. */
export interface Group {
  readonly label: string;
  readonly nodes: readonly Node[];
}

/** An object that names another one. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  /** The place of a member, counted from 1, or nothing. */
  readonly label?: string;
}

/** What there is to draw. Groups and nodes are in alphabetical order, edges in the order of the objects that they start from. */
export interface Graph {
  readonly title: string;
  readonly groups: readonly Group[];
  readonly edges: readonly Edge[];
}

/** The graph of what stacks declare, of what a plan changes, or of what a server has. Types of other providers are left out. */
export function graphOf(title: string, estates: readonly (Estate | Plan)[]): Graph {
  const parts = estates.map(partOf);
  const grouped = new Map<string, Node[]>();
  for (const [name, nodes] of parts.flatMap(({ groups }) => [...groups])) grouped.set(name, [...(grouped.get(name) ?? []), ...nodes]);
  const groups = [...grouped].map(([label, nodes]) => ({ label, nodes: [...nodes].sort(byLabel) })).sort(byLabel);
  return { title, groups, edges: parts.flatMap(({ edges }) => edges) };
}

const byLabel = (a: { readonly label: string }, b: { readonly label: string }): number =>
  a.label < b.label ? -1 : a.label > b.label ? 1 : 0;

interface Part {
  readonly groups: ReadonlyMap<string, readonly Node[]>;
  readonly edges: readonly Edge[];
}

function partOf(estate: Estate | Plan, index: number): Part {
  const whole = withGone(estate);
  const objects = whole.objects.filter(({ known, mode }) => known && mode === 'managed');
  const actions = new Map('changes' in estate ? estate.changes.map(({ object, action }) => [object.address, action]) : []);
  const idOf = ({ address }: Declared): string => `${index}/${address}`;
  const groups = new Map<string, Node[]>();
  for (const object of objects) {
    const group = groupOf(object);
    const node = { id: idOf(object), label: labelOf(object), kind: kindOf(object), action: actions.get(object.address) ?? 'none' };
    groups.set(group, [...(groups.get(group) ?? []), node]);
  }
  return { groups, edges: edgesOf(linksOf({ ...whole, objects }), idOf) };
}

function edgesOf(links: readonly Link[], idOf: (object: Declared) => string): readonly Edge[] {
  const shown = links.flatMap(({ from, to, path }) => (to && !isHome(to, from) ? [{ from, to, ...placeIn(from, path) }] : []));
  const pairs = new Map([...shown].reverse().map((one) => [JSON.stringify([one.from.address, one.to.address]), one]));
  const lists = new Map<string, number>();
  for (const { from, list } of shown) lists.set(`${from.address} ${list}`, (lists.get(`${from.address} ${list}`) ?? 0) + 1);
  return [...pairs.values()].reverse().map(({ from, to, list, place }) => ({
    from: idOf(from),
    to: idOf(to),
    // One member needs no number.
    ...(place !== undefined && (lists.get(`${from.address} ${list}`) ?? 0) > 1 && { label: String(place + 1) }),
  }));
}

/** The list that a path leads into, and the place in it, if order matters. */
function placeIn({ known }: Declared, path: string): { readonly list?: string; readonly place?: number } {
  const [, list, place] = /^(\w+)\[(\d+)\]/.exec(path) ?? [];
  const isOrdered = list !== undefined && known?.fields.some(({ name, shape }) => name === list && shape.kind === 'list');
  return isOrdered ? { list, place: Number(place) } : {};
}

/** Whether an object is in the other one, which its group shows. */
const isHome = (container: Declared, object: Declared): boolean =>
  container.known !== undefined &&
  containerOf(container) === undefined &&
  packageTypeOf(container) === undefined &&
  groupOf(container) === groupOf(object);

/** With the objects that a plan deletes, which are not there after it. */
function withGone(estate: Estate | Plan): Estate {
  if (!('changes' in estate)) return estate;
  const there = new Set(estate.objects.map(({ address }) => address));
  const gone = estate.changes.map(({ object }) => object).filter(({ address }) => !there.has(address));
  return { ...estate, objects: [...estate.objects, ...gone] };
}

/** The types that repositories are in, such as projects: what they contain is drawn in a group of theirs. */
const containersOf = ({ resources }: ProviderDefinition): readonly ReferenceTarget[] =>
  resources.flatMap(({ clients, key, attributes }) => {
    const part = clients && key.length > 1 ? attributes[key[0] ?? ''] : undefined;
    const target = part && factsOf(part).refersTo;
    return target ? [target] : [];
  });

const means = ({ type: wanted }: ReferenceTarget, type: string): boolean =>
  typeof wanted === 'string' ? wanted === type : wanted.test(type);

/** The part of the key that says what an object is in. One that refers to nothing, such as a workspace, is no object of its own. */
function containerOf({ known, values }: Declared): { readonly part: string; readonly name: string } | undefined {
  const part = known && known.key.length > 1 ? known.key[0] : undefined;
  if (!known || part === undefined) return undefined;
  const target = known.fields.find((field) => field.name === part)?.facts.refersTo;
  if (target && !containersOf(known.provider).some(({ type }) => String(type) === String(target.type))) return undefined;
  const name = valueAt(values, part);
  return typeof name === 'string' && name !== '' ? { part, name } : undefined;
}

function groupOf(object: Declared): string {
  const { known } = object;
  const title = known?.provider.title ?? '';
  const container = containerOf(object);
  if (container) return `${title}: ${container.name}`;
  const packageType = packageTypeOf(object);
  if (packageType !== undefined) return `${title}: ${packageType}`;
  const isContainer = known && containersOf(known.provider).some((target) => means(target, object.type));
  const own = isContainer ? valueAt(object.values, known.key[0] ?? '') : undefined;
  return typeof own === 'string' ? `${title}: ${own}` : title;
}

function packageTypeOf({ known, values }: Declared): string | undefined {
  const { clients } = known?.definition ?? {};
  if (!clients) return undefined;
  if (typeof clients.packageType === 'string') return clients.packageType;
  const { attribute } = clients.packageType;
  const value = valueAt(values, known?.fields.find(({ key }) => key === attribute)?.name ?? '');
  return typeof value === 'string' ? value : undefined;
}

/** The name on the server, or, where that is not known yet, the one in the code. */
function labelOf(object: Declared): string {
  const container = containerOf(object)?.part;
  const parts = (object.known?.key ?? []).filter((name) => name !== container).map((name) => valueAt(object.values, name));
  const texts = parts.filter((value): value is string => typeof value === 'string' && value !== '');
  return texts.length > 0 ? texts.join('/') : object.name;
}

/** The type in words, without its provider, and with the package type if that is an attribute. */
function kindOf(object: Declared): string {
  const { type, known } = object;
  const words = type.slice((known?.provider.name.length ?? -1) + 1).replaceAll('_', ' ');
  return typeof known?.definition.clients?.packageType === 'object' ? `${words} ${packageTypeOf(object) ?? ''}`.trim() : words;
}
