import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type Context } from '../../context';
import { HttpError, reasonOf } from '../../errors';
import { formatOf } from '../../formats';
import { enabledCapability, type UploadCheck } from '../../formats/format';
import { storedPath } from '../../request-path';
import { type Blob } from '../../store/blobs';
import { type Remote } from '../../store/repositories';
import { existingRemote } from './remotes';
import { type ByName } from './fields';

/** The number of slashes before the wildcard of `/api/v2/remotes/{name}/files/*`. */
const BEFORE_WILDCARD = 6;

/** `/api/v2/remotes/{name}/files/{path}`: uploads to local repositories, and their removal. */
export function files(app: FastifyInstance, context: Context): void {
  app.put<ByName>('/api/v2/remotes/:name/files/*', async (request, reply) => {
    const repository = await localRepository(context, request.params.name);
    const target = checkUpload(context, repository, storedPath(request, BEFORE_WILDCARD));
    const { path } = target;
    const taken = new HttpError(409, `file ${JSON.stringify(path)} already exists in ${JSON.stringify(repository.name)}`);
    if (await context.store.files.find(repository.name, path)) throw taken;
    const blob = await receive(context, request);
    const metadata = await inspect(context, { repository, path, blob });
    const content_type = target.contentType ?? request.headers['content-type'] ?? 'application/octet-stream';
    const created_at = new Date().toISOString();
    const row = { repo: repository.name, path, hash: blob.hash, content_type, metadata, created_at };
    if (!(await context.store.files.add(row))) throw taken;
    context.events.emit('file.uploaded', { name: repository.name, path, size: blob.size });
    return reply.code(201).send({ repo: repository.name, path, size: blob.size, sha256: blob.hash, content_type, created_at });
  });

  app.delete<ByName>('/api/v2/remotes/:name/files/*', async (request, reply) => {
    const repository = await localRepository(context, request.params.name);
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

async function localRepository(context: Context, name: string): Promise<Remote> {
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

async function receive(context: Context, request: FastifyRequest): Promise<Blob> {
  try {
    return await context.store.blobs.receive(request.raw);
  } catch (cause) {
    if (request.raw.destroyed && !request.raw.complete) throw new HttpError(400, `the upload broke off: ${reasonOf(cause)}`);
    throw cause;
  }
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
