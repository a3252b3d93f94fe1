import { createHash } from 'node:crypto';
import { type Context } from '../context';
import { DeniedError, HttpError, reasonOf } from '../errors';
import { formatOf } from '../formats';
import { type Document, enabledCapability, type IndexRequest, type MemberDocument, type RouteRequest } from '../formats/format';
import { encodePath } from '../formats/links';
import { collect } from '../proxy/collect';
import { type RemoteRequest } from '../proxy/engine';
import { CircuitOpen, UpstreamError } from '../proxy/upstream-error';
import { type Exchange, sendDocument } from '../reply';
import { type RequestPath } from '../request-path';
import { readWhole } from '../store/blobs';
import { ledTo, serveCombined } from './combined';
import { localAnswer, memberRequest, sendAnswer } from './local';
import { isInternal, withoutSlash } from './internal';
import { markSource, serveRemote } from './remote';
import { type ServedLocal, type ServedMember, type ServedRequest, type ServedVirtual, type Withheld } from './served';

type Loaded = MemberDocument & { readonly hash: string; readonly stale?: string };
type Merge = NonNullable<ReturnType<typeof formatOf>['merge']>;

type Target = ServedRequest<ServedVirtual>;

/** Answers with an index merged from the members, or with a file of the first member that has it. */
export async function serveVirtual(context: Context, exchange: Exchange, asked: Target): Promise<void> {
  const { request, reply } = exchange;
  const { served } = asked;
  const { merge: merging, combine: combining } = formatOf(served.packageType);
  const combine = enabledCapability(combining, context.strict);
  const judge = (member: ServedMember, cause: unknown) => passedOver(served, member, cause);
  if (combine?.covers(withoutSlash(asked.path.path)) && (await serveCombined(context, exchange, { target: asked, combine, judge }))) return;
  const merge = enabledCapability(merging, context.strict);
  // With a slash at its end, an index of an upstream would have what is internal, too.
  const bare = withoutSlash(asked.path.path);
  const isIndex = merge && !merge.covers(asked.path.path) && (merge.covers(bare) || merge.checksum?.(bare));
  const target = isIndex ? { ...asked, path: { ...asked.path, path: bare } } : asked;
  const { path } = target;
  if (merge?.covers(path.path)) return void sendDocument(request, reply, await mergedDocument(context, exchange, { ...target, merge }));
  const sum = merge?.checksum?.(path.path);
  if (merge && sum && merge.covers(sum.of)) {
    const { body } = await mergedDocument(context, exchange, { ...target, merge, path: { ...path, path: sum.of } });
    return void sendDocument(request, reply, { contentType: 'text/plain', body: createHash(sum.algorithm).update(body).digest('hex') });
  }
  if (context.strict)
    throw new HttpError(404, `no merged index at ${JSON.stringify(path.path)} of ${JSON.stringify(served.location.name)}`);
  return serveFirst(context, exchange, target);
}

/** The members that are asked: the local ones alone where the package that the path belongs to is internal. */
async function membersFor(context: Context, { served, path }: Target): Promise<readonly ServedMember[]> {
  const members = await served.members();
  return (await isInternal(context, served, path)) ? members.filter(({ kind }) => kind === 'local') : members;
}

async function mergedDocument(context: Context, exchange: Exchange, target: Target & { merge: Merge }): Promise<Document> {
  const { request } = exchange;
  const { served, path, merge } = target;
  const members = await membersFor(context, target);
  const loads = members.map((member) => load(context, exchange, { ...target, member }));
  const loaded = results(target, members, await Promise.allSettled(loads));
  const index = {
    path: path.path,
    self: served.location,
    accept: request.headers.accept ?? '',
    strict: context.strict,
  };
  const inputs = loaded.map(({ location, url: found, hash }) => [location, found, hash]);
  const document = await context.indexes
    .get(served.location.name, [index, inputs], () => merge.make(index, loaded))
    .catch((cause: unknown) => cannotMerge({ target, index, loaded }, cause));
  const stale = loaded.find((member) => member.stale !== undefined)?.stale;
  if (stale !== undefined) markSource(exchange, { source: 'cache', stale });
  return document;
}

interface Unmerged {
  readonly target: Target & { readonly merge: Merge };
  readonly index: IndexRequest;
  readonly loaded: readonly Loaded[];
}

/** An index that was fit to be kept can be unfit to be merged: names the member whose index cannot be read by itself, either. */
async function cannotMerge({ target: { served, merge }, index, loaded }: Unmerged, cause: unknown): Promise<never> {
  for (const member of loaded) {
    try {
      await merge.make(index, [member]);
    } catch (own) {
      passedOver(served, member, own);
    }
  }
  throw new HttpError(502, `the indexes of virtual ${JSON.stringify(served.location.name)} cannot be merged: ${reasonOf(cause)}`);
}

