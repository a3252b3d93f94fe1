import { setImmediate as breathe } from 'node:timers/promises';
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { type Blob } from './blobs';
import { isUnheld } from './holds';
import { type MetadataStore } from './metadata';
import { type Tables } from './tables';

/** How many rows are looked at together, and among how many some are looked for. */
const BATCH = 500;
const STRIDE = 2000;

/** A blob as the tables have it. */
export interface KnownBlob {
  readonly hash: string;
  readonly size: number;
  /** Which bytes under the hash are the blob's; empty where there can be no others. */
  readonly place: string;
  readonly isKept: boolean;
}

/** What the tables say of all blobs. */
export interface KnownBlobs {
  /** The condition that nothing keeps a row of `blobs`. */
  readonly unkept: RawBuilder<SqlBool>;
  /** All of them, by hash. */
  all(): AsyncIterable<KnownBlob>;
  /** One of them. */
  find(hash: string): Promise<KnownBlob | undefined>;
  /** Those that nothing keeps and that were last written before a time, in batches. */
  orphans(before: string): AsyncIterable<readonly Blob[]>;
  /** The tables with rows that keep a blob, and the first of those rows in each. */
  keepersOf(hash: string): Promise<{ readonly table: string; readonly row: Readonly<Record<string, unknown>> }[]>;
}

/** Which blobs there are and whether anything keeps them, for any store of their bytes. */
export class BlobIndex implements KnownBlobs {
  /** The condition that nothing keeps a row of `blobs`. */
  readonly unkept: RawBuilder<SqlBool>;

  /** `keepers` are the tables whose rows keep the blob that their column `hash` names. */
  constructor(
    private readonly metadata: MetadataStore,
    private readonly keepers: readonly string[],
  ) {
    const each = keepers.map((table) => sql`not exists (select 1 from ${sql.table(table)} where ${sql.ref(`${table}.hash`)} = blobs.hash)`);
    this.unkept = sql<SqlBool>`(${sql.join(each, sql` and `)})`;
  }

  /**
   * Notes a blob and puts its bytes in place; nobody deletes them in between: the row of a blob is locked until its transaction ends. There
   * is a row before, so that collection finds the bytes of a process that died before the end.
   */
  async add(blob: Blob, place: () => Promise<void>): Promise<void> {
    const announced = { ...blob, created_at: new Date(this.metadata.now()).toISOString() };
    const announcement = this.metadata.tables<Tables>().insertInto('blobs').values(announced);
    await announcement.onConflict((c) => c.column('hash').doNothing()).execute();
    await this.metadata.transactionOnce(async (inside) => {
      const created_at = new Date(inside.now()).toISOString();
      const insert = inside
        .tables<Tables>()
        .insertInto('blobs')
        .values({ ...blob, created_at });
      await insert.onConflict((c) => c.column('hash').doUpdateSet({ created_at })).execute();
      await place();
    });
  }

  /**
   * Forgets a blob and erases its bytes if nothing keeps it and it was last written before a time; returns whether it did. What keeps it
   * since the look at its keepers fails the statement, as all of them reference the row; what comes after waits and finds no row. The bytes
   * go before the end: should the process die in between, a row without bytes is left, which the next writing or collection sets right.
   */
  async drop(hash: string, before: string, erase: () => Promise<void>): Promise<boolean> {
    return this.metadata.transactionOnce(async (inside) => {
      const query = inside.tables<Tables>().deleteFrom('blobs').where('hash', '=', hash).where('created_at', '<', before);
      const { numDeletedRows } = await query.where(this.unkept).where(isUnheld(inside.now())).executeTakeFirst();
      if (numDeletedRows === 0n) return false;
      await erase();
      return true;
    });
  }

  async *all(): AsyncGenerator<KnownBlob, void> {
    for (let after = ''; ;) {
      const rows = await this.#known().where('hash', '>', after).orderBy('hash').limit(BATCH).execute();
      const last = rows.at(-1);
      if (!last) return;
      after = last.hash;
      for (const row of rows) yield knownOf(row);
    }
  }

  async find(hash: string): Promise<KnownBlob | undefined> {
    const row = await this.#known().where('hash', '=', hash).executeTakeFirst();
    return row && knownOf(row);
  }

  async keepersOf(hash: string): Promise<{ readonly table: string; readonly row: Readonly<Record<string, unknown>> }[]> {
    const db = this.metadata.tables<Record<string, { hash: string }>>();
    const found = await Promise.all(
      this.keepers.map(async (table) => ({
        table,
        row: await db.selectFrom(table).selectAll().where('hash', '=', hash).executeTakeFirst(),
      })),
    );
    return found.flatMap(({ table, row }) => (row ? [{ table, row }] : []));
  }

  /** Whether some tables keep anything. */
  async isKept(tables: readonly string[] = this.keepers): Promise<boolean> {
    const db = this.metadata.tables<Record<string, { hash: string | null }>>();
    for (const table of tables)
      if ((await db.selectFrom(table).select('hash').where('hash', 'is not', null).limit(1).executeTakeFirst()) !== undefined) return true;
    return false;
  }

  #known() {
    const db = this.metadata.tables<{ blobs: { hash: string; size: number; place: string } }>();
    return db.selectFrom('blobs').select(['hash', 'size', 'place', this.unkept.as('unkept')]);
  }

  /** Erases bytes that no row names; returns whether it did. Nobody places others under the hash meanwhile. */
  eraseStray(hash: string, erase: () => Promise<void>): Promise<boolean> {
    return this.metadata.transactionOnce(async (inside) => {
      const db = inside.tables<Tables>();
      // A row that another process is adding makes this wait for it.
      const insert = db.insertInto('blobs').values({ hash, size: 0, created_at: new Date(inside.now()).toISOString() });
      const { numInsertedOrUpdatedRows } = await insert.onConflict((c) => c.column('hash').doNothing()).executeTakeFirst();
      if ((numInsertedOrUpdatedRows ?? 0n) === 0n) return false;
      await erase();
      await db.deleteFrom('blobs').where('hash', '=', hash).execute();
      return true;
    });
  }

  /** The blobs that nothing keeps and that were last written before a time, in batches. No statement looks at all blobs to find a few. */
  async *orphans(before: string): AsyncGenerator<readonly Blob[], void> {
    const blobs = this.metadata.tables<Tables>().selectFrom('blobs');
    for (let after: string | undefined = ''; after !== undefined;) {
      const end = await this.#strideFrom(after);
      const rest = blobs.select(['hash', 'size']).where('hash', '>', after).where('created_at', '<', before).where(this.unkept);
      const rows = await (end === undefined ? rest : rest.where('hash', '<=', end)).orderBy('hash').execute();
      if (rows.length > 0) yield rows.map(({ hash, size }) => ({ hash, size: Number(size) }));
      after = end;
      await breathe();
    }
  }

  /** The hash that is so many rows after another one. */
  async #strideFrom(after: string): Promise<string | undefined> {
    const query = this.metadata.tables<Tables>().selectFrom('blobs').select('hash').where('hash', '>', after);
    return (await query.orderBy('hash').offset(STRIDE).limit(1).executeTakeFirst())?.hash;
  }
}

function knownOf({ hash, size, place, unkept }: { hash: string; size: number; place: string; unkept: unknown }): KnownBlob {
  return { hash, size: Number(size), place, isKept: !unkept || unkept === '0' };
}
