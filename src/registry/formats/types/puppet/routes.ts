import { type Blob } from '../../../store/blobs';
import { HttpError, reasonOf } from '../../../errors';
import { type Answer, type Document, type RouteRequest } from '../../format';
import { type Json, readObject } from '../../json';
import { readForm } from '../../multipart';
import { Readable } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';
import { type LocalRepository } from '../../repository';
import { readRelease } from './archive';
import { archivePath, FILES, type ModuleName, modulesIn, readModule, readPath, slugOf } from './paths';
import { json, MOST, newestFirst, type Release, releaseIn, shownModule, shownRelease, shownUser } from './shown';

/** The largest archive that is published as text within JSON. */
const LARGEST = 64 << 20;
const UNSET_LIMIT = 20;
/** How many files are read by one statement where all are looked at. */
const BATCH = 500;

/** Whether a request is one of the Forge API. */
export function covers(method: string, path: string): boolean {
  const { kind } = readPath(path);
  if (method === 'POST') return kind === 'releases';
  if (method === 'DELETE') return kind === 'release';
  return method === 'GET' && kind !== 'file' && kind !== 'other';
}

/** The files that a request is about: those of a module. */
export function about(path: string): string {
  const asked = readPath(path);
  if ('version' in asked) return archivePath(asked);
  return 'name' in asked ? `${FILES}${slugOf(asked)}` : '';
}

/** Answers what clients ask a Forge. */
export async function answerRoute(request: RouteRequest, repository: LocalRepository): Promise<Answer | undefined> {
  if (request.method === 'POST') return publish(request, repository);
  if (request.method === 'DELETE') return remove(request, repository);
  const { path, query } = request;
  return repository.kept([path, query.toString(), await repository.revision()], () => show(path, query, repository));
}

/**
 * Whether a repository has releases of a module that a request may be about. A list that is about no module could be of any, on whatever page
 * of it, so it is answered by the repositories' own modules alone.
 */
export async function hasModule(path: string, repository: LocalRepository, query: URLSearchParams): Promise<boolean> {
  const isList = ['modules', 'releases', 'users'].includes(readPath(path).kind);
  if (isList && query.get('module') === null) return (await repository.list(FILES, 1)).length > 0;
  const found = await Promise.all(modulesIn(path, query).map((module) => releasesOf(repository, module)));
  return found.some((releases) => releases.length > 0);
}

async function show(path: string, query: URLSearchParams, repository: LocalRepository): Promise<Document> {
  const asked = readPath(path);
  const absent = (what: string) => new HttpError(404, `${what} is not in ${JSON.stringify(repository.location.name)}`);
  if (asked.kind === 'module') {
    const [first, ...others] = await releasesOf(repository, asked);
    if (!first) throw absent(`the module ${slugOf(asked)}`);
    return json(shownModule([first, ...others]));
  }
  if (asked.kind === 'release') {
    const release = (await releasesOf(repository, asked)).find(({ version }) => version === asked.version);
    if (!release) throw absent(`version ${asked.version} of the module ${slugOf(asked)}`);
    return json(shownRelease(release));
  }
  const all = await named(repository, query);
  const page = <T>(items: readonly T[], show: Listed<T>['show']) => pageOf({ path, query }, { all: items, show });
  if (asked.kind === 'users') return page([...new Set(all.map(({ owner }) => owner))].sort(), shownUser);
  if (asked.kind === 'user') {
    if (!all.some(({ owner }) => owner === asked.owner)) throw absent(`a module of ${asked.owner}`);
    return json(shownUser(asked.owner));
  }
  if (asked.kind === 'modules')
    return page(modulesAmong(all, query), async ([current]) => {
      const [first, ...others] = await releasesOf(repository, current);
      return first && shownModule([first, ...others]);
    });
  return page(releasesAmong(all, query), async ({ path: archive }) => {
    const file = await repository.find(archive);
    const found = file && releaseIn(file);
    return found && shownRelease(found);
  });
}

/** The releases of a module, the newest first. */
async function releasesOf(repository: LocalRepository, module: ModuleName): Promise<Release[]> {
  const files = await repository.list(`${FILES}${slugOf(module)}-`);
  return files.flatMap((file) => releaseIn(file) ?? []).sort(newestFirst);
}

/** A release by its name: of a list only those of the page are read whole, as there can be many. */
interface Named extends ModuleName {
  readonly version: string;
  readonly path: string;
  /** What a search looks for words in; empty where none is made. */
  readonly text: string;
}

/** Those that a list is about: of one module, or of one owner, or all. */
async function named(repository: LocalRepository, query: URLSearchParams): Promise<Named[]> {
  const [given, owner] = [query.get('module'), query.get('owner')?.toLowerCase()];
  const module = given === null ? undefined : readModule(given);
  if (given !== null && !module) throw new HttpError(400, `module is ${JSON.stringify(given)}; expected one like "acme-ntp"`);
  const isSearch = wordsOf(query).length > 0;
  const found: Named[] = [];
  const prefix = module ? `${FILES}${slugOf(module)}-` : FILES;
  for (let after: string | undefined = ''; after !== undefined;) {
    const files = await repository.list(prefix, BATCH, after);
    for (const release of files.flatMap((file) => releaseIn(file) ?? []))
      if (owner === undefined || release.owner === owner) {
        const { owner: by, name, version, file } = release;
        found.push({ owner: by, name, version, path: file.path, text: isSearch ? textOf(release) : '' });
      }
    after = files.at(-1)?.path;
    await breathe();
  }
  return found;
}