/** What the members have. One that fails ends it: an index without it would let the others answer for its packages. */
function results({ served, path }: Target, members: readonly ServedMember[], settled: readonly PromiseSettledResult<Loaded>[]): Loaded[] {
  const refusals: unknown[] = [];
  const loaded = settled.flatMap((result, index) => {
    if (result.status === 'fulfilled') return [result.value];
    refusals.push(passedOver(served, members[index], result.reason));
    return [];
  });
  if (loaded.length === 0) throw nobodyHas(served, path, refusals);
  return loaded;
}

interface Asked extends Target {
  readonly member: ServedMember;
}

async function load(context: Context, { request }: Exchange, { member, path, merge, root }: Asked & { merge: Merge }): Promise<Loaded> {
  const { location } = member;
  if (member.kind === 'local') return loadLocal(context, member, memberRequest(context, request, { served: member, path, root }));
  const wish = request.headers.accept ?? '';
  const wanted: RemoteRequest = { remote: member.remote, ...path, accept: merge.accept?.(wish) ?? wish, insists: true };
  const found = await context.engine.get(wanted);
  const index = await collect(context.store, wanted, found);
  context.store.artifacts.hit(found.key, index.body.length);
  return { ...index, location, ...(found.stale !== undefined && { stale: found.stale }) };
}

async function loadLocal(context: Context, member: ServedLocal, request: RouteRequest): Promise<Loaded> {
  const { location, repository } = member;
  const facts = {
    path: request.path,
    url: location.url + encodePath(request.path),
    status: 200,
    header: () => '',
    location,
    isInternal: true,
  };
  const answer = await localAnswer(context, member, request);
  if (!answer) throw absent(request.path, member);
  if ('file' in answer) {
    const { content_type: contentType, hash } = answer.file;
    return { ...facts, contentType, body: await readWhole(repository, hash), hash };
  }
  const body = Buffer.from(answer.body);
  const { status = 200, headers = {} } = answer;
  const header = (name: string) => headers[name] ?? '';
  return { ...facts, status, header, contentType: answer.contentType, body, hash: createHash('sha256').update(body).digest('hex') };
}

/**
 * Sends a file from the first member that has it. A member that fails ends the search: asking the next one would let a public
 * repository answer for a package of the internal one while that is down.
 */
async function serveFirst(context: Context, exchange: Exchange, target: Target): Promise<void> {
  const { served, path } = target;
  const led = ledTo(context, target);
  const members = await membersFor(context, target);
  const wanted = led ? { ...target, path: { ...path, path: led.path } } : target;
  const refusals: unknown[] = [];
  for (const member of members.filter(({ location }) => !led || location.name === led.member)) {
    try {
      return await serveMember(context, exchange, { ...wanted, member });
    } catch (cause) {
      refusals.push(passedOver(served, member, cause));
    }
  }
  throw nobodyHas(served, path, refusals);
}

async function serveMember(context: Context, exchange: Exchange, { served, member, path, root }: Asked): Promise<void> {
  const { request } = exchange;
  if (member.kind === 'remote') return serveRemote(context, exchange, { served: member, path, self: served.location, insists: true });
  const answer = await localAnswer(context, member, memberRequest(context, request, { served: member, path, root }));
  if (!answer) throw absent(path.path, member);
  await sendAnswer(context, exchange, { served: member, answer });
}

/** Lets what means that a member does not have something pass; throws what does not, with the member's name. */
function passedOver(virtual: ServedVirtual, member: Pick<ServedMember, 'location'> | undefined, cause: unknown): unknown {
  const isAbsent = cause instanceof UpstreamError ? cause.isAbsence : cause instanceof HttpError && cause.status === 404;
  if (isAbsent || cause instanceof DeniedError) return cause;
  // What a repository forbids of its own is not for another member to answer with.
  if (cause instanceof HttpError && !(cause instanceof UpstreamError) && cause.status === 403) throw cause;
  const headers = cause instanceof HttpError ? cause.headers : {};
  const who = `member ${JSON.stringify(member?.location.name)} of virtual ${JSON.stringify(virtual.location.name)}`;
  // Left alone it is for a while: the client may be told when to ask again.
  const status = cause instanceof CircuitOpen ? 503 : 502;
  throw new HttpError(status, `${who} failed: ${reasonOf(cause)}`, headers);
}

function nobodyHas({ location, withheld }: ServedVirtual, { path }: RequestPath, refusals: readonly unknown[]): unknown {
  const allDenied = refusals.length > 0 && refusals.every((cause) => cause instanceof DeniedError);
  return allDenied
    ? refusals[0]
    : new HttpError(404, `${JSON.stringify(path)} not found in any member of ${JSON.stringify(location.name)}${hintOf(withheld)}`);
}

function hintOf({ names, isKnown }: Withheld = { names: [], isKnown: false }): string {
  if (names.length === 0) return '';
  const who = isKnown ? 'your login' : 'clients without a login';
  return `; these members were passed over, because ${who} may not read them: ${names.map((name) => JSON.stringify(name)).join(', ')}`;
}

function absent(path: string, { location }: ServedMember): HttpError {
  return new HttpError(404, `${JSON.stringify(path)} not found in ${JSON.stringify(location.name)}`);
}
