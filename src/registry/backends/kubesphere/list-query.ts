import { type FastifyRequest } from 'fastify';
import { isTrue, queryOf } from './entity';
import { ALIAS_ANNOTATION, type KubeObject } from './objects';

/** What the server takes for paging and order; everything else filters. */
const NO_FILTERS = ['page', 'limit', 'sortBy', 'ascending', 'labelSelector'];

/** A page of a list, in the form of versions 3.1 and later of the resources API. */
export interface ListResult {
  readonly items: readonly unknown[] | null;
  readonly totalItems: number;
}

/** How the objects of a list are shown, and in which orders they can be besides those of all objects: the greatest first. */
export interface Listing<T> {
  readonly show: (object: T) => object;
  /** The name that is looked for and sorted by. @default - that of the object */
  readonly nameOf?: (object: T) => string;
  /** Whether a list of which nothing was asked is null when it is empty. @default true */
  readonly nullLists?: boolean;
  readonly orders?: Readonly<Record<string, (one: T, other: T) => number>>;
}

/** Filters, sorts and cuts a list as a query says; a list that finds nothing is null. */
export function listResult<T extends KubeObject>(request: FastifyRequest, objects: readonly T[], listing: Listing<T>): ListResult {
  const { show, nameOf = ({ metadata }: T) => metadata.name, orders = {}, nullLists = true } = listing;
  const filters = Object.entries(request.query as Record<string, string | string[]>)
    .filter(([key]) => !NO_FILTERS.includes(key))
    .map(([key, value]) => [key, [value].flat()[0] ?? ''] as const);
  const found = objects.filter((object) => filters.every(([key, value]) => matches(object, { key, value, show, nameOf })));
  const byName = (one: T, other: T): number => (nameOf(one) > nameOf(other) ? -1 : 1);
  const sortBy = queryOf(request, 'sortBy');
  const order = (Object.hasOwn(orders, sortBy) ? orders[sortBy] : undefined) ?? (sortBy === 'name' ? byName : byTime(byName));
  found.sort(isTrue(queryOf(request, 'ascending')) ? (one, other) => order(other, one) : order);
  const items = page(found, wholeNumber(queryOf(request, 'limit')) ?? -1, wholeNumber(queryOf(request, 'page')) ?? 1);
  return { items: found.length === 0 && (nullLists || filters.length > 0) ? null : items.map(show), totalItems: found.length };
}

function page<T>(found: readonly T[], limit: number, number: number): readonly T[] {
  return window(found, { limit, offset: (number - 1) * limit });
}

/** The part of a list that begins at an offset; -1 is without limit, and what cannot be is nothing. */
export function window<T>(found: readonly T[], { limit, offset }: { readonly limit: number; readonly offset: number }): readonly T[] {
  if (limit === -1) return found;
  return limit < 0 || offset < 0 || offset > found.length ? [] : found.slice(offset, offset + limit);
}

/** A whole number as Go reads one. */
export function wholeNumber(text: string): number | undefined {
  return /^[-+]?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

type Order<T> = (one: T, other: T) => number;

/** The newest first; of those made in one second, by another order. */
function byTime<T extends KubeObject>(second: Order<T>): Order<T> {
  return (one, other) => {
    const [left, right] = [one.metadata.creationTimestamp, other.metadata.creationTimestamp];
    return left === right ? second(one, other) : left > right ? -1 : 1;
  };
}

interface Filter<T> {
  readonly key: string;
  readonly value: string;
  readonly show: (object: T) => object;
  readonly nameOf: (object: T) => string;
}

function matches<T extends KubeObject>(object: T, { key, value, show, nameOf }: Filter<T>): boolean {
  const { name, uid, labels, annotations, ownerReferences = [] } = object.metadata;
  if (key === 'names') return value.split(',').includes(name);
  if (key === 'name' || key === 'nameAndAlias') {
    const alias = annotations?.[ALIAS_ANNOTATION] ?? '';
    return nameOf(object).includes(value) || (alias !== '' && alias.toLowerCase().includes(value.toLowerCase()));
  }
  if (key === 'uid') return uid === value;
  if (key === 'namespace') return value === '';
  if (key === 'ownerReference') return ownerReferences.some((owner) => owner.uid === value);
  if (key === 'ownerKind') return ownerReferences.some((owner) => owner.kind === value);
  if (key === 'label') return hasPair(labels, value);
  if (key === 'annotation') return hasPair(annotations, value);
  return key !== 'fieldSelector' || value.split(',').every((part) => hasField(show(object), part));
}

function hasPair(pairs: Readonly<Record<string, string>> | undefined, filter: string): boolean {
  const [, key = filter, not = '', value = '*'] = /^(.*?)(!?)=(.*)$/s.exec(filter) ?? [];
  const found = pairs && Object.hasOwn(pairs, key) ? pairs[key] : undefined;
  if (found === undefined) return false;
  return not === '' ? value === '*' || found === value : found !== value;
}

function hasField(object: object, selector: string): boolean {
  const [, path = '', operator = '', value = ''] = /^(.*?)(==|!=|=)(.*)$/s.exec(selector) ?? [];
  if (operator === '') return selector === '';
  const field = path
    .split('.')
    .reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined), object);
  const text = field === undefined || field === null ? '' : typeof field === 'object' ? JSON.stringify(field) : String(field as string);
  const isEqual = value.startsWith('~') ? text.toLowerCase() === value.slice(1).toLowerCase() : text === value;
  return isEqual === (operator !== '!=');
}
