import { isUrl } from '../../../../common/urls';
import { type MemberDocument, type UpstreamDocument } from '../../format';
import { isObject, type Json, listOf, objectOf, readObject } from '../../json';
import { fileNameOf } from '../../links';
import { type Anchor, type Page, readHtml } from './html';
import { isFileName, normalizeName, readPath } from './names';

const [PROJECTS, PROJECT] = ['a list of Python projects', 'the page of a Python project'];

/** A file of a project, as listed on its page. */
export interface SimpleFile {
  readonly name: string;
  /** The absolute address, with its fragment. */
  readonly url: string;
  readonly from: { readonly json: Json } | { readonly anchor: Anchor };
}

/** What one page says about a project. */
export interface SimpleProject {
  readonly apiVersion: string;
  /** What else stands in a JSON page. */
  readonly json: Json;
  /** What else stands in a page of HTML. */
  readonly metas: Page['metas'];
  readonly files: readonly SimpleFile[];
}

/** Reads the page of a project; throws when it is something else, such as a login page. */
export function readProject(document: UpstreamDocument): SimpleProject {
  return isJson(document) ? readJsonProject(document) : readHtmlProject(document);
}

/** Reads a list of projects into their names, as they are written there. */
function readProjects(document: UpstreamDocument): string[] {
  if (isJson(document)) {
    const { projects } = readObject(document.body, PROJECTS);
    if (!Array.isArray(projects)) throw new Error(`not ${PROJECTS}: it has no projects`);
    return projects.map((project) => String(objectOf(project)['name'] ?? '')).filter((name) => name !== '');
  }
  return readHtmlProjects(document);
}

/** A project is a link one step down; listings of web servers have others beside them. */
function readHtmlProjects({ body, url }: UpstreamDocument): string[] {
  const { page, links } = linksOf({ body, url }, PROJECTS);
  const own = segmentsOf(new URL(url).pathname);
  const folders = [own.filter(Boolean).at(-1) ?? '', own.at(-2)];
  const names = links.flatMap(({ target, anchor }) => {
    const [folder = '', name = ''] = segmentsOf(target.pathname.replace(/\/$/, '')).slice(-2);
    if (name === '' || !folders.includes(folder)) return [];
    return [normalizeName(anchor.text) === normalizeName(name) ? anchor.text : name];
  });
  if (names.length === 0) refuseOther(page, links, PROJECTS);
  refuseLogin(page, PROJECTS);
  return names;
}

/** Reads whatever stands at a path of a simple index, for its faults. */
export function checkSimple(document: UpstreamDocument): void {
  if (readPath(document.path).kind === 'projects') readProjects(document);
  else readProject(document);
}

/** The file of a name on a page, or a file that belongs to it: its metadata or its signature. */
export function findFile(name: string, member: MemberDocument): { readonly file: SimpleFile; readonly suffix: string } | undefined {
  const { files } = readProject(member);
  for (const suffix of ['', '.metadata', '.asc']) {
    const file = name.endsWith(suffix) ? files.find((each) => each.name + suffix === name) : undefined;
    if (file) return { file, suffix };
  }
  return undefined;
}

function isJson({ contentType }: UpstreamDocument): boolean {
  return /[/+]json\b/i.test(contentType);
}

function readJsonProject({ body, url }: UpstreamDocument): SimpleProject {
  const { files, ...json } = readObject(body, PROJECT);
  if (!Array.isArray(files)) throw new Error(`not ${PROJECT}: it has no files`);
  return {
    apiVersion: String(objectOf(json['meta'])['api-version'] ?? '1.0'),
    json,
    metas: [],
    files: files.filter(isObject).flatMap((file) => {
      const { filename, url: address } = file;
      if (typeof filename !== 'string' || typeof address !== 'string' || !isUrl(address, url)) return [];
      return [{ name: filename, url: new URL(address, url).href, from: { json: file } }];
    }),
  };
}

function readHtmlProject({ body, url }: UpstreamDocument): SimpleProject {
  const { page, links } = linksOf({ body, url }, PROJECT);
  const files = links.flatMap(({ target, anchor }) => {
    const name = [fileNameOf(target), anchor.text].find(isFileName);
    return name === undefined ? [] : [{ name, url: target.href, from: { anchor } }];
  });
  if (files.length === 0) refuseOther(page, links, PROJECT);
  refuseLogin(page, PROJECT);
  const apiVersion = page.metas.find(([name]) => name === 'pypi:repository-version')?.[1] ?? '1.0';
  return { apiVersion, json: {}, metas: page.metas, files };
}

/** A link of a page, resolved. */
interface Link {
  readonly anchor: Anchor;
  readonly target: URL;
}

