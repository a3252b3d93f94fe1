import { sql } from 'kysely';
import { type Blob } from './blobs';
import { afterFolder } from './folders';
import { KeptRows } from './kept-rows';
import { type MetadataStore } from './metadata';
import { type Remote, REPOSITORIES, Repositories } from './repositories';
import { type ArtifactRow, type Metadata, type Tables } from './tables';
import { type PageOf, walkTo, type Window } from './pages';

/** Which cached object: the remote, the path, and the variant that the client's Accept header selected. */
export interface ArtifactKey {
  readonly remote: string;
  readonly path: string;
  readonly variant: string;
}

interface Hits {
  readonly key: ArtifactKey;
  readonly count: number;
  readonly bytes: number;
  readonly at: string;
}

/** What is to be evicted. */
export interface Eviction {
  /** Only what was used last before this time. */
  readonly before: string;
  readonly limit: number;
  readonly bytes: number;
  /** Whether a blob is being sent to somebody. */
  isUsed(hash: string): boolean;
}

type NewArtifact = Omit<ArtifactRow, 'access_count' | 'fetch_count' | 'bytes_served'>;

/** When an expired object was validated, whatever its TTL: at no time that a clock has shown. */
export const EXPIRED = 0;

const FLUSH_AFTER_MS = 1000;
/** How many objects one statement counts answers of. */
const BATCH = 1000;
/** How many objects are kept in memory: their rows, not their content. */
const KEPT = 20_000;
/** Into how many parts the objects fall that are known to have changed or not. */
const PARTS = 1024;

/** The cached objects of the remotes, and how often they were served. */
export class Artifacts {
  readonly #hits = new Map<string, Hits>();
  #timer: NodeJS.Timeout | undefined;

  readonly #db: Metadata;
  readonly #kept: KeptRows<ArtifactRow>;

  constructor(private readonly metadata: MetadataStore) {
    this.#db = metadata.tables();
    this.#kept = new KeptRows(metadata, REPOSITORIES, KEPT);
  }

