import * as z from 'zod';
import { unsetRemoteSettings } from '../../store/remote-settings';
import { type Remote } from '../../store/repositories';
import { Secret } from '../../store/secret';
import { type Repository } from './model';
import { BkTables, keyOf, liveRepository } from './tables';

/** An upstream of a repository. */
export interface Source {
  readonly name: string;
  readonly url: string;
  readonly username: string;
  readonly password: string;
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

/** Whether a repository caches what it fetches, and for how many minutes; 0 and less are for ever. */
export function cacheOf({ configuration }: Repository): { enabled: boolean; expiration: number } {
  const own = cacheSchema.optional().parse(configuration['cache']);
  const composite = compositeSchema.safeParse(configuration).data?.proxy.cache;
  return own ?? composite ?? { enabled: true, expiration: -1 };
}

/** The upstreams of a repository, in the order they are asked. */
export async function sourcesOf(tables: BkTables, repository: Repository): Promise<Source[]> {
  const { configuration, projectId, name } = repository;
  if (repository.category === 'REMOTE') {
    const parsed = remoteSchema.safeParse(configuration).data;
    if (!parsed?.url) return [];
    const { username, password } = parsed.credentials ?? {};
    return [{ name: 'remote', url: parsed.url, username: username ?? '', password: password ?? '' }];
  }
  if (repository.category !== 'COMPOSITE') return [];
  const channels = await tables.channels.within(keyOf(projectId, name));
  return (compositeSchema.safeParse(configuration).data?.proxy.channelList ?? []).flatMap((setting) => {
    const channel = channels.find((each) => each.name === setting.name);
    return channel ? [{ name: channel.name, url: channel.url, username: channel.username ?? '', password: channel.password ?? '' }] : [];
  });
}

/** An upstream in the form that the proxy takes, for a package type. */
export function remoteOf(repository: Repository, source: Source, packageType: string): Remote {
  const { createdDate, lastModifiedDate } = repository;
  const { expiration } = cacheOf(repository);
  const ttl = Math.max(0, expiration) * 60;
  return {
    name: cacheName(repository, source),
    repo_type: 'remote',
    package_type: packageType,
    ...unsetRemoteSettings,
    // For ever is meant of files: also where they are kept for ever, a real server asks for an index each time.
    immutable_ttl: ttl,
    mutable_ttl: ttl,
    base_url: source.url,
    username: source.username,
    password: new Secret(source.password),
    created_at: createdDate,
    updated_at: lastModifiedDate,
    owner: { keeps: async (inside) => isKept(new BkTables(inside), repository, source) },
  };
}

/**
 * Forgets what was cached of upstreams that a repository has no more, or reaches with other credentials: who is told now may not see what
 * others were sent. To be called where the change is made, with what the repository was before.
 */
export async function forgetLost(tables: BkTables, before: Repository, sources: readonly Source[]): Promise<void> {
  for (const source of sources) {
    if (!(await isKept(tables, before, source))) await tables.forgetCached(cacheName(before, source));
  }
}

/** Whether a repository that was seen earlier still keeps what an upstream sends: it is the same one and asks there in the same way. */
async function isKept(tables: BkTables, { projectId, name, createdDate, type }: Repository, source: Source): Promise<boolean> {
  const now = await liveRepository(tables, projectId, name);
  if (now?.createdDate !== createdDate || now.type !== type || !cacheOf(now).enabled) return false;
  return (await sourcesOf(tables, now)).some((each) => FACTS.every((fact) => each[fact] === source[fact]));
}

const FACTS = ['name', 'url', 'username', 'password'] as const;

/** Under which name its objects are kept; no repository of another backend has slashes in its name. */
function cacheName({ projectId, name }: Repository, source: Source): string {
  return keyOf(projectId, name, source.name);
}
