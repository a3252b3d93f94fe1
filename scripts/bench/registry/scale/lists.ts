import { type Bar } from '../../bar';
import { median } from '../../statistics';
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
const PARTS = { first: 0, middle: 0.5, last: 1 };
const LOGIN = `Basic ${Buffer.from('admin:password').toString('base64')}`;

/** Every list, at its first, middle and last page: each time as a ratio to the first one. */
export async function measureLists(served: Served, { objects, rounds, engine }: { objects: number; rounds: number; engine: string }): Promise<Bar[]> {
  const bars: Bar[] = [];
  for (const list of listsOf(served, objects)) {
    const times: Record<string, number[]> = {};
    for (let round = 0; round < rounds; round++)
      for (const [name, part] of Object.entries(PARTS)) (times[name] ??= []).push(await time(list.page(part)));
    const first = median(times['first'] ?? []);
    process.stderr.write(`  ${list.what}: ${Object.entries(times).map(([name, each]) => `${name} ${median(each).toFixed(1)} ms`).join(', ')}\n`);
    for (const name of ['middle', 'last'])
      bars.push({ what: `${engine}: ${list.what}, ${name} page to first (${first.toFixed(0)} ms)`, measured: median(times[name] ?? []) / first, atMost: 3, unit: 'x' });
  }
  return bars;
}

function listsOf({ registry: { url }, bkrepo }: Served, objects: number): List[] {
  const pages = (count: number, perPage = PER_PAGE) => (part: number) => Math.max(1, Math.round((count / perPage) * part));
  const at = (part: number) => Math.floor(part * 0xff00).toString(16).padStart(4, '0');
  const page = pages(objects);
  const few = pages(objects / SHARE);
  const rule = (repoName: string, more: object[] = []) => ({
    relation: 'AND',
    rules: [{ field: 'projectId', value: 'blueking', operation: 'EQ' }, { field: 'repoName', value: repoName, operation: 'EQ' }, ...more],
  });
  const search = (path: string, repo: string, more: { sort?: object; rules?: object[]; pages?: typeof page } = {}) => (part: number) => ({
    url: `${bkrepo}${path}`,
    body: { page: { pageNumber: (more.pages ?? page)(part), pageSize: PER_PAGE }, sort: more.sort, rule: rule(repo, more.rules) },
  });
  const get = (address: (part: number) => string) => (part: number) => ({ url: address(part) });
  const nodes = `${bkrepo}/repository/api/node`;
  return [
    { what: 'objects of a remote', page: get((part) => `${url}/api/v2/remotes/${NAMES.cached}/objects?page=${page(part)}&per_page=${PER_PAGE}`) },
    { what: 'files of a local', page: get((part) => `${url}/api/v2/locals/${NAMES.local}/objects?page=${page(part)}&per_page=${PER_PAGE}`) },
    { what: 'page: folders of a remote', page: get((part) => `${url}/ui/api/repositories/${NAMES.cached}/folder?path=folder/&limit=100&from=${part === 0 ? '' : `folder/${at(part).slice(0, 2)}/`}`) },
    { what: 'page: files of a local', page: get((part) => `${url}/ui/api/repositories/${NAMES.local}/folder?limit=100&from=${part === 0 ? '' : at(part)}`) },
    { what: 'statistics', page: get(() => `${url}/api/v2/stats`) },
    { what: 'top files by hits', page: get(() => `${url}/api/v2/stats/top-files-by-hits?limit=100`) },
    { what: 'top files by bandwidth', page: get(() => `${url}/api/v2/stats/top-files-by-bandwidth?limit=100`) },
    { what: 'metrics', page: get(() => `${url}/metrics`) },
    { what: 'generic listing', page: get(() => `${url}/api/v1/local/${NAMES.local}/`) },
    { what: 'npm search', page: get((part) => `${url}/api/v1/local/${NAMES.npm}/-/v1/search?text=bench&size=100&from=${(few(part) - 1) * 100}`) },
    { what: 'tags of an image', page: get((part) => `${url}/v2/${NAMES.images}/app/tags/list?n=100&last=${part === 0 ? '' : `v${Math.round(part * 90)}`}`) },
    { what: 'BK-Repo node page', page: get((part) => `${nodes}/page/blueking/${NAMES.bkrepo}?pageNumber=${page(part)}&pageSize=${PER_PAGE}`) },
    { what: 'BK-Repo node page, sorted', page: get((part) => `${nodes}/page/blueking/${NAMES.bkrepo}?sort=true&pageNumber=${page(part)}&pageSize=${PER_PAGE}`) },
    { what: 'BK-Repo node page, deep', page: get((part) => `${nodes}/page/blueking/${NAMES.bkrepo}?deep=true&includeFolder=false&pageNumber=${page(part)}&pageSize=${PER_PAGE}`) },
    { what: 'BK-Repo node size', page: get(() => `${nodes}/size/blueking/${NAMES.bkrepo}`) },
    { what: 'BK-Repo package page', page: get((part) => `${bkrepo}/repository/api/package/page/blueking/${NAMES.bkrepoNpm}?pageNumber=${few(part)}&pageSize=${PER_PAGE}`) },
    { what: 'BK-Repo package search', page: search('/repository/api/package/search', NAMES.bkrepoNpm, { pages: few }) },
    { what: 'BK-Repo node search', page: search('/repository/api/node/search', NAMES.bkrepo) },
    { what: 'BK-Repo node search, sorted', page: search('/repository/api/node/search', NAMES.bkrepo, { sort: { properties: ['name'], direction: 'DESC' } }) },
    {
      what: 'BK-Repo node search by prefix',
      page: search('/repository/api/node/search', NAMES.bkrepo, { rules: [{ field: 'name', value: 'ab', operation: 'PREFIX' }], pages: pages(objects / 256) }),
    },
    { what: 'BK-Repo generic search', page: search(`/generic/blueking/${NAMES.bkrepo}/search`, NAMES.bkrepo) },
  ];
}

async function time({ url, body }: ReturnType<List['page']>): Promise<number> {
  const started = performance.now();
  const headers = { authorization: LOGIN, 'content-type': 'application/json' };
  const answer = await fetch(url, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
  const text = await answer.text();
  if (answer.status !== 200 || text.length < 100) throw new Error(`${url} answered ${answer.status}: ${text.slice(0, 300)}`);
  return performance.now() - started;
}
