import { prerelease } from 'semver';
import { HttpError } from '../../../errors';
import { type Blob } from '../../../store/blobs';
import { type Answer, type Document, type RouteRequest } from '../../format';
import { readForm } from '../../multipart';
import { type LocalRepository } from '../../repository';
import { problem as imageProblem } from '../docker/answers';
import { fileOf, plainJson } from './chart';
import { FRONT, readImagePath, withinFront } from './image';
import { jsonAnswer, listAll, versionsOf } from './listing';
import { answerImage } from './oci';
import { type Publication, publish, removeChart } from './publish';
import { textOf, type YamlMap } from './yaml';

/** What other servers serve charts under. */
const FOLDER = 'charts/';

type Handler = (request: RouteRequest, repository: LocalRepository, parts: readonly string[]) => Promise<Answer | undefined>;

/** What ChartMuseum's API has, by method and path. */
const ROUTES: readonly (readonly [method: string, path: RegExp, handler: Handler])[] = [
  ['GET', /^api\/charts$/, showCharts],
  ['GET', /^api\/charts\/([^/]+)$/, showChart],
  ['GET', /^api\/charts\/([^/]+)\/([^/]+)$/, showVersion],
  ['GET', /^charts\/([^/]+\.tgz(?:\.prov)?)$/, showFile],
  ['POST', /^(?:api\/)?charts$/, postChart],
  ['POST', /^api\/prov$/, postProvenance],
  ['DELETE', /^api\/charts\/([^/]+)\/([^/]+)$/, deleteVersion],
];

/** Whether a request is one of ChartMuseum's API, or one by which charts are pushed and pulled as OCI artifacts. */
export function covers(method: string, path: string): boolean {
  return readImagePath(path) !== undefined || ROUTES.some(([each, pattern]) => each === method && pattern.test(path));
}

/** The file that a path is about; a list or an upload is about all of them. */
export function about(path: string): string {
  const image = readImagePath(path)?.image;
  if (image !== undefined) return image;
  const [, name, version] = /^api\/charts\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (name !== undefined && version !== undefined) return fileOf({ name, version });
  return /^(?:api\/|charts$)/.test(path) ? '' : withoutFolder(path);
}

/** The path that a chart is kept under, which other servers have in a folder. */
export function withoutFolder(path: string): string {
  return /^charts\/[^/]+\.tgz(?:\.prov)?$/.test(path) ? path.slice(FOLDER.length) : path;
}

/** Answers a request to a repository of charts. */
export async function answerRoute(request: RouteRequest, repository: LocalRepository): Promise<Answer | undefined> {
  const image = readImagePath(request.path);
  if (image) return answerImage(request, repository, image);
  for (const [method, pattern, handle] of ROUTES) {
    const match = method === request.method && pattern.exec(request.path);
    if (match) return handle(request, repository, match.slice(1));
  }
  return undefined;
}

/** An error as `helm cm-push` shows it, or as `helm push` and `helm pull` show one of an OCI registry. */
export function problem(error: HttpError, path: string): Document {
  return path.startsWith(FRONT) ? imageProblem(error, withinFront(path)) : jsonAnswer({ error: error.message });
}

async function showCharts({ query }: RouteRequest, repository: LocalRepository): Promise<Document> {
  const offset = wholeNumber(query, 'offset', 0);
  const limit = wholeNumber(query, 'limit', 1);
  const all = await listAll(repository);
  if (offset === undefined && limit === undefined) return all;
  const charts = Object.entries(JSON.parse(String(all.body)) as object);
  const from = offset ?? 0;
  return jsonAnswer(Object.fromEntries(charts.slice(from, limit === undefined ? undefined : from + limit)));
}

async function showChart(_request: RouteRequest, repository: LocalRepository, [name = '']: readonly string[]): Promise<Document> {
  const versions = await versionsOf(repository, name);
  if (versions.length === 0) throw new HttpError(404, `chart not found: ${name}`);
  return jsonAnswer(versions.map(plainJson));
}

async function showVersion(_request: RouteRequest, repository: LocalRepository, parts: readonly string[]): Promise<Document> {
  const [name = '', version = ''] = parts;
  const versions = await versionsOf(repository, name);
  const found = version === 'latest' ? latest(versions) : versions.find((each) => textOf(each.get('version')) === version);
  if (!found) throw new HttpError(404, `chart not found: ${name} ${version}`);
  return jsonAnswer(plainJson(found));
}

/** The newest version that is no preview, if there is one. */
function latest(versions: readonly YamlMap[]): YamlMap | undefined {
  return versions.find((each) => prerelease(textOf(each.get('version'))) === null) ?? versions[0];
}

/** A file that is kept at the top, as other servers' addresses have it. */
async function showFile({ path }: RouteRequest, repository: LocalRepository): Promise<Answer | undefined> {
  const file = (await repository.find(path)) ?? (await repository.find(withoutFolder(path)));
  return file && { file };
}

async function postChart(request: RouteRequest, repository: LocalRepository): Promise<Document> {
  if (!isForm(request)) return published(request, repository, { chart: await repository.receive(request.content()) });
  const { chart, prov: provenance } = await filesOf(request, repository, ['chart', 'prov']);
  if (!chart && !provenance)
    throw new HttpError(400, 'no package or provenance file found in form fields chart and prov; send one of them as a file');
  return published(request, repository, { chart, provenance });
}

async function postProvenance(request: RouteRequest, repository: LocalRepository): Promise<Document> {
  const provenance = isForm(request) ? (await filesOf(request, repository, ['prov']))['prov'] : await repository.receive(request.content());
  if (!provenance) throw new HttpError(400, 'no provenance file found in form field prov; send it as a file');
  return published(request, repository, { provenance });
}

async function published({ query }: RouteRequest, repository: LocalRepository, publication: Publication): Promise<Document> {
  await publish(repository, publication, query.has('force'));
  return jsonAnswer({ saved: true }, 201);
}

async function deleteVersion(_request: RouteRequest, repository: LocalRepository, [name = '', version = '']: readonly string[]) {
  const isRemoved = await repository.change((files) => removeChart(files, { name, version }));
  if (!isRemoved) throw new HttpError(404, `chart not found: ${name} ${version}`);
  return jsonAnswer({ deleted: true });
}

function isForm(request: RouteRequest): boolean {
  return /^multipart\/form-data\b/i.test(request.header('content-type'));
}

/** The files of a form by the names of their fields. */
async function filesOf(request: RouteRequest, repository: LocalRepository, wanted: readonly string[]): Promise<Record<string, Blob>> {
  const { files } = await readForm(request, { fields: [], files: wanted, store: (content) => repository.receive(content) });
  return Object.fromEntries(files.map(({ field, stored }) => [field, stored]));
}

function wholeNumber(query: URLSearchParams, name: string, least: number): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new HttpError(400, `${name} is not a valid ${least > 0 ? 'positive' : 'non-negative'} integer: ${JSON.stringify(text)}`);
}
