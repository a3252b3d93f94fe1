import { isMeant } from '../handler/listing';
import type { FoundObject } from './estate';
import { referencesIn, type Reference, type Tree } from './references';

/** How an estate is split into files. */
export type Split = 'parent' | 'package-type' | 'prefix' | 'none';

/** An object and the configuration that code is written from. */
export interface Item {
  readonly object: FoundObject;
  readonly tree: Tree;
}

/** What is in one file. */
export interface Group {
  readonly name: string;
  readonly items: readonly Item[];
}

/** Splits an estate; those that others refer to come first, within a group and among groups. */
export function groupsOf(items: readonly Item[], split: Split): readonly Group[] {
  const nameOf = namer(items, split);
  const byName = groupedBy(items, ({ object }) => nameOf(object));
  const groups = [...byName].sort(([a], [b]) => compare(a, b)).map(([name, own]) => ({ name, items: inOrder(own) }));
  const home = new Map(groups.flatMap((group) => group.items.map(({ object }) => [object, group] as const)));
  return sorted(groups, (group) => group.items.flatMap(({ tree }) => referencesIn(tree).flatMap(({ to }) => home.get(to) ?? [])));
}

/** The split that suits an estate best. */
export function usualSplit(items: readonly Item[]): Split {
  const parents = new Set(items.flatMap(({ object }) => (object.key.length > 1 ? [object.key[0]] : [])));
  if (parents.size > 0) return 'parent';
  return items.length > 15 && items.some(({ object }) => packageTypeOf(object) !== undefined) ? 'package-type' : 'none';
}

const SHARED = 'shared';

function namer(items: readonly Item[], split: Split): (object: FoundObject) => string {
  if (split === 'none') return () => SHARED;
  if (split === 'package-type') return (object) => packageTypeOf(object) ?? SHARED;
  if (split === 'prefix') return ({ key }) => /^[^-_.]+/.exec(key.at(-1) ?? '')?.[0] ?? SHARED;
  const container = containerOf(items);
  return ({ compiled, key, type, values }) => {
    if (key.length > 1 && compiled.key[0] === container?.part) return key[0] || SHARED;
    const own = container?.types.has(type) ? values[container.attribute ?? ''] : undefined;
    return typeof own === 'string' ? own : SHARED;
  };
}

/** What most objects are in, such as their project, and which objects these are themselves. */
function containerOf(items: readonly Item[]) {
  const counts = new Map<string, number>();
  for (const { object } of items) {
    if (object.key.length < 2) continue;
    const part = object.compiled.key[0] ?? '';
    counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  const [part] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  if (part === undefined) return undefined;
  const inside = items.find(({ object }) => object.compiled.key[0] === part && object.key.length > 1)?.object;
  const target = inside?.compiled.fields.find(({ name }) => name === part)?.facts.refersTo;
  const types = items.filter(({ object }) => target && isMeant(target.type, object.type));
  const attribute = types[0]?.object.compiled.fields.find(({ key }) => key === target?.attribute)?.name;
  return { part, attribute, types: new Set(types.map(({ object }) => object.type)) };
}

function packageTypeOf({ compiled, values }: FoundObject): string | undefined {
  const { clients } = compiled.definition;
  if (!clients) return undefined;
  if (typeof clients.packageType === 'string') return clients.packageType;
  const { attribute } = clients.packageType;
  const value = values[compiled.fields.find(({ key }) => key === attribute)?.name ?? ''];
  return typeof value === 'string' ? value : undefined;
}

/** Items by type and name, each after those that it refers to. */
function inOrder(items: readonly Item[]): readonly Item[] {
  const byObject = new Map(items.map((item) => [item.object, item]));
  const order = [...items].sort((a, b) => compare(a.object.type, b.object.type) || compare(a.object.id, b.object.id));
  return sorted(order, ({ tree }) => referencesIn(tree).flatMap(({ to }) => byObject.get(to) ?? []));
}

/** Each after those that it needs; of a circle one comes before what it needs. */
function sorted<T>(all: readonly T[], needs: (one: T) => readonly T[]): readonly T[] {
  const result = new Set<T>();
  const visited = new Set<T>();
  const visit = (one: T): void => {
    if (visited.has(one)) return;
    visited.add(one);
    for (const other of needs(one)) visit(other);
    result.add(one);
  };
  for (const one of all) visit(one);
  return [...result];
}

/** What has the same key, in its order. */
export function groupedBy<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether code may refer to an object: it has to be made before. */
export function isEarlier(groups: readonly Group[], from: FoundObject, { to }: Reference): boolean {
  const order = positions(groups);
  return (order.get(to) ?? Infinity) < (order.get(from) ?? -1);
}

const known = new WeakMap<readonly Group[], Map<FoundObject, number>>();

function positions(groups: readonly Group[]): Map<FoundObject, number> {
  const made = known.get(groups) ?? new Map(groups.flatMap(({ items }) => items).map(({ object }, index) => [object, index]));
  known.set(groups, made);
  return made;
}
