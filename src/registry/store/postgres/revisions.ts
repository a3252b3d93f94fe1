import { type Kysely, sql } from 'kysely';
import { type TableSet } from '../metadata';
import { DatabaseAway, DatabaseNewer } from './problems';

/** What tells whether something has changed. */
export interface RevisionTables {
  revisions: { topic: string; revision: number };
}

/** How long what is known counts while the database cannot be asked: files in memory are served so long, by the rules known last. */
const STALE_FOR_MS = 60_000;

/** The table of the revisions, which only an engine has that several processes use. */
export const revisionTables: TableSet = {
  name: 'revisions',
  migrations: [
    async (db) => {
      await db.schema
        .createTable('revisions')
        .addColumn('topic', 'text', (c) => c.primaryKey())
        .addColumn('revision', 'bigint', (c) => c.notNull())
        .execute();
    },
  ],
};

/** Tells, inside a transaction or as one of its own, that what a topic stands for changes. */
export async function touchRevision(db: Kysely<RevisionTables>, topic: string): Promise<void> {
  const insert = db.insertInto('revisions').values({ topic, revision: 1 });
  await insert.onConflict((c) => c.column('topic').doUpdateSet((eb) => ({ revision: eb('revisions.revision', '+', 1) }))).execute();
}

/** Reads revisions: all that are asked for while one statement runs share the next. */
export class Revisions {
  readonly #known = new Map<string, number>();
  #confirmed = performance.now();
  #next: { readonly topics: Set<string>; readonly done: Promise<void> } | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(private readonly db: Kysely<RevisionTables>) {}

  /** The number of a topic as it is in the database now. */
  async get(topic: string): Promise<number> {
    const batch = (this.#next ??= this.#begin());
    batch.topics.add(topic);
    await batch.done.catch((cause: unknown) => {
      // What others ask for at the same time, and is not known, does not count.
      if (!this.#known.has(topic) || !this.#isUnsure(cause)) throw cause;
    });
    return this.#known.get(topic) ?? 0;
  }

  #begin() {
    const topics = new Set<string>();
    const done = this.#running.then(() => {
      this.#next = undefined;
      return this.#read([...topics]);
    });
    this.#running = done.catch(() => undefined);
    return { topics, done };
  }

  async #read(topics: readonly string[]): Promise<void> {
    const query = this.db.selectFrom('revisions').selectAll();
    const rows = await query.where('topic', '=', sql<string>`any(${topics})`).execute();
    const found = new Map(rows.map(({ topic, revision }) => [topic, revision]));
    for (const topic of topics) this.#known.set(topic, found.get(topic) ?? 0);
    this.#confirmed = performance.now();
  }

  /** Whether what was known last still counts. */
  #isUnsure(cause: unknown): boolean {
    if (!(cause instanceof DatabaseAway) || cause instanceof DatabaseNewer) return false;
    return performance.now() - this.#confirmed <= STALE_FOR_MS;
  }
}
