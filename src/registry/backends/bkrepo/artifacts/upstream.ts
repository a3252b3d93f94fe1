import { z } from 'zod';
import { reasonOf } from '../../../errors';
import { type Found } from '../../../proxy/engine';
import { UpstreamError } from '../../../proxy/upstream-error';
import { unsetRemoteSettings } from '../../../store/remote-settings';
import { type Remote } from '../../../store/repositories';
import { Secret } from '../../../store/secret';
import { type ByteRange } from '../../../store/blobs';
import { type BkContext } from '../context';
import { type Repository } from '../model';
import { keyOf } from '../tables';
import { Changes } from './changes';
import { type Node, type NodeKey } from './node';
import { Nodes } from './nodes';
import { receive } from './receive';

/** An upstream of a repository. */
export interface Source {
  readonly name: string;
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** A file that an upstream is asked for. */
export interface Fetch {
  readonly repository: Repository;
  readonly source: Source;
  readonly place: NodeKey;
  readonly by: string;
}

/** A file that is arriving from an upstream. */
export interface ArrivingFile {
  readonly contentType: string;
  readonly length: number | undefined;
  /** The bytes, or a part of them; the last of the whole come once the file is kept. */
  open(range?: ByteRange): AsyncIterable<Buffer>;
}

const optionalText = z.string().nullish().catch(undefined);
const cacheSchema = z
  .object({ enabled: z.boolean().default(true), expiration: z.number().default(-1) })
  .catch({ enabled: true, expiration: -1 });
const remoteSchema = z.object({
  url: z.string().default(''),
  credentials: z.object({ username: optionalText, password: optionalText }).catch({}).optional(),
});
const compositeSchema = z.object({
  proxy: z
    .object({ cache: cacheSchema.optional(), channelList: z.array(z.object({ name: z.string() })).default([]) })
    .catch({ channelList: [] }),
});

/** Whether a repository caches what it fetches, and for how many minutes. */
export function cacheOf({ configuration }: Repository): { enabled: boolean; expiration: number } {
  const own = cacheSchema.optional().parse(configuration['cache']);
  const composite = compositeSchema.safeParse(configuration).data?.proxy.cache;
  return own ?? composite ?? { enabled: true, expiration: -1 };
}

/** Whether a kept file may still be answered with. */
export function isFresh({ created_at }: Node, expiration: number): boolean {
  return expiration <= 0 || Date.now() - Date.parse(`${created_at}Z`) < expiration * 60_000;
}

/** The upstreams of a repository, in the order they are asked. */
export async function sourcesOf(context: BkContext, repository: Repository): Promise<Source[]> {
  const { configuration, projectId, name } = repository;
  if (repository.category === 'REMOTE') {
    const parsed = remoteSchema.safeParse(configuration).data;
    if (!parsed?.url) return [];
    const { username, password } = parsed.credentials ?? {};
    return [{ name: 'remote', url: parsed.url, username: username ?? '', password: password ?? '' }];
  }
  if (repository.category !== 'COMPOSITE') return [];
  const channels = await context.bk.channels.within(keyOf(projectId, name));
  return (compositeSchema.safeParse(configuration).data?.proxy.channelList ?? []).flatMap((setting) => {
    const channel = channels.find((each) => each.name === setting.name);
    return channel ? [{ name: channel.name, url: channel.url, username: channel.username ?? '', password: channel.password ?? '' }] : [];
  });
}

/** Begins to fetch a file and keeps it as a node on the way; undefined when the upstream does not have it, an error when it fails. */
export async function fetchFrom(context: BkContext, fetch: Fetch): Promise<ArrivingFile | undefined> {
  try {
    const found = await context.engine.get(wantedOf(fetch));
    return 'download' in found ? arriving(context, fetch, found) : undefined;
  } catch (cause) {
    return notFound(context, fetch, cause);
  }
}

/** Asks for the headers of a file only. */
export async function headFrom(context: BkContext, fetch: Fetch): Promise<Omit<ArrivingFile, 'open'> | undefined> {
  try {
    const found = await context.engine.head(wantedOf(fetch));
    if (!('answer' in found)) return undefined;
    return { contentType: found.answer.header('content-type'), length: found.answer.length };
  } catch (cause) {
    return notFound(context, fetch, cause);
  }
}

/** Only 404 and 410 say that an upstream does not have a file; after anything else the next one must not answer for it. */
function notFound(context: BkContext, { repository, source }: Fetch, cause: unknown): undefined {
  if (cause instanceof UpstreamError && cause.isAbsence) return undefined;
  context.logger.warn('an upstream did not answer', { repository: repository.name, source: source.name, reason: reasonOf(cause) });
  throw cause;
}

function arriving(context: BkContext, fetch: Fetch, found: Found & { download: unknown }): ArrivingFile {
  const { download } = found as Extract<Found, { download: unknown }>;
  const { answer } = download;
  const keeps = found.source === 'remote' && cacheOf(fetch.repository).enabled;
  const kept = keeps ? download.done.then(({ hash }) => keep(context, fetch, hash)) : Promise.resolve();
  const settled = kept.catch((cause: unknown) =>
    context.logger.warn('a fetched file was not kept', { path: fetch.place.path, reason: reasonOf(cause) }),
  );
  const open = (range?: ByteRange) => (range ? download.read(range) : delayed(download.read(), settled));
  return { contentType: answer.header('content-type'), length: answer.length, open };
}

async function keep(context: BkContext, { place, by }: Fetch, hash: string): Promise<void> {
  const received = await receive(context.store.blobs, await context.store.blobs.read(hash));
  await Changes.run(context, by, (changes) => changes.putFile(place, { ...received, metadata: [], expires: 0, overwrite: true }));
}

/** Holds the last piece back until a promise settles. */
async function* delayed(pieces: AsyncIterable<Buffer>, settled: Promise<void>): AsyncGenerator<Buffer, void> {
  let held: Buffer | undefined;
  for await (const piece of pieces) {
    if (held) yield held;
    held = piece;
  }
  await settled;
  if (held) yield held;
}

function wantedOf({ repository, source, place }: Fetch) {
  return { remote: remoteOf(repository, source), path: place.path.slice(1), query: '', accept: '*/*', insists: true };
}

/** An upstream in the form that the proxy engine takes; its cache stays unused, for files are kept as nodes. */
function remoteOf({ projectId, name, lastModifiedDate }: Repository, { name: source, url, username, password }: Source): Remote {
  return {
    name: `bkrepo:${projectId}/${name}/${source}`,
    repo_type: 'remote',
    package_type: 'generic',
    ...unsetRemoteSettings,
    mutable_ttl: 0,
    base_url: url,
    username,
    password: new Secret(password),
    created_at: lastModifiedDate,
    updated_at: lastModifiedDate,
  };
}

/** The kept copy of a file, which may be too old. */
export function keptCopy(context: BkContext, place: NodeKey): Promise<Node | undefined> {
  return new Nodes(context.store.metadata).find(place);
}
