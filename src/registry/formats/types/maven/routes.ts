import { HttpError } from '../../../errors';
import { hashOf } from '../../../store/blobs';
import { type Answer, type Document, type RouteRequest } from '../../format';
import { type LocalRepository, type RepositoryFile } from '../../repository';
import { deployArtifact, deployMetadata, deployOther, notesOf, removeFiles } from './deploy';
import { artifactsAmong, newestBuild } from './metadata';
import { type Algorithm, isSnapshot, METADATA, readPath } from './paths';

/** A checksum as text, perhaps with a file name after it. */
const CHECKSUM_LIMIT = 4096;

/** Answers a request of a Maven client, or one that removes something. */
export async function answerRoute(request: RouteRequest, repository: LocalRepository): Promise<Answer | undefined> {
  if (request.method === 'PUT') return deploy(request, repository);
  if (request.method === 'DELETE') return remove(request.path, repository);
  const read = readPath(request.path);
  if (read.kind === 'checksum') return checksum(request.path, read, repository);
  const file = await fileAt(request.path, repository);
  return file && { file };
}

/** Whether a repository has the artifact that a path belongs to. */
export async function hasArtifact(path: string, repository: LocalRepository): Promise<boolean> {
  const read = readPath(path);
  if (read.kind === 'checksum') return hasArtifact(read.of, repository);
  if (read.kind === 'file') return (await artifactsIn(read.folder, repository)).length > 0;
  // The document of a snapshot is in the folder of the artifact's version.
  if (read.kind === 'metadata') return (await artifactsIn(read.folder.replace(/[^/]+-SNAPSHOT\/$/, ''), repository)).length > 0;
  // A signature, or a checksum that clients have no use for; else whatever is in the folder of an artifact.
  const [, signed] = /^(.*[^/]+)\.[^./]+$/.exec(path) ?? [];
  if (signed !== undefined && readPath(signed).kind !== 'other') return hasArtifact(signed, repository);
  const folders = path.split('/').map((_segment, index, all) => `${all.slice(0, index).join('/')}/`);
  const documents = await Promise.all(folders.map((folder) => repository.find(folder + METADATA)));
  return documents.some((document) => document && notesOf(document).sent !== undefined);
}

/** An error as BK-Repo's Maven service words it. Maven shows its users the reason phrase only. */
export function problem({ status, message }: HttpError): Document {
  return { contentType: 'application/json', body: JSON.stringify({ status: String(status), error: message }), reason: message };
}

async function deploy(request: RouteRequest, repository: LocalRepository): Promise<Document> {
  const read = readPath(request.path);
  if (read.kind === 'checksum') await compare(request, repository, read);
  else if (read.kind === 'file') await deployArtifact(request, repository, read);
  else if (read.kind === 'metadata') await deployMetadata(request, repository, read.folder);
  else await deployOther(request, repository);
  return { status: 201, contentType: 'text/plain', body: '' };
}

/** Checks what a client says of a file that it has sent before; the checksums that are served are those of what is stored. */
async function compare(
  request: RouteRequest,
  repository: LocalRepository,
  { of, algorithm }: { of: string; algorithm: Algorithm },
): Promise<void> {
  const [said = ''] = (await request.body(CHECKSUM_LIMIT)).toString('utf8').trim().toLowerCase().split(/\s+/);
  const file = await repository.find(of);
  if (!file) throw new HttpError(404, `${of} not found; upload the file before its checksum`);
  const notes = notesOf(file);
  const actual = notes.sent?.[algorithm] ?? (await sumOf(file, algorithm, repository));
  if (said !== actual)
    throw new HttpError(409, `checksum conflict: ${algorithm} of ${of} is ${actual}, but the client sent ${said.slice(0, 128)}`);
}

async function checksum(path: string, { of, algorithm }: { of: string; algorithm: Algorithm }, repository: LocalRepository) {
  const own = await repository.find(path);
  if (own) return { file: own };
  const file = await fileAt(of, repository);
  return file && { contentType: 'text/plain', body: await sumOf(file, algorithm, repository) };
}

/** A file; for a snapshot without the time of a build, that of its newest build. */
async function fileAt(path: string, repository: LocalRepository): Promise<RepositoryFile | undefined> {
  const file = await repository.find(path);
  const read = readPath(path);
  if (file || read.kind !== 'file' || !isSnapshot(read.build)) return file;
  const builds = artifactsAmong(await repository.list(read.versionFolder)).filter(({ build }) => !isSnapshot(build));
  const newest = newestBuild(builds, read);
  return newest && repository.find(newest.path);
}

async function sumOf(file: RepositoryFile, algorithm: Algorithm, repository: LocalRepository): Promise<string> {
  if (algorithm === 'sha256') return file.hash;
  return notesOf(file)[algorithm] ?? hashOf(repository, file.hash, algorithm);
}

/** Removes a file, a version or an artifact. */
async function remove(path: string, repository: LocalRepository): Promise<Document> {
  const file = await repository.find(path);
  const below = file ? [file] : await repository.list(`${path.replace(/\/*$/, '')}/`);
  if (below.length === 0) throw new HttpError(404, `${path} not found`);
  const [folder, ...others] = new Set(artifactsAmong(below).map((each) => each.folder));
  const isWithin = folder !== undefined && others.length === 0 && below.every((each) => each.path.startsWith(folder));
  if (!file && !isWithin) throw new HttpError(400, `${path} is not the folder of an artifact or of one of its versions`);
  const paths = below.map((each) => each.path);
  if (isWithin) await removeFiles(repository, folder, paths);
  else await repository.change((files) => files.remove(path));
  return { contentType: 'text/plain', body: '' };
}

async function artifactsIn(folder: string, repository: LocalRepository) {
  return artifactsAmong(await repository.list(folder)).filter((file) => file.folder === folder || file.versionFolder === folder);
}
