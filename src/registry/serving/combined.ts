import { createHash } from 'node:crypto';
import { type Context } from '../context';
import { formatOf } from '../formats';
import { type CombinedMember, enabledCapability, type Format, type MemberFile } from '../formats/format';
import { collect, identify } from '../proxy/collect';
import { type RemoteRequest } from '../proxy/engine';
import { type Exchange, sendDocument, sendGenerated } from '../reply';
import { readWhole } from '../store/blobs';
import { ownerOf } from '../store/owners';
import { localsOf } from './internal';
import { localAnswer, memberRequest } from './local';
import { markSource } from './remote';
import { type ServedLocal, type ServedMember, type ServedRemote, type ServedRequest, type ServedVirtual } from './served';

type Target = ServedRequest<ServedVirtual>;
type Combine = NonNullable<Format['combine']>;

/** How a failure of a member is judged: thrown as its fault, or passed as the absence of what was asked for. */
export type Judge = (member: ServedMember, cause: unknown) => unknown;

/** Answers with a document that is combined from documents of the members; returns whether there is one. */
export async function serveCombined(
  context: Context,
  exchange: Exchange,
  { target, combine, judge }: { target: Target; combine: Combine; judge: Judge },
): Promise<boolean> {
  const { served, path } = target;
  const { store, signer, given, strict, indexes } = context;
  const { blobs } = store;
  const members = await served.members();
  const owners = (await served.owners?.()) ?? (await localsOf(served));
  const { packageType, location } = served;
  const composition = [packageType, members.map((member) => [member.kind, member.location.name])];
  const answer = await combine.answer(
    {
      ...{ path: path.path, self: location, accept: '', strict, signer, given },
      registryKey: (name, make) => store.signingKeys.getOrMake(name, make),
      owners: owners.map(({ repository }) => repository),
      receive: (content) => blobs.receive(content),
      read: (hash, range) => blobs.read(hash, range),
      generated: store.generated.of(ownerOf(['virtual', location.name], composition)),
      kept: (inputs, make) => indexes.get(location.name, [composition, inputs], make),
    },
    members.map((member) => combined(context, exchange, { target, member, judge })),
  );
  if (!answer) return false;
  if ('file' in answer) await sendGenerated(exchange, blobs, answer.file);
  else sendDocument(exchange.request, exchange.reply, answer);
  return true;
}

/** The member and the path in it that a link in a combined document leads to; undefined if a path is no such link. */
export function ledTo(
  { strict }: Context,
  { served, path: { path } }: Target,
): { readonly member: string; readonly path: string } | undefined {
  return enabledCapability(formatOf(served.packageType).combine, strict)?.leads?.(path);
}

interface Asked {
  readonly target: Target;
  readonly member: ServedMember;
  readonly judge: Judge;
}

function combined(context: Context, exchange: Exchange, { target, member, judge }: Asked): CombinedMember {
  const failed = (cause: unknown): Error => {
    try {
      return judge(member, cause) as Error;
    } catch (thrown) {
      return thrown as Error;
    }
  };
  return {
    location: member.location,
    isInternal: member.kind === 'local',
    failed,
    async find(path) {
      try {
        return await (member.kind === 'local'
          ? fileOfLocal(context, exchange, { member, target, path })
          : fileOfRemote(context, exchange, { remote: member.remote, path }));
      } catch (cause) {
        judge(member, cause);
        return undefined;
      }
    },
  };
}

async function fileOfRemote(
  context: Context,
  exchange: Exchange,
  { remote, path }: { remote: ServedRemote['remote']; path: string },
): Promise<MemberFile> {
  const wanted: RemoteRequest = { remote, path, query: '', accept: '', insists: true };
  const found = await context.engine.get(wanted);
  if (found.stale !== undefined) markSource(exchange, { source: 'cache', stale: found.stale });
  const { hash } = await identify(wanted, found);
  return {
    hash,
    async content() {
      const { body } = await collect(context.store, wanted, found);
      context.store.artifacts.hit(found.key, body.length);
      return body;
    },
  };
}

async function fileOfLocal(
  context: Context,
  { request }: Exchange,
  { member, target: { root }, path }: { member: ServedLocal; target: Target; path: string },
): Promise<MemberFile | undefined> {
  const answer = await localAnswer(context, member, memberRequest(context, request, { served: member, root, path: { path, query: '' } }));
  if (!answer) return undefined;
  if ('file' in answer) {
    const { hash } = answer.file;
    return { hash, content: () => readWhole(member.repository, hash) };
  }
  const body = Buffer.from(answer.body);
  return { hash: createHash('sha256').update(body).digest('hex'), content: () => Promise.resolve(body) };
}
