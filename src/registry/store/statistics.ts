import { type MetadataStore } from './metadata';
import { type Tables } from './tables';

/** How much the registry holds and how often it was used. */
export interface Statistics {
  readonly remotes: number;
  readonly locals: number;
  readonly virtuals: number;
  readonly artifacts: number;
  readonly local_files: number;
  readonly blobs: number;
  readonly total_size: number;
  readonly total_hits: number;
  readonly total_fetches: number;
  readonly bytes_served: number;
}

/** With more objects than this, adding them up takes so long that others notice. */
const MANY = 100_000;
const FRESH_MS = 60_000;

interface Kept {
  readonly at: number;
  readonly answer: Promise<unknown>;
}

/** Figures about all objects: exact, but where there are many objects, a minute old at most. */
export class Figures {
  readonly #kept = new Map<string, Kept>();

  constructor(
    private readonly metadata: MetadataStore,
    private readonly many = MANY,
  ) {}

  /** Figures by their name, of which there may be a handful. */
  async get<T>(name: string, make: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(name);
    if (kept && performance.now() - kept.at < FRESH_MS) return kept.answer as Promise<T>;
    if (!(await this.#areMany())) return make();
    const answer = make();
    this.#kept.set(name, { at: performance.now(), answer });
    answer.catch(() => this.#kept.delete(name));
    return answer;
  }

  async #areMany(): Promise<boolean> {
    const query = this.metadata.tables<Tables>().selectFrom('blobs').select('hash').offset(this.many).limit(1);
    return (await query.executeTakeFirst()) !== undefined;
  }
}

/** The bytes of all blobs but some. */
export async function blobBytes(metadata: MetadataStore, except: readonly string[] = []): Promise<number> {
  const query = metadata
    .tables<Tables>()
    .selectFrom('blobs')
    .select(({ fn }) => fn.sum<number>('size').as('bytes'));
  const rest = except.length === 0 ? query : query.where('hash', 'not in', except);
  return Number((await rest.executeTakeFirstOrThrow()).bytes ?? 0);
}

/** Counts what the registry holds. */
export async function statistics(metadata: MetadataStore): Promise<Statistics> {
  const db = metadata.tables<Tables>();
  const kinds = await db
    .selectFrom('remotes')
    .select('repo_type')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .groupBy('repo_type')
    .execute();
  const count = (kind: string) => Number(kinds.find((row) => row.repo_type === kind)?.n ?? 0);
  const rows = async (table: 'virtuals' | 'local_files') =>
    Number(
      (
        await db
          .selectFrom(table)
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    );
  const blobs = await db
    .selectFrom('blobs')
    .select(({ fn }) => [fn.countAll<number>().as('n'), fn.sum<number>('size').as('size')])
    .executeTakeFirstOrThrow();
  const cached = await db
    .selectFrom('artifacts')
    .where('remote', 'in', db.selectFrom('remotes').select('name'))
    .select(({ fn }) => [
      fn.countAll<number>().as('n'),
      fn.sum<number>('access_count').as('hits'),
      fn.sum<number>('fetch_count').as('fetches'),
      fn.sum<number>('bytes_served').as('bytes'),
    ])
    .executeTakeFirstOrThrow();
  return {
    remotes: count('remote'),
    locals: count('local'),
    virtuals: await rows('virtuals'),
    artifacts: Number(cached.n),
    local_files: await rows('local_files'),
    blobs: Number(blobs.n),
    total_size: Number(blobs.size ?? 0),
    total_hits: Number(cached.hits ?? 0),
    total_fetches: Number(cached.fetches ?? 0),
    bytes_served: Number(cached.bytes ?? 0),
  };
}
