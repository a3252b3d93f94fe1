import { type Program } from '../programs';
import { ENTRIES, NAMES, PACKAGE, SHARE } from './fill';
import { type List } from './pages';

/** The two servers of a registry. */
export interface Served {
  readonly registry: Program;
  readonly bkrepo: string;
}

const PER_PAGE = 100;
const PROJECT = 'blueking';

/** Every list of ArtifactAPI, of its package types, of the page and of BK-Repo. */
export function listsOf({ registry, bkrepo }: Served, objects: number): List[] {
  return [
    ...filesOf(registry.url, objects),
    ...packagesOf(registry.url, objects),
    ...nodesOf(bkrepo, objects),
    ...searchesOf(bkrepo, objects),
  ];
}

type Pages = (part: number) => number;
const pagesOf =
  (count: number): Pages =>
  (part) =>
    Math.max(1, Math.round((count / PER_PAGE) * part));
const get = (what: string, address: (part: number, turn: number) => string): List => ({
  what,
  page: (part, turn) => ({ url: address(part, turn) }),
});
const whole = (what: string, url: string): List => ({ what, isPaged: false, page: () => ({ url }) });
/** What hashes at a part of all hashes begin with. */
const hashAt = (part: number): string =>
  Math.floor(part * 0xff00)
    .toString(16)
    .padStart(4, '0');

function filesOf(url: string, objects: number): List[] {
  const page = pagesOf(objects);
  const { cached, local } = NAMES;
  const folder = (name: string) => `${url}/ui/api/repositories/${name}/folder?limit=${PER_PAGE}`;
  const entries = Math.min(ENTRIES, objects / SHARE);
  // Each page ends where the next one begins, so the last one is found by how many entries are left.
  const before = (part: number) => hashAt(Math.max(1 - part, PER_PAGE / entries));
  return [
    get('objects of a remote', (part) => `${url}/api/v2/remotes/${cached}/objects?page=${page(part)}&per_page=${PER_PAGE}`),
    get('files of a local', (part) => `${url}/api/v2/locals/${local}/objects?page=${page(part)}&per_page=${PER_PAGE}`),
    get(
      'page: folders of a remote',
      (part) => `${folder(cached)}&path=folder/&from=${part > 0 ? `folder/${hashAt(part).slice(0, 2)}/` : ''}`,
    ),
    get('page: files of a local', (part) => `${folder(local)}&from=${part > 0 ? hashAt(part) : ''}`),
    get('audit log', (part) => `${url}/api/registry/audit?limit=${PER_PAGE}&before=${part > 0 ? before(part) : ''}`),
    whole('statistics', `${url}/api/v2/stats`),
    whole('top files by hits', `${url}/api/v2/stats/top-files-by-hits?limit=${PER_PAGE}`),
    whole('top files by bandwidth', `${url}/api/v2/stats/top-files-by-bandwidth?limit=${PER_PAGE}`),
  ];
}

function packagesOf(url: string, objects: number): List[] {
  const [few, fewer] = [pagesOf(objects / SHARE), pagesOf(objects / SHARE / SHARE)];
  const { local, npm, images, modules, charts } = NAMES;
  const offset = (pages: Pages, part: number) => (pages(part) - 1) * PER_PAGE;
  // Answers are kept by their query, so each is another one.
  const forge = (what: string, pages: Pages) =>
    get(
      `Puppet ${what}`,
      (part, turn) => `${url}/api/v1/local/${modules}/v3/${what}?limit=${PER_PAGE}&offset=${offset(pages, part)}&turn=${turn}`,
    );
  return [
    whole('generic listing', `${url}/api/v1/local/${local}/`),
    get('npm search', (part) => `${url}/api/v1/local/${npm}/-/v1/search?text=bench&size=${PER_PAGE}&from=${offset(few, part)}`),
    get(
      'tags of an image',
      (part) => `${url}/v2/${images}/app/tags/list?n=${PER_PAGE}&last=${part > 0 ? `v${Math.round(part * 90)}` : ''}`,
    ),
    forge('releases', few),
    forge('modules', fewer),
    get('charts of Helm', (part) => `${url}/api/v1/local/${charts}/api/charts?limit=${PER_PAGE}&offset=${offset(fewer, part)}`),
  ];
}

function nodesOf(bkrepo: string, objects: number): List[] {
  const [page, few] = [pagesOf(objects), pagesOf(objects / SHARE)];
  const api = `${bkrepo}/repository/api`;
  const nodePage = (options: string) => (part: number) =>
    `${api}/node/page/${PROJECT}/${NAMES.bkrepo}?${options}pageNumber=${page(part)}&pageSize=${PER_PAGE}`;
  const versions = `${PROJECT}/${NAMES.bkrepoVersions}?packageKey=${encodeURIComponent(PACKAGE)}`;
  const packages = `${api}/package/page/${PROJECT}/${NAMES.bkrepoNpm}?pageSize=${PER_PAGE}`;
  const versionPage = (options: string) => (part: number) =>
    `${api}/version/page/${versions}${options}&pageNumber=${few(part)}&pageSize=${PER_PAGE}`;
  return [
    get('BK-Repo node page', nodePage('')),
    get('BK-Repo node page, folders first', nodePage('sort=true&')),
    get('BK-Repo node page, deep', nodePage('deep=true&includeFolder=false&')),
    whole('BK-Repo node size', `${api}/node/size/${PROJECT}/${NAMES.bkrepo}`),
    get('BK-Repo package page', (part) => `${packages}&pageNumber=${few(part)}`),
    get('BK-Repo version page', versionPage('')),
    get('BK-Repo version page, sorted by name', versionPage('&sortProperty=name&direction=ASC')),
    { what: 'BK-Repo version list', isPaged: false, page: () => ({ url: `${api}/version/list/${versions}`, body: {} }) },
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
