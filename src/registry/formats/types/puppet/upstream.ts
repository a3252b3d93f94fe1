import { HttpError } from '../../../errors';
import { type Document, type IndexRequest, type MemberDocument, type Told, type UpstreamDocument } from '../../format';
import { bestOf } from '../../digests';
import { type Json, listOf, objectOf, readObject } from '../../json';
import { archivePath, readPath } from './paths';
import { json, MOST, newestFirst } from './shown';

const FORGE = 'an answer of a Puppet Forge';

/** Whether a path is a document of the Forge API. */
export const isDocument = (path: string): boolean => !['file', 'other'].includes(readPath(path).kind);

/** Throws for what is no answer of the API. */
export const checkDocument = ({ body }: UpstreamDocument): void => void readObject(body, FORGE);

/** What the description of a release says of its archive. */
export function toldOf(path: string, document: MemberDocument): Told | undefined {
  const asked = readPath(path);
  const { file_uri: uri, file_sha256: sha256, file_md5: md5 } = readObject(document.body, FORGE);
  if (asked.kind !== 'file') return undefined;
  const digest = bestOf({ sha256, md5 });
  const url = typeof uri === 'string' && uri !== `/${archivePath(asked)}` ? addressOf(uri, document.location.upstream) : undefined;
  return { ...(url !== undefined && { url }), ...(digest && { digest }) };
}

/** Clients take a path for one below the address of the Forge. */
function addressOf(uri: string, upstream: string): string {
  return new URL(/^https?:\/\//i.test(uri) ? uri : uri.replace(/^\/+/, ''), upstream).href;
}

/** An answer whose archives are in this repository. */
export function rewriteDocument(request: IndexRequest, { body }: MemberDocument): Document {
  return json(within(readObject(body, FORGE)));
}

/** One answer out of several. Members that have a module of their own are the only ones asked about it. */
export function merge({ path }: IndexRequest, members: readonly MemberDocument[]): Document {
  const read = members.map((member) => ({ isInternal: member.isInternal === true, answer: within(readObject(member.body, FORGE)) }));
  const answers = read.map(({ answer }) => answer);
  const [first] = answers;
  if (!first) throw new HttpError(404, `${path} is in none of the members`);
  const { kind } = readPath(path);
  if (kind === 'module') return json(mergeModules(answers));
  if (kind === 'modules' || kind === 'releases' || kind === 'users') return json(mergeLists(read));
  return json(first);
}

function mergeModules(answers: readonly Json[]): Json {
  const releases = unique(
    answers.flatMap(({ releases: own }) => listOf(own).map(objectOf)),
    ({ version }) => String(version),
  );
  const current = answers.map((answer) => objectOf(answer['current_release'])).filter(({ version }) => typeof version === 'string');
  const [newest] = sorted(current);
  return { ...answers[0], ...(newest && { current_release: newest }), releases: sorted(releases) };
}

/** What is no version comes last. */
function sorted(releases: readonly Json[]): Json[] {
  const versionOf = ({ version }: Json): { readonly version: string } => ({ version: String(version) });
  try {
    return [...releases].sort((a, b) => newestFirst(versionOf(a), versionOf(b)));
  } catch {
    return [...releases];
  }
}

interface ReadList {
  readonly isInternal: boolean;
  readonly answer: Json;
}

function mergeLists(lists: readonly ReadList[]): Json {
  // Each by itself: the next page goes on at the same place in all of them.
  const resultsOf = ({ answer }: ReadList): Json[] => listOf(answer['results']).slice(0, limitOf(answer)).map(objectOf);
  const internal = lists.filter(({ isInternal }) => isInternal).flatMap(resultsOf);
  const own = new Set(internal.map(moduleOf));
  const others = lists.filter(({ isInternal }) => !isInternal).flatMap(resultsOf);
  const results = unique([...internal, ...others.filter((one) => !own.has(moduleOf(one)))], ({ slug, uri }) => String(slug ?? uri));
  const pages = lists.map(({ answer }) => objectOf(answer['pagination']));
  const linkTo = (name: string): unknown => pages.map((page) => page[name]).find((link) => typeof link === 'string') ?? null;
  const total = pages.reduce((sum, page) => sum + (Number(page['total']) || 0), 0);
  return { pagination: { ...pages[0], previous: linkTo('previous'), next: linkTo('next'), total }, results };
}

/** How many results a page has at most: what it says itself, within what a Forge allows. */
function limitOf({ pagination }: Json): number {
  const { limit } = objectOf(pagination);
  return typeof limit === 'number' && limit >= 1 ? Math.min(MOST, Math.floor(limit)) : MOST;
}

/** The module that an entry of a list is, or is a release of; of an author none. */
function moduleOf(entry: Json): string {
  const { slug } = objectOf(entry['module']);
  return String(slug ?? (entry['current_release'] === undefined ? '' : entry['slug'])).toLowerCase();
}

function unique(all: readonly Json[], keyOf: (one: Json) => string): Json[] {
  const byKey = new Map<string, Json>();
  for (const one of all) if (!byKey.has(keyOf(one))) byKey.set(keyOf(one), one);
  return [...byKey.values()];
}

/** Has archives fetched where their paths are canonical, so that clients stay with this registry. */
function within(value: Json): Json {
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      if (name === 'file_uri' && typeof item === 'string') return [name, ownUri(item, value)];
      if (name === 'current_release') return [name, within(objectOf(item))];
      if (name === 'releases' || name === 'results') return [name, listOf(item).map((one) => within(objectOf(one)))];
      return [name, item];
    }),
  );
}

function ownUri(uri: string, { slug }: Json): string {
  const named = typeof slug === 'string' ? readPath(`v3/releases/${slug}`) : undefined;
  return named?.kind === 'release' ? `/${archivePath(named)}` : uri;
}
