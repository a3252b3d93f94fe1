import { HttpError } from '../../../errors';
import { type Document, type RouteRequest } from '../../format';
import { type LocalRepository } from '../../repository';
import { isObject, type Json, objectOf } from '../../json';
import { readBody } from './body';
import { deprecate, keepVersions, removePackage, removeTag, removeTarball, setTag } from './edit';
import { checkedName } from './names';
import { readPackage, readRevision, revisionOf } from './package-file';
import { isAbbreviatedWanted } from './packument';
import { publish } from './publish';
import { search } from './search';
import { answer, packageDocument, versionDocument } from './shown';

/** The largest publication: a tarball of 150 MB, in Base64. */
const LIMIT = 200 << 20;
const NAME = '((?:@[^/]+/)?[^/@-][^/]*)';

type Answer = (request: RouteRequest, repository: LocalRepository, parts: readonly string[]) => Promise<Document | undefined>;

/** What the npm protocol has, by method and path. */
const ROUTES: readonly (readonly [method: string, path: RegExp, answer: Answer])[] = [
  ['GET', /^-\/ping$/, () => Promise.resolve(answer({}))],
  ['GET', /^-\/whoami$/, ({ user }) => Promise.resolve(answer({ username: user }))],
  ['GET', /^-\/v1\/search$/, ({ query }, repository) => search(repository, query)],
  // Nothing is known of what is published here.
  ['POST', /^-\/npm\/v1\/security\/advisories\/bulk$/, () => Promise.resolve(answer({}))],
  ['GET', new RegExp(`^-/package/${NAME}/dist-tags$`), showTags],
  ['PUT', new RegExp(`^-/package/${NAME}/dist-tags/([^/]+)$`), putTag],
  ['DELETE', new RegExp(`^-/package/${NAME}/dist-tags/([^/]+)$`), deleteTag],
  ['GET', new RegExp(`^${NAME}$`), showPackage],
  ['GET', new RegExp(`^${NAME}/([^/-][^/]*)$`), showVersion],
  ['PUT', new RegExp(`^${NAME}$`), putPackage],
  ['PUT', new RegExp(`^${NAME}/-rev/([^/]+)$`), putVersions],
  ['DELETE', new RegExp(`^${NAME}/-rev/([^/]+)$`), deletePackage],
  ['DELETE', new RegExp(`^${NAME}/-/((?:@[^/]+/)?[^/]+)/-rev/[^/]+$`), deleteTarball],
];

/** Whether the npm protocol has a request. */
export function covers(method: string, path: string): boolean {
  return ROUTES.some(([each, pattern]) => each === method && pattern.test(path));
}

/** What a request does that its method does not tell: leaving versions out of a document deletes them, moving a tag away does not. */
export function does(method: string, path: string): 'write' | 'delete' | undefined {
  if (method === 'PUT' && /\/-rev\/[^/]+$/.test(path)) return 'delete';
  return method === 'DELETE' && path.startsWith('-/package/') ? 'write' : undefined;
}

/** The package or file that a path is about; searches and the like are about all of them. */
export function about(path: string): string {
  const [, tagged] = new RegExp(`^-/package/${NAME}/dist-tags(?:/|$)`).exec(path) ?? [];
  return tagged ?? (path.startsWith('-/') ? '' : path.replace(/\/-rev\/[^/]+$/, ''));
}

/** Whether the package of a path was published into a repository. Capitals, which no name has there, make it no other package. */
export async function hasPackage(path: string, repository: LocalRepository): Promise<boolean> {
  const [, name] = new RegExp(`^${NAME}(?:/|$)`).exec(about(path)) ?? [];
  return name !== undefined && (await revisionOf(repository, name.toLowerCase())) !== undefined;
}

/** Answers a request of the npm protocol. */
export async function answerRoute(request: RouteRequest, repository: LocalRepository): Promise<Document | undefined> {
  for (const [method, pattern, handle] of ROUTES) {
    const match = method === request.method && pattern.exec(request.path);
    if (match) return handle(request, repository, match.slice(1));
  }
  return undefined;
}

/** An error as npm shows it to its user; what it quotes can be as long as a document. */
export function problem({ message }: HttpError): Document {
  return answer({ error: message.length > 1000 ? `${message.slice(0, 1000)}…` : message });
}

async function showPackage({ self, accept, path }: RouteRequest, repository: LocalRepository, [name = '']: readonly string[]) {
  const revision = await revisionOf(repository, name);
  if (revision === undefined) return undefined;
  const shape = { url: self.url, isAbbreviated: isAbbreviatedWanted(accept) };
  return repository.kept([path, shape, revision], async () => packageDocument(await readRevision(repository, name, revision), shape));
}

async function showVersion({ self }: RouteRequest, repository: LocalRepository, [name = '', wanted = '']: readonly string[]) {
  const stored = await readPackage(repository, name);
  return stored && versionDocument(stored, wanted, self.url);
}

async function showTags(_request: RouteRequest, repository: LocalRepository, [name = '']: readonly string[]) {
  const stored = await readPackage(repository, name);
  if (!stored) throw new HttpError(404, `package ${JSON.stringify(name)} not found`);
  return answer(stored.known.tags);
}

async function putTag(request: RouteRequest, repository: LocalRepository, [name = '', tag = '']: readonly string[]) {
  return done(await setTag(repository, name, { tag, version: await bodyOf(request) }));
}

async function deleteTag(_request: RouteRequest, repository: LocalRepository, [name = '', tag = '']: readonly string[]) {
  return done(await removeTag(repository, name, tag));
}

async function putPackage(request: RouteRequest, repository: LocalRepository, [path = '']: readonly string[]) {
  const name = checkedName(path);
  const document = await documentOf(request, name);
  const isPublication = Object.keys(objectOf(document['_attachments'])).length > 0;
  return done(await (isPublication ? publish : deprecate)(repository, name, document), 201);
}

async function putVersions(request: RouteRequest, repository: LocalRepository, [name = '', revision = '']: readonly string[]) {
  return done(await keepVersions(repository, name, { document: await documentOf(request, name), revision }), 201);
}

async function deletePackage(_request: RouteRequest, repository: LocalRepository, [name = '', revision = '']: readonly string[]) {
  await removePackage(repository, name, revision);
  return done('');
}

async function deleteTarball(_request: RouteRequest, repository: LocalRepository, [name = '', file = '']: readonly string[]) {
  await removeTarball(repository, name, file);
  return done('');
}

function done(rev: string, status = 200): Document {
  return answer({ ok: true, ...(rev && { rev }) }, undefined, status);
}

async function documentOf(request: RouteRequest, name: string): Promise<Json> {
  const document = await bodyOf(request);
  if (!isObject(document)) throw new HttpError(400, 'invalid body: expected the document of a package');
  if (document['name'] !== name)
    throw new HttpError(400, `the document is of ${JSON.stringify(document['name'])}, but its URL is that of ${JSON.stringify(name)}`);
  return document;
}

async function bodyOf(request: RouteRequest): Promise<unknown> {
  return readBody(await request.body(LIMIT));
}