  /** One cached object; its counters and its last use may be those of a moment ago. */
  find(key: ArtifactKey): Promise<ArtifactRow | undefined> {
    return this.#kept.get(idOf(key), [topicOf(key)], async () => {
      const row = await this.#where(key).selectAll().executeTakeFirst();
      return row && toNumbers(row);
    });
  }

  /**
   * Adds an object, or replaces its content and counts one more fetch; refused when its remote is gone or leads elsewhere by now, or when the copy that
   * it was to replace is: what was fetched before an eviction is not kept after it.
   */
  put(from: Remote, row: NewArtifact, { replaces = false }: { readonly replaces?: boolean } = {}): Promise<boolean> {
    return this.metadata.transaction(async (inside) => {
      if (!(await new Repositories(inside).leadsAsBefore(from))) return false;
      if (replaces && !(await new Artifacts(inside).#where(row).select('hash').executeTakeFirst())) return false;
      await inside.touch(topicOf(row));
      await new Artifacts(inside).#put(row);
      return true;
    });
  }

  async #put(row: NewArtifact): Promise<void> {
    const { remote: _remote, path: _path, variant: _variant, created_at: _created, accessed_at: _accessed, ...content } = row;
    await this.#db
      .insertInto('artifacts')
      .values({ ...row, access_count: 0, fetch_count: 1, bytes_served: 0 })
      .onConflict((c) =>
        c.columns(['remote', 'path', 'variant']).doUpdateSet((eb) => ({ ...content, fetch_count: eb('artifacts.fetch_count', '+', 1) })),
      )
      .execute();
  }

  /** Notes that the upstream said an object is still the same. */
  async validated(key: ArtifactKey, at: string): Promise<void> {
    const { remote, path, variant } = key;
    await this.#changing([key], async (trx) => {
      const query = trx.updateTable('artifacts').set({ validated_at: at });
      await query.where('remote', '=', remote).where('path', '=', path).where('variant', '=', variant).execute();
    });
  }

  /** Expires objects, so that their next use revalidates them. */
  async expire(remote: string, paths: readonly string[]): Promise<void> {
    const keys = paths.map((path) => ({ remote, path }));
    await this.#changing(keys, async (trx) => {
      const query = trx.updateTable('artifacts').set({ validated_at: new Date(EXPIRED).toISOString() });
      await query.where('remote', '=', remote).where('path', 'in', paths).execute();
    });
  }

  /** Counts one answer; the database hears of it within a second. */
  hit(key: ArtifactKey, bytes: number): void {
    this.#count({ key, count: 1, bytes, at: new Date(this.metadata.now()).toISOString() });
  }

  /** Writes the counted answers down; those that cannot be are kept for later. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const all = [...this.#hits.values()];
    this.#hits.clear();
    for (let start = 0; start < all.length; start += BATCH) {
      try {
        await this.#add(all.slice(start, start + BATCH));
      } catch (cause) {
        for (const hits of all.slice(start)) this.#count(hits);
        throw cause;
      }
    }
  }

  #count({ key, count, bytes, at }: Hits): void {
    const id = idOf(key);
    const before = this.#hits.get(id);
    this.#hits.set(id, { key, count: count + (before?.count ?? 0), bytes: bytes + (before?.bytes ?? 0), at });
    this.#timer ??= setTimeout(() => void this.flush().catch(() => undefined), FLUSH_AFTER_MS).unref();
  }

  async #add(batch: readonly Hits[]): Promise<void> {
    const rows = batch.map(
      ({ key, count, bytes, at }) =>
        sql`(${key.remote}, ${key.path}, ${key.variant}, cast(${count} as bigint), cast(${bytes} as bigint), ${at})`,
    );
    await sql`update artifacts set access_count = access_count + hits.column4, bytes_served = bytes_served + hits.column5,
      accessed_at = case when accessed_at < hits.column6 then hits.column6 else accessed_at end
      from (values ${sql.join(rows)}) as hits
      where remote = hits.column1 and path = hits.column2 and variant = hits.column3`.execute(this.#db);
  }

  /** One page of a remote's objects, by path. */
  async page(remote: string, window: Window): Promise<PageOf<ArtifactRow>> {
    await this.flush();
    const total = await this.#total(remote);
    const walk = walkTo(window, total);
    if (!walk) return { rows: [], total };
    const keys = this.#db.selectFrom('artifacts').select(['path', 'variant']).where('remote', '=', remote);
    const first = await keys.orderBy('path', walk.order).orderBy('variant', walk.order).offset(walk.steps).limit(1).executeTakeFirst();
    if (!first) return { rows: [], total };
    const query = this.#db.selectFrom('artifacts').selectAll().where('remote', '=', remote);
    const rows = query.where(({ eb, refTuple, tuple }) => eb(refTuple('path', 'variant'), '>=', tuple(first.path, first.variant)));
    return { rows: (await rows.orderBy('path').orderBy('variant').limit(window.limit).execute()).map(toNumbers), total };
  }

  async #total(remote: string): Promise<number> {
    const query = this.#db.selectFrom('artifacts').select(({ fn }) => fn.countAll<number>().as('n'));
    return Number((await query.where('remote', '=', remote).executeTakeFirstOrThrow()).n);
  }

  /** The most used objects of all remotes in the registry's own tables. */
  async top(by: 'access_count' | 'bytes_served', limit: number): Promise<ArtifactRow[]> {
    await this.flush();
    const listed = this.#db.selectFrom('remotes').select('name');
    const query = this.#db.selectFrom('artifacts').selectAll().where('remote', 'in', listed).where(by, '>', 0);
    return (await query.orderBy(by, 'desc').orderBy('remote').orderBy('path').limit(limit).execute()).map(toNumbers);
  }

  /** Forgets every variant of an object; returns whether there was one. */
  evict(remote: string, path: string): Promise<boolean> {
    return this.#changing([{ remote, path }], async (trx) => {
      const query = trx.deleteFrom('artifacts').where('remote', '=', remote).where('path', '=', path);
      return (await query.executeTakeFirst()).numDeletedRows > 0n;
    });
  }

  /** Forgets all objects below a folder, whose path ends with a slash; returns how many variants there were. */
  evictBelow(remote: string, folder: string): Promise<number> {
    return this.metadata.transaction(async (inside) => {
      await inside.touch(REPOSITORIES);
      const query = inside.tables<Tables>().deleteFrom('artifacts').where('remote', '=', remote);
      const { numDeletedRows } = await query.where('path', '>=', folder).where('path', '<', afterFolder(folder)).executeTakeFirst();
      return Number(numDeletedRows);
    });
  }

  /** Forgets all objects that have some content. */
  evictContent(hash: string): Promise<void> {
    return this.metadata.transaction(async (inside) => {
      const db = inside.tables<Tables>();
      const rows = await db.selectFrom('artifacts').select(['remote', 'path']).where('hash', '=', hash).execute();
      for (const topic of new Set(rows.map(topicOf))) await inside.touch(topic);
      await db.deleteFrom('artifacts').where('hash', '=', hash).execute();
    });
  }

  /** The bytes of all cached objects; content that several of them share counts for each. */
  async bytes(): Promise<number> {
    const query = this.#db.selectFrom('artifacts').select(({ fn }) => fn.sum<number>('size').as('bytes'));
    return Number((await query.executeTakeFirstOrThrow()).bytes ?? 0);
  }

  /**
   * Forgets those of all remotes that were used longest ago, in one step: so many at most, until so many bytes are free, and none that is used
   * now or was used again since the look at it. Returns the blobs of those that are gone.
   */
  async evictOldest({ before, limit, bytes, isUsed }: Eviction): Promise<Blob[]> {
    await this.flush();
    const query = this.#db.selectFrom('artifacts').select(['remote', 'path', 'variant', 'hash', 'size', 'accessed_at']);
    const oldest = await query.where('accessed_at', '<', before).orderBy('accessed_at').limit(limit).execute();
    return this.metadata.transaction(async (inside) => {
      const trx: Metadata = inside.tables();
      const gone: Blob[] = [];
      let freed = 0;
      for (const { remote, path, variant, hash, size, accessed_at } of oldest) {
        if (freed >= bytes) break;
        if (this.#hits.has(idOf({ remote, path, variant })) || isUsed(hash)) continue;
        await inside.touch(topicOf({ remote, path }));
        const found = trx.deleteFrom('artifacts').where('remote', '=', remote).where('path', '=', path).where('variant', '=', variant);
        // Used since by whoever shares the store: the time is another one then.
        const { numDeletedRows } = await found.where('accessed_at', '=', accessed_at).executeTakeFirst();
        if (numDeletedRows === 0n) continue;
        gone.push({ hash, size: Number(size) });
        freed += Number(size);
      }
      return gone;
    });
  }

  #changing<T>(keys: readonly Place[], step: (trx: Metadata) => Promise<T>): Promise<T> {
    return this.metadata.transaction(async (inside) => {
      for (const key of keys) await inside.touch(topicOf(key));
      return step(inside.tables());
    });
  }

  /** Forgets all objects of a remote. */
  forget(remote: string): Promise<void> {
    return this.metadata.transaction(async (inside) => {
      await inside.touch(REPOSITORIES);
      await inside.tables<Tables>().deleteFrom('artifacts').where('remote', '=', remote).execute();
    });
  }

  #where({ remote, path, variant }: ArtifactKey) {
    return this.#db.selectFrom('artifacts').where('remote', '=', remote).where('path', '=', path).where('variant', '=', variant);
  }
}

type Place = Pick<ArtifactKey, 'remote' | 'path'>;

function idOf({ remote, path, variant }: ArtifactKey): string {
  return `${remote}\n${variant}\n${path}`;
}

/** What stands for an object, with those others that happen to fall into the same part. */
function topicOf({ remote, path }: Place): string {
  let sum = 0;
  for (let index = 0; index < path.length; index++) sum = (Math.imul(sum, 31) + path.charCodeAt(index)) | 0;
  for (let index = 0; index < remote.length; index++) sum = (Math.imul(sum, 31) + remote.charCodeAt(index)) | 0;
  return `artifacts ${(sum >>> 0) % PARTS}`;
}

/** Some engines answer 64-bit integers as texts. */
function toNumbers(row: ArtifactRow): ArtifactRow {
  const { size, status, access_count, fetch_count, bytes_served } = row;
  return {
    ...row,
    size: Number(size),
    status: Number(status),
    access_count: Number(access_count),
    fetch_count: Number(fetch_count),
    bytes_served: Number(bytes_served),
  };
}
