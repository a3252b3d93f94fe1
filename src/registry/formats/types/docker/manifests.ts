import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { HttpError } from '../../../errors';
import { type Answer, type Document, type RouteRequest } from '../../format';
import { type FileChanges, type LocalRepository, type RepositoryFile } from '../../repository';
import { DockerError, done } from './answers';
import { type Descriptor, LIMIT, type Manifest, readManifest } from './manifest';
import { type Asked, checkedDigest, checkTag, paths, placeOf, readDigest } from './names';

/** What is noted with the file of a manifest or a tag. */
interface Notes {
  readonly mediaType: string;
  readonly digest: string;
  readonly subject?: string;
}

/** The manifest that a tag or a digest names. */
export async function showManifest(_request: RouteRequest, repository: LocalRepository, asked: Asked): Promise<Answer> {
  const { image, reference } = asked;
  const digest = isDigest(reference) ? checkedDigest(reference).text : await digestOf(repository, image, reference);
  const file = digest === undefined ? undefined : await repository.find(paths.manifest(image, digest));
  if (digest === undefined || !file) throw unknownManifest(asked);
  return { file, contentType: notesOf(file).mediaType, headers: { 'docker-content-digest': digest } };
}

/** Stores a manifest under its digest and its tags, once all that it needs is there. */
export async function putManifest(request: RouteRequest, repository: LocalRepository, { image, reference }: Asked): Promise<Document> {
  const body = await bodyOf(request);
  const digest = checkedContent(body, isDigest(reference) ? reference : undefined);
  const tags = isDigest(reference) ? request.query.getAll('tag') : [reference];
  tags.forEach(checkTag);
  const manifest = readManifest(body, request.header('content-type'));
  const { mediaType, subject, described } = manifest;
  const blob = await repository.receive(Readable.from([body]));
  const notes = { mediaType, digest, ...(subject !== undefined && { subject }) } satisfies Notes;
  await repository.change(async (files) => {
    await checkParts(files, image, manifest);
    const put = (path: string, noted: object) => files.put(path, { blob, contentType: mediaType, metadata: JSON.stringify(noted) });
    await put(paths.manifest(image, digest), notes);
    if (subject !== undefined) await put(paths.referrer(image, subject, digest), { mediaType, digest, size: body.length, ...described });
    for (const tag of tags) {
      await put(paths.tag(image, tag), { mediaType, digest } satisfies Notes);
      const path = paths.tag(image, tag);
      const size = body.length + manifest.blobs.reduce((sum, part) => sum + part.size, 0);
      await files.noteVersion({ name: image, version: tag, description: '', tags: [], size, path, manifestPath: path });
    }
  });
  return done(201, {
    location: `${placeOf(request.address)}manifests/${reference}`,
    'docker-content-digest': digest,
    ...(subject !== undefined && !request.strict && { 'oci-subject': subject }),
    ...(isDigest(reference) && tags.length > 0 && { 'oci-tag': tags.join(', ') }),
  });
}

/** Removes a tag, or a manifest with all its tags. */
export async function deleteManifest(_request: RouteRequest, repository: LocalRepository, asked: Asked): Promise<Document> {
  const { image, reference } = asked;
  const digest = isDigest(reference) ? checkedDigest(reference).text : undefined;
  const isRemoved = await repository.change(async (files) => {
    if (digest === undefined) return removeTag(files, image, reference);
    const path = paths.manifest(image, digest);
    const file = await files.find(path);
    if (!file) return false;
    const { subject } = notesOf(file);
    if (subject !== undefined) await files.remove(paths.referrer(image, subject, digest));
    for (const tag of await tagsOf(files, image, digest)) await removeTag(files, image, tag);
    return files.remove(path);
  });
  if (!isRemoved) throw unknownManifest(asked);
  return done(202);
}

/** Removes a tag; returns whether it was there. */
async function removeTag(files: FileChanges, image: string, tag: string): Promise<boolean> {
  if (!(await files.remove(paths.tag(image, tag)))) return false;
  await files.forgetVersion(image, tag);
  return true;
}

async function bodyOf(request: RouteRequest): Promise<Buffer> {
  try {
    return await request.body(LIMIT);
  } catch (cause) {
    if (!(cause instanceof HttpError) || cause.status !== 413) throw cause;
    throw new DockerError([413, 'MANIFEST_INVALID'], `a manifest can have ${LIMIT} bytes at most`);
  }
}

/** The digest of a manifest, which must be the one that it was sent to, if any. */
function checkedContent(body: Buffer, reference: string | undefined): string {
  const { algorithm, text } = reference === undefined ? { algorithm: 'sha256', text: undefined } : checkedDigest(reference);
  const found = `${algorithm}:${createHash(algorithm).update(body).digest('hex')}`;
  if (text !== undefined && found !== text)
    throw new DockerError([400, 'DIGEST_INVALID'], `the manifest has the digest ${found}, not ${text}`);
  return found;
}

async function checkParts(files: FileChanges, image: string, { blobs, manifests }: Manifest): Promise<void> {
  for (const [kind, parts] of Object.entries({ blob: blobs, manifest: manifests })) {
    for (const part of parts) checkPart(part, kind, await files.find(paths[kind as 'blob' | 'manifest'](image, part.digest)));
  }
}

function checkPart({ digest, size }: Descriptor, kind: string, file: RepositoryFile | undefined): void {
  if (!file)
    throw new DockerError([404, 'MANIFEST_BLOB_UNKNOWN'], `the manifest needs the ${kind} ${digest}, which is not there: push it first`);
  if (file.size !== size)
    throw new DockerError(
      [400, 'MANIFEST_INVALID'],
      `the manifest says that the ${kind} ${digest} has ${size} bytes, but it has ${file.size}`,
    );
}

async function digestOf(repository: LocalRepository, image: string, tag: string): Promise<string | undefined> {
  const file = await repository.find(paths.tag(image, tag));
  return file && notesOf(file).digest;
}

async function tagsOf(files: FileChanges, image: string, digest: string): Promise<string[]> {
  const prefix = paths.tag(image, '');
  const all = await files.list(prefix);
  return all.filter((file) => notesOf(file).digest === digest).map(({ path }) => path.slice(prefix.length));
}

function notesOf({ metadata }: RepositoryFile): Notes {
  return JSON.parse(metadata) as Notes;
}

/** No tag has a colon. */
function isDigest(reference: string): boolean {
  return readDigest(reference) !== undefined || reference.includes(':');
}

function unknownManifest({ image, reference }: Asked): DockerError {
  return new DockerError([404, 'MANIFEST_UNKNOWN'], `${JSON.stringify(image)} has no manifest ${JSON.stringify(reference)}`);
}
