import { type Bar } from '../../bar';
import { type Program } from '../programs';
import { NAMES, SHARE } from './fill';

/** A list that has pages. */
interface List {
  readonly what: string;
  /** The request for the page at a part of the list, from 0 to 1. */
  page(part: number): { readonly url: string; readonly body?: object };
}

/** The two servers of a registry. */
export interface Served {
  readonly registry: Program;
  readonly bkrepo: string;
}

const PER_PAGE = 100;
const PROJECT = 'blueking';
const PARTS = { first: 0, middle: 0.5, last: 1 };
const LOGIN = `Basic ${Buffer.from('admin:password').toString('base64')}`;

/** Every list, at its first, middle and last page: the slower of the others to the first. */
export async function measureLists(
  served: Served,
  {
    objects,
    rounds,
    engine,
    lists,
  }: { readonly objects: number; readonly rounds: number; readonly engine: string; readonly lists: RegExp },
): Promise<Bar[]> {
  const bars: Bar[] = [];
  for (const list of listsOf(served, objects).filter(({ what }) => lists.test(what))) {
    const times: Record<string, number[]> = {};
    const isPaged = list.page(0).url !== list.page(1).url || list.page(0).body !== undefined;
    for (let round = 0; round < rounds; round++)
      for (const [name, part] of Object.entries(isPaged ? PARTS : { whole: 0 })) (times[name] ??= []).push(await time(list.page(part)));
    // All that other work on the machine does is slow them.
    const best = Object.entries(times).map(([name, each]) => [name, Math.min(...each)] as const);
    process.stderr.write(`  ${list.what}: ${best.map(([name, ms]) => `${name} ${ms.toFixed(1)} ms`).join(', ')}\n`);
    const [[, first] = ['', NaN], ...others] = best;
    if (!isPaged) continue;
    const measured = Math.max(...others.map(([, ms]) => ms)) / first;
    bars.push({ what: `${engine}: ${list.what}, any page to the first (${first.toFixed(0)} ms)`, measured, atMost: 3, unit: 'x' });
  }
  return bars;
}

type Pages = (part: number) => number;
const pagesOf =
  (count: number): Pages =>
  (part) =>
    Math.max(1, Math.round((count / PER_PAGE) * part));
const get = (what: string, address: (part: number) => string): List => ({ what, page: (part) => ({ url: address(part) }) });
/** What hashes at a part of all hashes begin with. */
const hashAt = (part: number): string =>
  Math.floor(part * 0xff00)
    .toString(16)
    .padStart(4, '0');

function listsOf({ registry, bkrepo }: Served, objects: number): List[] {
  return [...filesOf(registry.url, objects), ...nodesOf(bkrepo, objects), ...searchesOf(bkrepo, objects)];
}

function filesOf(url: string, objects: number): List[] {
  const [page, few] = [pagesOf(objects), pagesOf(objects / SHARE)];
  const { cached, local, npm, images } = NAMES;
  const folder = (name: string) => `${url}/ui/api/repositories/${name}/folder?limit=${PER_PAGE}`;
  return [
    get('objects of a remote', (part) => `${url}/api/v2/remotes/${cached}/objects?page=${page(part)}&per_page=${PER_PAGE}`),
    get('files of a local', (part) => `${url}/api/v2/locals/${local}/objects?page=${page(part)}&per_page=${PER_PAGE}`),
    get(
      'page: folders of a remote',
      (part) => `${folder(cached)}&path=folder/&from=${part > 0 ? `folder/${hashAt(part).slice(0, 2)}/` : ''}`,
    ),
    get('page: files of a local', (part) => `${folder(local)}&from=${part > 0 ? hashAt(part) : ''}`),
    get('statistics', () => `${url}/api/v2/stats`),
    get('top files by hits', () => `${url}/api/v2/stats/top-files-by-hits?limit=${PER_PAGE}`),
    get('top files by bandwidth', () => `${url}/api/v2/stats/top-files-by-bandwidth?limit=${PER_PAGE}`),
    get('generic listing', () => `${url}/api/v1/local/${local}/`),
    get('npm search', (part) => `${url}/api/v1/local/${npm}/-/v1/search?text=bench&size=${PER_PAGE}&from=${(few(part) - 1) * PER_PAGE}`),
    get(
      'tags of an image',
      (part) => `${url}/v2/${images}/app/tags/list?n=${PER_PAGE}&last=${part > 0 ? `v${Math.round(part * 90)}` : ''}`,
    ),
  ];
}

