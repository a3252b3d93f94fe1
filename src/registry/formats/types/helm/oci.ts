import { Readable } from 'node:stream';
import { HttpError } from '../../../errors';
import { type Answer, type Document, type RouteRequest } from '../../format';
import { type FileChanges, type LocalRepository, type RepositoryFile } from '../../repository';
import { DockerError, done } from '../docker/answers';
import { showTags } from '../docker/lists';
import { type Descriptor, LIMIT, type Manifest, readManifest } from '../docker/manifest';
import { type Asked, paths, placeOf } from '../docker/names';
import { answerRoute } from '../docker/routes';
import { fileOf } from './chart';
import { IMAGES, imageOf, MEDIA, pushed, tagOf, versionOfTag, withinFront } from './image';
import { type ListedChart, chartsNamed } from './listing';
import { putChart, putProvenance, receiveChart, receiveProvenance, removeChart } from './publish';

type Handler = (request: RouteRequest, repository: LocalRepository, asked: Asked) => Promise<Answer | undefined>;

/** What differs for charts from other artifacts: they are files with versions, however they were published. */
const OWN: Readonly<Record<string, Handler>> = {
  'GET manifest': showManifest,
  'PUT manifest': putManifest,
  'DELETE manifest': deleteManifest,
  'GET blob': showBlob,
  'GET tags': showVersions,
};

/** Answers a request by which charts are pushed and pulled as OCI artifacts; what goes with them, such as signatures, is kept as it is. */
export async function answerImage(request: RouteRequest, repository: LocalRepository, asked: Asked): Promise<Answer | undefined> {
  if (request.method !== 'GET' && asked.image.includes('/')) {
    const parent = asked.image.slice(0, asked.image.lastIndexOf('/'));
    throw new DockerError(
      [400, 'NAME_INVALID'],
      `charts are pushed to oci://HOST/REPOSITORY itself; leave out ${JSON.stringify(`/${parent}`)}`,
    );
  }
  let read: Promise<Buffer> | undefined;
  const within = { ...request, path: withinFront(request.path), body: (limit: number) => (read ??= request.body(limit)) };
  const own = await OWN[`${request.method} ${asked.kind}`]?.(within, repository, asked);
  return own ?? answerRoute(within, beneath(repository));
}

async function showManifest(_request: RouteRequest, repository: LocalRepository, { image, reference }: Asked): Promise<Answer | undefined> {
  for (const listed of await listedAt(repository, { image, reference })) {
    const kept = await repository.find(pushed.manifest(listed.chart));
    const made = kept ? undefined : imageOf(listed.chart, listed.file, listed.provenance).manifest;
    const digest = made?.digest ?? `sha256:${kept?.hash}`;
    if (reference.includes(':') && digest !== reference) continue;
    const facts = { contentType: MEDIA.manifest, headers: { 'docker-content-digest': digest } };
    return made ? { ...facts, body: made.body } : kept && { ...facts, file: kept };
  }
  return undefined;
}

/** Publishes the chart that a manifest brings; other artifacts are left to the protocol in general. */
async function putManifest(request: RouteRequest, repository: LocalRepository, asked: Asked): Promise<Document | undefined> {
  const { image, reference } = asked;
  const body = await request.body(LIMIT);
  const manifest = readManifest(body, request.header('content-type'));
  if (!layerOf(manifest, MEDIA.config)) return undefined;
  const brought = await received(repository, image, manifest).catch(asInvalid);
  const { chart } = brought.archive;
  if (chart.name !== image || (!reference.includes(':') && tagOf(chart.version) !== reference))
    throw invalid(`it brings version ${chart.version} of the chart ${chart.name}; push that as ${chart.name}:${tagOf(chart.version)}`);
  const blob = await repository.receive(Readable.from([body]));
  const digest = `sha256:${blob.hash}`;
  if (reference.includes(':') && reference !== digest)
    throw new DockerError([400, 'DIGEST_INVALID'], `the manifest has the digest ${digest}`);
  const parts = manifest.blobs.map(({ digest: each }) => IMAGES + paths.blob(image, each));
  await repository
    .change(async (files) => {
      // A push that is repeated, as after a lost answer, changes nothing.
      if ((await files.find(fileOf(chart)))?.hash !== brought.archive.blob.hash) await putChart(files, brought.archive, false);
      if (brought.provenance) await putProvenance(files, brought.provenance, true);
      await files.put(pushed.manifest(chart), { blob, contentType: MEDIA.manifest });
      await files.put(pushed.config(chart), { blob: brought.config, contentType: MEDIA.config });
      for (const part of parts) await files.remove(part);
    })
    .catch(asDenied);
  return done(201, { location: `${placeOf(request.address)}manifests/${reference}`, 'docker-content-digest': digest });
}

/** Reads what a manifest brings; throws with what is missing or wrong. */
async function received(repository: LocalRepository, image: string, manifest: Manifest) {
  const part = async (mediaType: string) => {
    const layer = layerOf(manifest, mediaType);
    return layer && (await repository.receive(await streamOf(repository, image, layer)));
  };
  const [config, archive, vouching] = [await part(MEDIA.config), await part(MEDIA.chart), await part(MEDIA.provenance)];
  if (!config || !archive || manifest.mediaType !== MEDIA.manifest)
    throw invalid(`a chart is an image manifest with a layer of the type ${MEDIA.chart}`);
  return {
    config,
    archive: await receiveChart(repository, archive),
    provenance: vouching && (await receiveProvenance(repository, vouching)),
  };
}

