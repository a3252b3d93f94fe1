import { type FastifyInstance } from 'fastify';
import { type Context } from '../../context';
import { HttpError } from '../../errors';
import { formatOf } from '../../formats';
import { type Document, enabledCapability, type IndexRequest } from '../../formats/format';
import { publicUrl } from '../../public-url';
import { sendDocument, sendFile, type StoredFile } from '../../reply';
import { requestPath } from '../../request-path';
import { type Remote } from '../../store/repositories';
import { locationOf } from './locations';

/** `/api/v1/local/{name}/{path}`: files of local repositories and their generated indexes. */
export function v1Local(app: FastifyInstance, context: Context): void {
  app.route<{ Params: { name: string } }>({
    method: ['GET', 'HEAD'],
    url: '/api/v1/local/:name/*',
    handler: async (request, reply) => {
      const { name } = request.params;
      const repository = await context.store.repositories.remote(name);
      if (repository?.repo_type !== 'local') throw new HttpError(404, `local repository ${JSON.stringify(name)} not found`);
      const { path } = requestPath(request, formatOf(repository.package_type));
      const index = await localIndex(context, repository, {
        path,
        self: locationOf(publicUrl(context, request), repository),
        accept: request.headers.accept ?? '',
        strict: context.strict,
      });
      if (index) return sendDocument(request, reply, index);
      const file = await localFile(context, name, path);
      if (!file) throw new HttpError(404, `file ${JSON.stringify(path)} not found in ${JSON.stringify(name)}`);
      await sendFile({ request, reply }, context.store.blobs, file);
      return reply;
    },
  });
}

/** The index that the format generates at a path, if it does. */
export async function localIndex(context: Context, repository: Remote, request: IndexRequest): Promise<Document | undefined> {
  const generated = enabledCapability(formatOf(repository.package_type).localIndex, context.strict);
  if (!generated?.covers(request.path)) return undefined;
  return generated.make(request, await context.store.files.all(repository.name));
}

/** The uploaded file at a path. */
export async function localFile(context: Context, name: string, path: string): Promise<StoredFile | undefined> {
  const file = await context.store.files.find(name, path);
  if (!file) return undefined;
  const lastModified = new Date(file.created_at).toUTCString();
  return { hash: file.hash, size: file.size, contentType: file.content_type, lastModified };
}
