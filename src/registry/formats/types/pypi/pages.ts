import Negotiator from 'negotiator';
import { type Document, type IndexRequest, type MemberDocument } from '../../format';
import { type Json, objectOf } from '../../json';
import { throughRegistry } from '../../links';
import { type Page, writeHtml } from './html';
import { normalizeName, readPath, toldPath } from './names';
import { attributesOf, fragmentOf, jsonOf, projectNames, readProject, type SimpleFile, type SimpleProject, versionsOf } from './simple';

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';
const HTML_TYPE = 'application/vnd.pypi.simple.v1+html';
const PLAIN_HTML = 'text/html';
/** The representations that can be requested, with their content types. */
const TYPES: Readonly<Record<string, string>> = {
  [PLAIN_HTML]: PLAIN_HTML,
  [HTML_TYPE]: HTML_TYPE,
  'application/vnd.pypi.simple.latest+html': HTML_TYPE,
  [JSON_TYPE]: JSON_TYPE,
  'application/vnd.pypi.simple.latest+json': JSON_TYPE,
};

/** The Accept header for upstreams: JSON carries more than HTML. */
export const UPSTREAM_ACCEPT = `${JSON_TYPE}, ${HTML_TYPE};q=0.2, ${PLAIN_HTML};q=0.1`;

/** The representation that an Accept header asks for. */
export function representationOf(accept: string): string {
  const wish = accept === '' ? undefined : new Negotiator({ headers: { accept } }).mediaType(Object.keys(TYPES));
  return TYPES[wish ?? PLAIN_HTML] ?? PLAIN_HTML;
}

/** Merges simple pages: the first member that has a file or project of a name gives it. */
export function mergeSimple(request: IndexRequest, members: readonly MemberDocument[]): Document {
  const type = request.strict ? PLAIN_HTML : representationOf(request.accept);
  const asked = readPath(request.path);
  if (asked.kind !== 'project') return projectsPage(type, projectNames(members));
  const projects = members.map(readProject);
  const files = new Map<string, SimpleFile>();
  for (const [index, member] of members.entries()) {
    for (const file of projects[index]?.files ?? []) if (!files.has(file.name)) files.set(file.name, through(file, member, request.strict));
  }
  return projectPage(type, { path: request.path, name: normalizeName(asked.name), files: [...files.values()], projects });
}

/** Writes a list of projects. */
export function projectsPage(type: string, names: readonly string[], root = ''): Document {
  if (type === JSON_TYPE) return page(type, JSON.stringify({ meta: { 'api-version': '1.0' }, projects: names.map((name) => ({ name })) }));
  const anchors = names.map((name) => ({ text: name, href: `${root}${encodeURIComponent(name)}/`, attributes: {} }));
  return page(type, writeHtml('simple/', anchors));
}

/** What the page of a project is written from. */
export interface ProjectPage {
  readonly path: string;
  readonly name: string;
  readonly files: readonly SimpleFile[];
  /** What else the pages tell that the files were found on. */
  readonly projects: readonly SimpleProject[];
}

/** Writes the page of a project. */
export function projectPage(type: string, { path, name, files, projects }: ProjectPage): Document {
  const only = projects.length === 1 ? projects[0] : undefined;
  const apiVersion = projects.map((project) => project.apiVersion).sort(byNumbers)[0] ?? '1.0';
  if (type === JSON_TYPE) {
    const versions = versionsOf(projects);
    const meta = { ...objectOf(only?.json['meta']), 'api-version': apiVersion };
    const top: Json = { ...only?.json, meta, name, ...(versions && { versions }) };
    return page(type, JSON.stringify({ ...top, files: files.map((file) => ({ ...jsonOf(file), url: withoutHash(file.url) })) }));
  }
  const anchors = files.map((file) => ({
    text: file.name,
    href: withoutHash(file.url) + fragmentOf(file),
    attributes: attributesOf(file),
  }));
  return page(type, writeHtml(path, anchors, metasOf(only, apiVersion)));
}

/** The file with links that lead through the registry. */
function through(file: SimpleFile, member: MemberDocument, isLeftAlone: boolean): SimpleFile {
  const asked = readPath(member.path);
  const project = asked.kind === 'project' ? asked.name : '';
  const url = throughRegistry(file.url, member, isLeftAlone ? undefined : () => toldPath(project, file.name));
  const { from } = file;
  if ('anchor' in from || typeof from.json['provenance'] !== 'string') return { ...file, url };
  return { ...file, url, from: { json: { ...from.json, provenance: throughRegistry(from.json['provenance'], member) } } };
}

function page(type: string, body: string): Document {
  return { contentType: type === JSON_TYPE ? type : `${type}; charset=utf-8`, headers: { vary: 'accept' }, body };
}

function metasOf(only: SimpleProject | undefined, apiVersion: string): Page['metas'] {
  const status = objectOf(only?.json['project-status']);
  const told: [string, string][] = [];
  if (typeof status['status'] === 'string') told.push(['pypi:project-status', status['status']]);
  if (typeof status['reason'] === 'string') told.push(['pypi:project-status-reason', status['reason']]);
  const others = (only?.metas ?? []).filter(([name]) => name !== 'pypi:repository-version');
  return [['pypi:repository-version', apiVersion], ...others, ...told];
}

function withoutHash(url: string): string {
  return url.replace(/#.*$/, '');
}

function byNumbers(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