function nodesOf(bkrepo: string, objects: number): List[] {
  const [page, few] = [pagesOf(objects), pagesOf(objects / SHARE)];
  const nodes = `${bkrepo}/repository/api/node`;
  const nodePage = (options: string) => (part: number) =>
    `${nodes}/page/${PROJECT}/${NAMES.bkrepo}?${options}pageNumber=${page(part)}&pageSize=${PER_PAGE}`;
  const packages = `${bkrepo}/repository/api/package/page/${PROJECT}/${NAMES.bkrepoNpm}?pageSize=${PER_PAGE}`;
  return [
    get('BK-Repo node page', nodePage('')),
    get('BK-Repo node page, folders first', nodePage('sort=true&')),
    get('BK-Repo node page, deep', nodePage('deep=true&includeFolder=false&')),
    get('BK-Repo node size', () => `${nodes}/size/${PROJECT}/${NAMES.bkrepo}`),
    get('BK-Repo package page', (part) => `${packages}&pageNumber=${few(part)}`),
  ];
}

function searchesOf(bkrepo: string, objects: number): List[] {
  const rule = (field: string, value: string, operation = 'EQ') => ({ field, value, operation });
  const search = (what: string, path: string, { repo = NAMES.bkrepo, count = objects, sort, rules = [] }: SearchOptions = {}): List => ({
    what,
    page: (part) => ({
      url: `${bkrepo}${path}`,
      body: {
        page: { pageNumber: pagesOf(count)(part), pageSize: PER_PAGE },
        sort,
        rule: { relation: 'AND', rules: [rule('projectId', PROJECT), rule('repoName', repo), ...rules] },
      },
    }),
  });
  const nodes = '/repository/api/node/search';
  const packages = '/repository/api/package/search';
  const sort = (property: string) => ({ properties: [property], direction: 'DESC' });
  const ofPackages = { repo: NAMES.bkrepoNpm, count: objects / SHARE };
  return [
    search('BK-Repo node search', nodes),
    search('BK-Repo node search, by path backwards', nodes, { sort: sort('fullPath') }),
    search('BK-Repo node search, sorted by size', nodes, { sort: sort('size') }),
    search('BK-Repo node search, sorted by date', nodes, { sort: sort('lastModifiedDate') }),
    search('BK-Repo node search by prefix', nodes, { rules: [rule('name', 'ab', 'PREFIX')], count: objects / 256 }),
    search('BK-Repo node search by pattern', nodes, { rules: [rule('name', 'ab*f', 'MATCH')], count: objects / 256 / 16 }),
    search('BK-Repo generic search', `/generic/${PROJECT}/${NAMES.bkrepo}/search`),
    search('BK-Repo package search', packages, ofPackages),
    search('BK-Repo package search, sorted by name', packages, { ...ofPackages, sort: sort('name') }),
  ];
}

interface SearchOptions {
  readonly repo?: string;
  readonly count?: number;
  readonly sort?: object;
  readonly rules?: readonly object[];
}

async function time({ url, body }: ReturnType<List['page']>): Promise<number> {
  const started = performance.now();
  const headers = { authorization: LOGIN, 'content-type': 'application/json' };
  const answer = await fetch(url, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
  const text = await answer.text();
  if (answer.status !== 200 || text.length < 100) throw new Error(`${url} answered ${answer.status}: ${text.slice(0, 300)}`);
  return performance.now() - started;
}
