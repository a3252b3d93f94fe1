import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { readBytes } from '../../body';
import { type Context } from '../../context';
import { HttpError } from '../../errors';
import { formatOf } from '../../formats';
import { type Document, enabledCapability, type IndexRequest, type RouteRequest } from '../../formats/format';
import { publicUrl } from '../../public-url';
import { type Exchange, sendDocument, sendFile, type StoredFile } from '../../reply';
import { requestPath } from '../../request-path';
import { type Remote } from '../../store/repositories';
import { type ByName } from './fields';
import { localRepository } from './local-repository';
import { locationOf } from './locations';

/** `/api/v1/local/{name}/{path}`: local repositories: their files, their generated indexes, and what else their package type's clients ask. */
export function v1Local(app: FastifyInstance, context: Context): void {
  app.route<ByName>({
    method: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'],
    url: '/api/v1/local/:name/*',
    handler: async (request, reply) => {
      const { name } = request.params;
      const repository = await context.store.repositories.remote(name);
      if (repository?.repo_type !== 'local') throw new HttpError(404, `local repository ${JSON.stringify(name)} not found`);
      const wanted = routeRequest(context, request, repository);
      try {
        await answer(context, { request, reply }, { repository, wanted });
      } catch (cause) {
        const { problem } = formatOf(repository.package_type);
        if (!(cause instanceof HttpError) || !problem || context.strict) throw cause;
        sendDocument(request, reply.headers(cause.headers), { ...problem(cause.message), status: cause.status });
      }
      return reply;
    },
  });
}

interface Wanted {
  readonly repository: Remote;
  readonly wanted: RouteRequest;
}

async function answer(context: Context, exchange: Exchange, { repository, wanted }: Wanted): Promise<void> {
  const { request, reply } = exchange;
  const index = await localIndex(context, repository, wanted);
  if (index) return void sendDocument(request, reply, index);
  if (wanted.method !== 'GET') throw new HttpError(404, '404 page not found');
  const file = await localFile(context, repository.name, wanted.path);
  if (!file) throw new HttpError(404, `file ${JSON.stringify(wanted.path)} not found in ${JSON.stringify(repository.name)}`);
  await sendFile(exchange, context.store.blobs, file);
}

function routeRequest(context: Context, request: FastifyRequest, repository: Remote): RouteRequest {
  const { path, query } = requestPath(request, formatOf(repository.package_type));
  return {
    method: request.method === 'HEAD' ? 'GET' : request.method,
    path,
    query: new URLSearchParams(query),
    self: locationOf(publicUrl(context, request), repository),
    accept: request.headers.accept ?? '',
    strict: context.strict,
    body: (limit) => readBytes(request, limit),
  };
}

/** A request that a virtual makes to a member of its own accord. */
export function memberRequest(request: IndexRequest, query: string): RouteRequest {
  return { ...request, method: 'GET', query: new URLSearchParams(query), body: () => Promise.resolve(Buffer.alloc(0)) };
}

/** What the format answers to a request by itself, if it does. */
export async function localIndex(context: Context, repository: Remote, request: RouteRequest): Promise<Document | undefined> {
  const { routes, localIndex: index } = formatOf(repository.package_type);
  const local = localRepository(context, repository, request.self);
  if (enabledCapability(routes, context.strict)?.covers(request.method, request.path)) return routes?.answer(request, local);
  const generated = enabledCapability(index, context.strict);
  if (request.method !== 'GET' || !generated?.covers(request.path)) return undefined;
  const { path, accept, strict, self } = request;
  const { files } = context.store;
  const inputs = [path, accept, strict, await files.revision(repository.name)];
  return local
    .kept(
      inputs,
      async () => generated.make({ path, accept, strict, self }, await files.within(repository.name)) ?? Promise.reject(new NoIndex()),
    )
    .catch((cause: unknown) => {
      if (cause instanceof NoIndex) return undefined;
      throw cause;
    });
}

/** The format generates nothing at a path, such as the page of a project that has no files. */
class NoIndex extends Error {}

/** The uploaded file at a path. */
export async function localFile(context: Context, name: string, path: string): Promise<StoredFile | undefined> {
  const file = await context.store.files.find(name, path);
  if (!file) return undefined;
  const lastModified = new Date(file.created_at).toUTCString();
  return { hash: file.hash, size: file.size, contentType: file.content_type, lastModified };
}