/** The links of a page, but for those that listings of web servers have to the folders above and to themselves in another order. */
function linksOf(
  { body, url }: Pick<UpstreamDocument, 'body' | 'url'>,
  expected: string,
): { readonly page: Page; readonly links: readonly Link[] } {
  const page = readHtml(body.toString('utf8'), expected);
  const base = page.base !== undefined && isUrl(page.base, url) ? new URL(page.base, url).href : url;
  const own = new URL(url);
  const links = page.anchors.flatMap((anchor) => {
    if (!isUrl(anchor.href, base)) return [];
    const target = new URL(anchor.href, base);
    const leadsUp = target.host === own.host && target.pathname.endsWith('/') && own.pathname.startsWith(target.pathname);
    return leadsUp ? [] : [{ anchor, target }];
  });
  return { page, links };
}

/** An index that has nothing is nearly empty; a page that speaks to people, does something or leads elsewhere is no index. */
function refuseOther(page: Page, links: readonly Link[], expected: string): void {
  if (page.isActive) throw new Error(`not ${expected}: a page with a form or a script`);
  if (links.length > 0) throw new Error(`not ${expected}: none of its links leads to what it lists`);
  if (page.anchors.length === 0 && page.prose !== '') throw new Error(`not ${expected}: a page of text without links`);
}

function refuseLogin({ asksPassword }: Page, expected: string): void {
  if (asksPassword) throw new Error(`not ${expected}: a page that asks for a password`);
}

/** The segments of a path, decoded. */
function segmentsOf(pathname: string): string[] {
  return pathname.split('/').map((segment) => fileNameOf({ pathname: segment }));
}

/** The names of projects, comparable and in order. */
export function projectNames(documents: readonly UpstreamDocument[]): string[] {
  return [...new Set(documents.flatMap((document) => readProjects(document).map(normalizeName)))].sort();
}

/** The fields that JSON has for a file, whichever page lists it. */
export function jsonOf({ name, url, from }: SimpleFile): Json {
  if ('json' in from) return from.json;
  const { attributes } = from.anchor;
  const json: Json = { filename: name, url, hashes: hashesOf(new URL(url).hash) };
  const requires = attributes['data-requires-python'];
  if (requires !== undefined) json['requires-python'] = requires;
  const yanked = attributes['data-yanked'];
  if (yanked !== undefined) json['yanked'] = yanked === '' ? true : yanked;
  const signed = attributes['data-gpg-sig'];
  if (signed !== undefined) json['gpg-sig'] = signed === 'true';
  const provenance = attributes['data-provenance'];
  if (provenance !== undefined) json['provenance'] = provenance;
  for (const key of ['core-metadata', 'dist-info-metadata']) {
    const value = attributes[`data-${key}`];
    if (value !== undefined) json[key] = value.includes('=') ? hashesOf(value) : value !== 'false';
  }
  return json;
}

/** The attributes that HTML has for a file, whichever page lists it. */
export function attributesOf({ from }: SimpleFile): Record<string, string> {
  if ('anchor' in from) return from.anchor.attributes;
  const { json } = from;
  const attributes: Record<string, string> = {};
  if (typeof json['requires-python'] === 'string') attributes['data-requires-python'] = json['requires-python'];
  const { yanked, provenance } = json;
  if (yanked === true || typeof yanked === 'string') attributes['data-yanked'] = yanked === true ? '' : yanked;
  if (typeof json['gpg-sig'] === 'boolean') attributes['data-gpg-sig'] = String(json['gpg-sig']);
  if (typeof provenance === 'string') attributes['data-provenance'] = provenance;
  for (const key of ['core-metadata', 'dist-info-metadata']) {
    const value = json[key];
    if (value === true) attributes[`data-${key}`] = 'true';
    else if (isObject(value)) attributes[`data-${key}`] = firstHash(value) || 'true';
  }
  return attributes;
}

/** The fragment that HTML gives a file's hash in. */
export function fragmentOf({ url, from }: SimpleFile): string {
  if ('anchor' in from) return new URL(url).hash;
  const hash = firstHash(objectOf(from.json['hashes']));
  return hash && `#${hash}`;
}

/** Hashes of a file or of its metadata by algorithm. */
function hashesOf(text: string): Json {
  const pairs = [...text.matchAll(/(?:^|[#&])(md5|sha1|sha224|sha256|sha384|sha512)=([0-9a-f]+)/gi)];
  return Object.fromEntries(pairs.map(([, algorithm = '', hex = '']) => [algorithm.toLowerCase(), hex.toLowerCase()]));
}

function firstHash(hashes: Json): string {
  const order = ['sha256', ...Object.keys(hashes)];
  const algorithm = order.find((each) => typeof hashes[each] === 'string');
  return algorithm === undefined ? '' : `${algorithm}=${String(hashes[algorithm])}`;
}

/** The versions that JSON lists, where every page lists some. */
export function versionsOf(projects: readonly SimpleProject[]): string[] | undefined {
  if (!projects.every(({ json }) => Array.isArray(json['versions']))) return undefined;
  return [...new Set(projects.flatMap(({ json }) => listOf(json['versions']).map(String)))];
}