async function streamOf(repository: LocalRepository, image: string, { digest, size }: Descriptor): Promise<Readable> {
  const found = await findBlob(repository, image, digest);
  if (!found)
    throw new DockerError([404, 'MANIFEST_BLOB_UNKNOWN'], `the manifest needs the blob ${digest}, which is not there: push it first`);
  const actual = 'file' in found ? found.file.size : found.body.length;
  if (actual !== size) throw invalid(`it says that the blob ${digest} has ${size} bytes, but it has ${actual}`);
  return 'file' in found ? repository.read(found.file.hash) : Readable.from([Buffer.from(found.body)]);
}

async function showBlob(_request: RouteRequest, repository: LocalRepository, { image, reference }: Asked): Promise<Answer | undefined> {
  return findBlob(repository, image, reference);
}

/** A part of a chart, or of one that is being pushed. */
async function findBlob(repository: LocalRepository, image: string, digest: string): Promise<Answer | undefined> {
  const facts = { contentType: 'application/octet-stream', headers: { 'docker-content-digest': digest } };
  const charts = await chartsNamed(repository, image);
  const kept = [...charts.flatMap(({ file, provenance }) => [file, provenance]), ...(await repository.list(`${IMAGES}${image}/`))];
  const file = kept.find((each) => each && `sha256:${each.hash}` === digest);
  if (file) return { ...facts, file };
  const made = charts
    .map(({ chart, file: archive }) => imageOf(chart, archive, undefined).config)
    .find((config) => config.digest === digest);
  return made && { ...facts, body: made.body };
}

async function deleteManifest(request: RouteRequest, repository: LocalRepository, asked: Asked): Promise<Document | undefined> {
  for (const { chart } of await listedAt(repository, asked)) {
    if (
      asked.reference.includes(':') &&
      (await digestOf(request, repository, { ...asked, reference: tagOf(chart.version) })) !== asked.reference
    )
      continue;
    if (await repository.change((files) => removeChart(files, chart))) return done(202);
  }
  return undefined;
}

async function digestOf(request: RouteRequest, repository: LocalRepository, asked: Asked): Promise<string | undefined> {
  return (await showManifest(request, repository, asked))?.headers?.['docker-content-digest'];
}

/** The versions of a chart as tags, beside those of what goes with it. */
async function showVersions(request: RouteRequest, repository: LocalRepository, asked: Asked): Promise<Document> {
  const others = beneath(repository);
  const charts = await chartsNamed(repository, asked.image);
  const versions = charts.map(({ chart, file }) => ({ ...file, path: paths.tag(asked.image, tagOf(chart.version)) }));
  const list: LocalRepository['list'] = async (prefix, limit, after = '') => {
    const all = [...versions.filter(({ path }) => path > after), ...(await others.list(prefix, limit, after))];
    return all.sort((a, b) => (a.path < b.path ? -1 : 1)).slice(0, limit);
  };
  return showTags(request, { ...others, list }, asked);
}

/** The versions of a chart that a tag or a digest can be of. */
async function listedAt(
  repository: LocalRepository,
  { image, reference }: Pick<Asked, 'image' | 'reference'>,
): Promise<readonly ListedChart[]> {
  const charts = await chartsNamed(repository, image);
  return reference.includes(':') ? charts : charts.filter(({ chart }) => chart.version === versionOfTag(reference));
}

function layerOf({ blobs }: Manifest, mediaType: string): Descriptor | undefined {
  return blobs.find((part) => part.mediaType === mediaType);
}

/** The folder of a repository that has what is pushed into it, as a repository by itself. */
function beneath(repository: LocalRepository): LocalRepository {
  const bare = (files: readonly RepositoryFile[]) => files.map((file) => ({ ...file, path: file.path.slice(IMAGES.length) }));
  const changesIn = (files: FileChanges): FileChanges => ({
    find: (path) => files.find(IMAGES + path),
    list: async (prefix) => bare(await files.list(IMAGES + prefix)),
    put: (path, file) => files.put(IMAGES + path, file),
    remove: (path) => files.remove(IMAGES + path),
    // A signature of a chart is no package.
    noteVersion: () => Promise.resolve(),
    forgetVersion: () => Promise.resolve(),
  });
  return {
    ...repository,
    find: (path) => repository.find(IMAGES + path),
    list: async (prefix, limit, after) => bare(await repository.list(IMAGES + prefix, limit, after && IMAGES + after)),
    findElsewhere: () => Promise.resolve(undefined),
    change: (steps) => repository.change((files) => steps(changesIn(files))),
  };
}

function invalid(reason: string): DockerError {
  return new DockerError([400, 'MANIFEST_INVALID'], `invalid manifest: ${reason}`);
}

/** What is there already is not replaced by a push. */
function asDenied(cause: unknown): never {
  throw cause instanceof HttpError && cause.status === 409 ? new DockerError([409, 'DENIED'], cause.message) : cause;
}

function asInvalid(cause: unknown): never {
  throw cause instanceof HttpError && !(cause instanceof DockerError) ? invalid(cause.message) : cause;
}
