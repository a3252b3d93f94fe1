import { createHash } from 'node:crypto';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Context } from '../../context';
import { HttpError, reasonOf } from '../../errors';
import { formatOf } from '../../formats';
import { having, type IndexCapability, type IndexRequest, type MemberDocument } from '../../formats/format';
import { encodePath } from '../../formats/links';
import { collect } from '../../proxy/collect';
import { sendDocument, sendFile } from '../../reply';
import { requestPath, type RequestPath } from '../../request-path';
import { type Remote, type Virtual } from '../../store/repositories';
import { placeOf, publicUrl, repositoryUrl } from './places';
import { localFile, localIndex } from './v1-local';
import { sendFound } from './v1-remote';

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply };
type Loaded = MemberDocument & { readonly hash: string };

/** `/api/v1/virtual/{name}/{path}`: indexes merged from the members; in the default manner also the members' files. */
export function v1Virtual(app: FastifyInstance, context: Context): void {
  app.route<{ Params: { name: string } }>({
    method: ['GET', 'HEAD'],
    url: '/api/v1/virtual/:name/*',
    handler: async (request, reply) => {
      const { name } = request.params;
      const virtual = await context.store.repositories.virtual(name);
      if (!virtual) throw new HttpError(404, `virtual repository ${JSON.stringify(name)} not found`);
      const path = requestPath(request);
      const merge = having(formatOf(virtual.package_type).merge, context.strict);
      if (merge?.covers(path.path)) await serveMerged(context, { request, reply }, { virtual, path, merge });
      else if (context.strict) throw new HttpError(404, `no merged index at ${JSON.stringify(path.path)} of ${JSON.stringify(name)}`);
      else await serveFirst(context, { request, reply }, { virtual, path });
      return reply;
    },
  });
}

interface Target {
  readonly virtual: Virtual;
  readonly path: RequestPath;
}

type Merge = NonNullable<ReturnType<typeof formatOf>['merge']>;

async function serveMerged(context: Context, exchange: Exchange, target: Target & { merge: Merge }): Promise<void> {
  const { virtual, path, merge } = target;
  const root = publicUrl(context, exchange.request);
  const members = await existing(context, virtual);
  const loads = members.map((member) => load(context, exchange.request, { member, path, merge }));
  const results = await Promise.allSettled(loads);
  const loaded = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  for (const cause of failures)
    context.logger.warn('a member was left out', { virtual: virtual.name, path: path.path, reason: reasonOf(cause) });
  if (loaded.length === 0 && failures.length > 0) throw worst(failures);
  const url = repositoryUrl(root, 'virtual', virtual.name);
  const self = { name: virtual.name, url, upstream: url };
  const accept = exchange.request.headers.accept ?? '';
  const inputs = loaded.map(({ place, url, hash }) => [place, url, hash]);
  const document = await context.indexes.get([path.path, accept, self, inputs], () =>
    merge.make({ path: path.path, self, accept, strict: context.strict }, loaded),
  );
  sendDocument(exchange.request, exchange.reply, document);
}

interface Load {
  readonly member: Remote;
  readonly path: RequestPath;
  readonly merge: IndexCapability & Merge;
}

/** The index of one member, shown to be readable, so that a broken member is left out alone. */
async function load(context: Context, request: FastifyRequest, { member, path, merge }: Load): Promise<Loaded> {
  const place = placeOf(publicUrl(context, request), member);
  const wish = request.headers.accept ?? '';
  const index =
    member.repo_type === 'local'
      ? await loadLocal(context, member, { path: path.path, self: place, accept: wish, strict: context.strict })
      : await fetchIndex();
  const document = { ...index, place };
  await context.indexes.get(['readable', path.path, wish, place, document.hash], () =>
    merge.make({ path: path.path, self: place, accept: wish, strict: context.strict }, [document]),
  );
  return document;

  async function fetchIndex() {
    const accept = merge.accept?.(wish) ?? wish;
    const wanted = { remote: member, path: path.path, rawPath: path.raw, query: path.query, accept };
    const found = await context.engine.get(wanted);
    const collected = await collect(context.store, wanted, found);
    context.store.artifacts.hit(found.key, collected.body.length);
    return collected;
  }
}

async function loadLocal(context: Context, member: Remote, request: IndexRequest) {
  const facts = { path: request.path, url: request.self.url + encodePath(request.path), status: 200, header: () => '' };
  const index = await localIndex(context, member, request);
  if (index) {
    const body = Buffer.from(index.body);
    return { ...facts, contentType: index.contentType, body, hash: createHash('sha256').update(body).digest('hex') };
  }
  const file = await localFile(context, member.name, request.path);
  if (!file) throw new HttpError(404, `${JSON.stringify(request.path)} not found in ${JSON.stringify(member.name)}`);
  const chunks: Buffer[] = [];
  for await (const chunk of context.store.blobs.read(file.hash)) chunks.push(chunk as Buffer);
  return { ...facts, contentType: file.contentType, body: Buffer.concat(chunks), hash: file.hash };
}

/**
 * Sends a file from the first member that has it. A member that fails ends the search: asking the next one would let a public
 * repository answer for a package of the internal one while that is down.
 */
async function serveFirst(context: Context, exchange: Exchange, { virtual, path }: Target): Promise<void> {
  const failures: unknown[] = [];
  for (const member of await existing(context, virtual)) {
    if (member.repo_type === 'local') {
      const file = await localFile(context, member.name, path.path);
      if (file) return void sendFile(exchange, context.store.blobs, file);
      continue;
    }
    try {
      const accept = exchange.request.headers.accept ?? '';
      const found = await context.engine.get({ remote: member, path: path.path, rawPath: path.raw, query: path.query, accept });
      return sendFound(context, exchange, found);
    } catch (cause) {
      if (!(cause instanceof HttpError) || cause.status >= 500) throw cause;
      failures.push(cause);
    }
  }
  throw worst([...failures, new HttpError(404, `${JSON.stringify(path.path)} not found in any member of ${JSON.stringify(virtual.name)}`)]);
}

async function existing(context: Context, virtual: Virtual): Promise<Remote[]> {
  const members = await Promise.all(virtual.members.map((name) => context.store.repositories.remote(name)));
  return members.filter((member): member is Remote => member?.package_type === virtual.package_type);
}

/** What to tell when no member helped: a failure says more than a refusal, and a refusal more than an absence. */
function worst(failures: readonly unknown[]): unknown {
  const rank = (cause: unknown) => (cause instanceof HttpError ? (cause.status === 404 ? 0 : cause.status) : 502);
  return failures.reduce((kept, cause) => (rank(cause) > rank(kept) ? cause : kept));
}
