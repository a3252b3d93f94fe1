import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { announcedSha256 } from '../../announced';
import { arriving, arrivingAt } from '../../body';
import { type Context } from '../../context';
import { HttpError, reasonOf } from '../../errors';
import { formatOf } from '../../formats';
import { enabledCapability, type UploadCheck } from '../../formats/format';
import { noteRepository } from '../../operations/facts';
import { type FileChanges, type LocalRepository, type RepositoryFile } from '../../formats/repository';
import { storedPath } from '../../request-path';
import { type Blob, WrongHash } from '../../store/blobs';
import { type Remote } from '../../store/repositories';
import { localRepository } from './local-repository';
import { locationOf } from './locations';
import { existingRemote } from './remotes';
import { type ByName } from './fields';
import { OF_ONE } from './needs';

/** The number of slashes before the wildcard of `/api/v2/remotes/{name}/files/*`. */
const BEFORE_WILDCARD = 6;

/** `/api/v2/remotes/{name}/files/{path}`: uploads to local repositories, and their removal. */
export function files(app: FastifyInstance, context: Context): void {
  app.put<ByName>('/api/v2/remotes/:name/files/*', OF_ONE, async (request, reply) => {
    const repository = await existingLocal(context, request.params.name);
    noteRepository(request.raw, { packageType: repository.package_type, name: repository.name });
    const target = checkUpload(context, repository, storedPath(request, BEFORE_WILDCARD));
    const { path } = target;
    const files = localRepository(context, repository, { location: locationOf('', repository), request });
    const wanted = { repository, path, files };
    const there = await fileAlike(context, wanted);
    const announced = announcedSha256(request.headers);
    if (there) {
      const { hash: sha256, size, content_type, created_at } = await repair(context, request, { ...wanted, there, announced });
      return reply.code(201).send({ repo: repository.name, path, size, sha256, content_type, created_at });
    }
    const blob = await files.receive(arrivingAt(context.store.room, request));
    if (announced !== undefined && announced !== blob.hash) throw new HttpError(400, new WrongHash(blob.hash, announced).message);
    const metadata = await inspect(context, { repository, path, blob });
    const contentType = target.contentType ?? request.headers['content-type'] ?? 'application/octet-stream';
    const created_at = await files.change(async (inside) => {
      const other = await fileAlike(context, { repository, path, files: inside });
      if (other) throw taken(repository, other);
      await inside.put(path, { blob, contentType, metadata });
      return (await inside.find(path))?.created_at;
    });
    const { hash: sha256, size } = blob;
    return reply.code(201).send({ repo: repository.name, path, size, sha256, content_type: contentType, created_at });
  });

  app.delete<ByName>('/api/v2/remotes/:name/files/*', OF_ONE, async (request, reply) => {
    const repository = await existingLocal(context, request.params.name);
    await removeFile(context, repository.name, storedPath(request, BEFORE_WILDCARD));
    return reply.code(204).send();
  });
}

/** Removes a file of a local repository, or throws a 404. */
export async function removeFile(context: Context, name: string, path: string): Promise<void> {
  if (!(await context.store.files.remove(name, path))) {
    throw new HttpError(404, `file ${JSON.stringify(path)} not found in ${JSON.stringify(name)}`);
  }
  context.events.emit('file.deleted', { name, path });
}

async function existingLocal(context: Context, name: string): Promise<Remote> {
  const repository = await existingRemote(context, name);
  if (repository.repo_type !== 'local')
    throw new HttpError(400, `repository ${JSON.stringify(name)} is not local; files cannot be uploaded to it`);
  return repository;
}

function checkUpload(context: Context, repository: Remote, path: string): Exclude<UploadCheck, { reason: string }> {
  const checked = enabledCapability(formatOf(repository.package_type).upload, context.strict)?.check(path, context.strict) ?? { path };
  if ('reason' in checked) throw new HttpError(400, `invalid file name: ${checked.reason}`);
  return checked;
}

interface Wanted {
  readonly repository: Remote;
  readonly path: string;
  readonly files: Pick<FileChanges, 'list' | 'find'>;
}

/** The file that is the same one to clients as one at a path. */
async function fileAlike({ strict }: Context, { repository, path, files }: Wanted): Promise<RepositoryFile | undefined> {
  const alike = enabledCapability(formatOf(repository.package_type).upload, strict)?.alike;
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return alike ? (await files.list(folder)).find((file) => alike(file.path) === alike(path)) : files.find(path);
}

function taken(repository: Remote, { path }: RepositoryFile): HttpError {
  return new HttpError(409, `file ${JSON.stringify(path)} already exists in ${JSON.stringify(repository.name)}`);
}

interface Repaired extends Wanted {
  readonly files: LocalRepository;
  readonly there: RepositoryFile;
  readonly announced: string | undefined;
}

/** Takes the content of a file that lacks it; a 409 where that is another one, or the file lacks nothing. */
async function repair({ store: { blobs } }: Context, request: FastifyRequest, asked: Repaired): Promise<RepositoryFile> {
  const { repository, path, files, there, announced } = asked;
  const mayBe = there.path === path && (announced ?? there.hash) === there.hash;
  const isRestored = mayBe && !(await blobs.isIntact(there)) && (await blobs.restore(there, arriving(request)));
  if (!isRestored) throw taken(repository, there);
  await files.change(async (inside) => {
    const now = await inside.find(path);
    if (now && now.hash !== there.hash) throw taken(repository, now);
    // It was removed meanwhile.
    if (!now) await inside.put(path, { blob: there, contentType: there.content_type, metadata: there.metadata });
  });
  return there;
}

async function inspect({ store, strict }: Context, file: { repository: Remote; path: string; blob: Blob }): Promise<string> {
  const inspector = enabledCapability(formatOf(file.repository.package_type).inspect, strict);
  const { path, blob } = file;
  if (!inspector?.covers(path)) return '';
  try {
    return JSON.stringify(await inspector.read({ path, size: blob.size, open: (range) => store.blobs.read(blob.hash, range) })) ?? '';
  } catch (cause) {
    throw new HttpError(400, `invalid file ${JSON.stringify(path)}: ${reasonOf(cause)}`);
  }
}