/** A module, by its releases, the newest first. */
type Group = [Named, ...Named[]];

function modulesAmong(releases: readonly Named[], query: URLSearchParams): Group[] {
  const words = wordsOf(query);
  return groups(releases).filter(([{ text }]) => words.every((word) => text.includes(word)));
}

function groups(releases: readonly Named[]): Group[] {
  const bySlug = new Map<string, Group>();
  for (const release of releases) {
    const slug = slugOf(release);
    const group = bySlug.get(slug);
    if (group) group.push(release);
    else bySlug.set(slug, [release]);
  }
  // Versions are compared within a module only: reading them is what takes long.
  return [...bySlug].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group.sort(newestFirst));
}

const wordsOf = (query: URLSearchParams): string[] => (query.get('query') ?? '').toLowerCase().split(/\s+/).filter(Boolean);

const textOf = (release: Release): string =>
  [slugOf(release), release.metadata['summary'], release.metadata['tags']].join(' ').toLowerCase();

function releasesAmong(releases: readonly Named[], query: URLSearchParams): Named[] {
  const version = query.get('version');
  const left = version === null ? releases : releases.filter((release) => release.version === version);
  return groups(left).flat();
}

interface Listed<T> {
  readonly all: readonly T[];
  /** Undefined of what has gone meanwhile. */
  readonly show: (item: T) => Json | undefined | Promise<Json | undefined>;
}

/** A page of a list, with the links to the others, relative to the repository as the Forge's are to it; no more than the page is shown. */
async function pageOf<T>(
  { path, query }: { readonly path: string; readonly query: URLSearchParams },
  { all, show }: Listed<T>,
): Promise<Document> {
  const limit = Math.min(MOST, wholeNumber(query, 'limit', UNSET_LIMIT) || UNSET_LIMIT);
  const offset = wholeNumber(query, 'offset', 0);
  const at = (where: number): string => {
    const other = new URLSearchParams(query);
    other.set('limit', String(limit));
    other.set('offset', String(where));
    return `/${path}?${other.toString()}`;
  };
  const excluded = new Set((query.get('exclude_fields') ?? '').split(/[\s,]+/).filter(Boolean));
  const results: Json[] = [];
  for (const item of all.slice(offset, offset + limit)) {
    const shown = await show(item);
    if (shown) results.push(Object.fromEntries(Object.entries(shown).filter(([name]) => !excluded.has(name))));
  }
  const pagination = {
    limit,
    offset,
    first: at(0),
    previous: offset > 0 ? at(Math.max(0, offset - limit)) : null,
    current: at(offset),
    next: offset + limit < all.length ? at(offset + limit) : null,
    total: all.length,
  };
  return json({ pagination, results });
}

function wholeNumber(query: URLSearchParams, name: string, unset: number): number {
  const text = query.get(name);
  if (text === null) return unset;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new HttpError(400, `${name} is not a whole number: ${JSON.stringify(text)}`);
}

/** Publishes an archive, as `pdk release` sends it (in Base64 within JSON), or as a form or a body. */
async function publish(request: RouteRequest, repository: LocalRepository): Promise<Document> {
  const blob = await received(request, repository);
  const open = () => repository.read(blob.hash);
  const { slug, version, metadata, md5 } = await readRelease({ open }).catch((cause: unknown) => {
    throw new HttpError(400, reasonOf(cause));
  });
  const path = `${FILES}${slug}-${version}.tar.gz`;
  await repository.change(async (files) => {
    if (await files.find(path))
      throw new HttpError(409, `version ${version} of the module ${slug} is published already; publish another version`);
    await files.put(path, { blob, contentType: 'application/gzip', metadata: JSON.stringify({ metadata, md5 }) });
    const description = typeof metadata['summary'] === 'string' ? metadata['summary'] : '';
    await files.noteVersion({ name: slug, version, description, tags: [], size: blob.size, path, manifestPath: path });
  });
  const file = await repository.find(path);
  const release = file && releaseIn(file);
  return json(release ? shownRelease(release) : {}, 201);
}

async function received(request: RouteRequest, repository: LocalRepository): Promise<Blob> {
  const type = request.header('content-type');
  if (/^multipart\/form-data\b/i.test(type)) {
    const { files } = await readForm(request, { fields: [], files: ['file'], store: (content) => repository.receive(content) });
    const [first] = files;
    if (!first) throw new HttpError(400, 'the form has no file; send the archive in the field "file"');
    return first.stored;
  }
  if (!/^application\/json\b/i.test(type)) return repository.receive(request.content());
  const { file } = readObject(await request.body(LARGEST), 'a release to publish');
  if (typeof file !== 'string' || !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(file))
    throw new HttpError(400, 'expected the archive in Base64 as "file"');
  return repository.receive(Readable.from([Buffer.from(file, 'base64')]));
}

async function remove({ path }: RouteRequest, repository: LocalRepository): Promise<Document> {
  const asked = readPath(path);
  if (asked.kind !== 'release') throw new HttpError(404, '404 page not found');
  const isRemoved = await repository.change(async (files) => {
    if (!(await files.remove(archivePath(asked)))) return false;
    await files.forgetVersion(slugOf(asked), asked.version);
    return true;
  });
  if (!isRemoved)
    throw new HttpError(
      404,
      `version ${asked.version} of the module ${slugOf(asked)} is not in ${JSON.stringify(repository.location.name)}`,
    );
  return { contentType: 'application/json', body: '', status: 204 };
}
