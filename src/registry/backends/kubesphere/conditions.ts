import { type FastifyRequest } from 'fastify';
import { GoError } from './go/json-parse';
import { isTrue, queryOf } from './entity';
import { wholeNumber, window } from './list-query';

const DEFAULT_LIMIT = 10;

/** The conditions of a query: `key=value,key~value`; only the exact ones matter. */
export function conditionsOf(request: FastifyRequest): ReadonlyMap<string, string> {
  const conditions = new Map<string, string>();
  for (const part of queryOf(request, 'conditions').split(',').filter(Boolean)) {
    const [, key = part, sign = '=', value = ''] = /^([^~=]*)([~=])(.*)$/s.exec(part) ?? [];
    if (/[\s(){}[\]]/.test(key)) throw new GoError('invalid conditions');
    if (sign === '=') conditions.set(key, value);
  }
  return conditions;
}

/** The part of a list that a query asks for, with the count of the whole; the list is turned around where the query says so. */
export function pageOf<T>(request: FastifyRequest, sorted: readonly T[], show: (item: T) => object) {
  const list = isTrue(queryOf(request, 'reverse')) ? [...sorted].reverse() : sorted;
  return { items: window(list, windowOf(request)).map(show), total_count: list.length };
}

function windowOf(request: FastifyRequest): { limit: number; offset: number } {
  const paging = queryOf(request, 'paging');
  const [, one = '', two = ''] = /^limit=(-?\d+),page=(\d+)$/.exec(paging) ?? [];
  const [limitText, pageText] = paging === '' ? [queryOf(request, 'limit'), queryOf(request, 'page')] : [one, two];
  const limit = wholeNumber(limitText) ?? DEFAULT_LIMIT;
  const offset = ((wholeNumber(pageText) ?? 1) - 1) * limit;
  return { limit, offset: wholeNumber(queryOf(request, 'start')) ?? offset };
}
