import { createHash } from 'node:crypto';
import { type FastifyInstance } from 'fastify';
import { type Context } from '../../context';
import { DeniedError, HttpError, reasonOf } from '../../errors';
import { formatOf } from '../../formats';
import { enabledCapability, type IndexCapability, type IndexRequest, type MemberDocument, type RouteRequest } from '../../formats/format';
import { encodePath } from '../../formats/links';
import { collect } from '../../proxy/collect';
import { type RemoteRequest } from '../../proxy/engine';
import { UpstreamError } from '../../proxy/upstream-error';
import { publicUrl } from '../../public-url';
import { type Exchange, sendDocument, sendFile } from '../../reply';
import { requestPath, type RequestPath } from '../../request-path';
import { readWhole } from '../../store/blobs';
import { type Remote, type Virtual } from '../../store/repositories';
import { membersOf } from './virtuals';
import { localRepository } from './local-repository';
import { locationOf, repositoryUrl } from './locations';
import { localFile, localIndex, memberRequest } from './v1-local';
import { markSource, serveObject } from './v1-remote';

type Loaded = MemberDocument & { readonly hash: string; readonly stale?: string };
type Merge = NonNullable<ReturnType<typeof formatOf>['merge']>;

/** `/api/v1/virtual/{name}/{path}`: indexes merged from the members; in the default mode also the members' files. */
export function v1Virtual(app: FastifyInstance, context: Context): void {
  app.route<{ Params: { name: string } }>({
    method: ['GET', 'HEAD'],
    url: '/api/v1/virtual/:name/*',
    handler: async (request, reply) => {
      const { name } = request.params;
      const virtual = await context.store.repositories.virtual(name);
      if (!virtual) throw new HttpError(404, `virtual repository ${JSON.stringify(name)} not found`);
      const format = formatOf(virtual.package_type);
      const path = requestPath(request, format);
      const merge = enabledCapability(format.merge, context.strict);
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

/** The members that are asked: the local ones alone where one of them has the package that the path belongs to. */
async function membersFor(context: Context, { request }: Exchange, { virtual, path }: Target): Promise<Remote[]> {
  const members = await membersOf(context, virtual);
  const owned = enabledCapability(formatOf(virtual.package_type).owns, context.strict);
  const locals = members.filter((member) => member.repo_type === 'local');
  const root = publicUrl(context, request);
  const has = (local: Remote) => owned?.has(path.path, localRepository(context, local, locationOf(root, local)));
  return (await Promise.all(locals.map(has))).some(Boolean) ? locals : members;
}

async function serveMerged(context: Context, exchange: Exchange, target: Target & { merge: Merge }): Promise<void> {
  const { request, reply } = exchange;
  const { virtual, path, merge } = target;
  const members = await membersFor(context, exchange, target);
  const loads = members.map((member) => load(context, exchange, { member, path, merge }));
  const loaded = results(target, members, await Promise.allSettled(loads));
  const url = repositoryUrl(publicUrl(context, request), 'virtual', virtual.name);
  const index = {
    path: path.path,
    self: { name: virtual.name, url, upstream: url },
    accept: request.headers.accept ?? '',
    strict: context.strict,
  };
  const inputs = loaded.map(({ location, url: found, hash }) => [location, found, hash]);
  const document = await context.indexes
    .get([index, inputs], () => merge.make(index, loaded))
    .catch((cause: unknown) => cannotMerge({ target, index, loaded }, cause));
  const stale = loaded.find((member) => member.stale !== undefined)?.stale;
  if (stale !== undefined) markSource(exchange, { source: 'cache', stale });
  sendDocument(request, reply, document);
}

interface Unmerged {
  readonly target: Target & { readonly merge: Merge };
  readonly index: IndexRequest;
  readonly loaded: readonly Loaded[];
}

/** An index that was fit to be kept can be unfit to be merged: names the member whose index cannot be read by itself, either. */
async function cannotMerge({ target: { virtual, merge }, index, loaded }: Unmerged, cause: unknown): Promise<never> {
  for (const member of loaded) {
    try {
      await merge.make(index, [member]);
    } catch (own) {
      passedOver(virtual, member.location, own);
    }
  }
  throw new HttpError(502, `the indexes of virtual ${JSON.stringify(virtual.name)} cannot be merged: ${reasonOf(cause)}`);
}

/** What the members have. One that fails ends it: an index without it would let the others answer for its packages. */
function results({ virtual, path }: Target, members: readonly Remote[], settled: readonly PromiseSettledResult<Loaded>[]): Loaded[] {
  const refusals: unknown[] = [];
  const loaded = settled.flatMap((result, index) => {
    if (result.status === 'fulfilled') return [result.value];
    refusals.push(passedOver(virtual, members[index], result.reason));
    return [];
  });
  if (loaded.length === 0) throw nobodyHas(virtual, path, refusals);
  return loaded;
}

interface Load {
  readonly member: Remote;
  readonly path: RequestPath;
  readonly merge: IndexCapability & Merge;
}

async function load(context: Context, { request }: Exchange, { member, path, merge }: Load): Promise<Loaded> {
  const location = locationOf(publicUrl(context, request), member);
  const wish = request.headers.accept ?? '';
  if (member.repo_type === 'local')
    return loadLocal(context, member, memberRequest({ path: path.path, self: location, accept: wish, strict: context.strict }, path.query));
  const wanted: RemoteRequest = { remote: member, ...path, accept: merge.accept?.(wish) ?? wish, insists: true };
  const found = await context.engine.get(wanted);
  const index = await collect(context.store, wanted, found);
  context.store.artifacts.hit(found.key, index.body.length);
  return { ...index, location, ...(found.stale !== undefined && { stale: found.stale }) };
}

async function loadLocal(context: Context, member: Remote, request: RouteRequest): Promise<Loaded> {
  const location = request.self;
  const facts = { path: request.path, url: location.url + encodePath(request.path), status: 200, header: () => '', location };
  const index = await localIndex(context, member, request);
  if (index) {
    const body = Buffer.from(index.body);
    return { ...facts, contentType: index.contentType, body, hash: createHash('sha256').update(body).digest('hex') };
  }
  const file = await localFile(context, member.name, request.path);
  if (!file) throw absent(request.path, member.name);
  return { ...facts, contentType: file.contentType, body: await readWhole(context.store.blobs, file.hash), hash: file.hash };
}

/**
 * Sends a file from the first member that has it. A member that fails ends the search: asking the next one would let a public
 * repository answer for a package of the internal one while that is down.
 */
async function serveFirst(context: Context, exchange: Exchange, { virtual, path }: Target): Promise<void> {
  const refusals: unknown[] = [];
  for (const member of await membersFor(context, exchange, { virtual, path })) {
    try {
      return await serveMember(context, exchange, { member, path });
    } catch (cause) {
      refusals.push(passedOver(virtual, member, cause));
    }
  }
  throw nobodyHas(virtual, path, refusals);
}

async function serveMember(context: Context, exchange: Exchange, { member, path }: { member: Remote; path: RequestPath }): Promise<void> {
  const accept = exchange.request.headers.accept ?? '';
  if (member.repo_type !== 'local') return serveObject(context, exchange, { remote: member, ...path, accept, insists: true });
  const { request, reply } = exchange;
  const asked = { path: path.path, self: locationOf(publicUrl(context, request), member), accept, strict: context.strict };
  const index = await localIndex(context, member, memberRequest(asked, path.query));
  if (index) return void sendDocument(request, reply, index);
  const file = await localFile(context, member.name, path.path);
  if (!file) throw absent(path.path, member.name);
  await sendFile(exchange, context.store.blobs, file);
}

/** Lets what means that a member does not have something pass; throws what does not, with the member's name. */
function passedOver(virtual: Virtual, member: Pick<Remote, 'name'> | undefined, cause: unknown): unknown {
  const isAbsent = cause instanceof UpstreamError ? cause.isAbsence : cause instanceof HttpError && cause.status === 404;
  if (isAbsent || cause instanceof DeniedError) return cause;
  const headers = cause instanceof HttpError ? cause.headers : {};
  const who = `member ${JSON.stringify(member?.name)} of virtual ${JSON.stringify(virtual.name)}`;
  throw new HttpError(502, `${who} failed: ${reasonOf(cause)}`, headers);
}

function nobodyHas(virtual: Virtual, { path }: RequestPath, refusals: readonly unknown[]): unknown {
  const allDenied = refusals.length > 0 && refusals.every((cause) => cause instanceof DeniedError);
  return allDenied ? refusals[0] : new HttpError(404, `${JSON.stringify(path)} not found in any member of ${JSON.stringify(virtual.name)}`);
}

function absent(path: string, name: string): HttpError {
  return new HttpError(404, `${JSON.stringify(path)} not found in ${JSON.stringify(name)}`);
}
