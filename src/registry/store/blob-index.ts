import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { type Blob } from './blobs';
import { type MetadataStore } from './metadata';
import { type Tables } from './tables';

/** How many rows are looked at together. */
const BATCH = 500;

/** Which blobs there are and whether anything keeps them, for any store of their bytes. */
export class BlobIndex {
  /** The condition that nothing keeps a row of `blobs`. */
  readonly unkept: RawBuilder<SqlBool>;

  /** `keepers` are the tables whose rows keep the blob that their column `hash` names. */
  constructor(
    private readonly metadata: MetadataStore,
    keepers: readonly string[],
  ) {
    const each = keepers.map((table) => sql`not exists (select 1 from ${sql.table(table)} where ${sql.ref(`${table}.hash`)} = blobs.hash)`);
    this.unkept = sql<SqlBool>`(${sql.join(each, sql` and `)})`;
  }

  /** Notes a blob and puts its bytes in place; nobody deletes them in between: the row of a blob is locked until its transaction ends. */
  async add(blob: Blob, place: () => Promise<void>): Promise<void> {
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
      const { numDeletedRows } = await query.where(this.unkept).executeTakeFirst();
      if (numDeletedRows === 0n) return false;
      await erase();
      return true;
    });
  }

  /** The blobs that nothing keeps and that were last written before a time, in batches. */
  async *orphans(before: string): AsyncGenerator<readonly string[], void> {
    for (let after = ''; ;) {
      const query = this.metadata.tables<Tables>().selectFrom('blobs').select('hash').where('created_at', '<', before);
      const rows = await query.where('hash', '>', after).where(this.unkept).orderBy('hash').limit(BATCH).execute();
      const last = rows.at(-1);
      if (!last) return;
      after = last.hash;
      yield rows.map(({ hash }) => hash);
    }
  }
}
