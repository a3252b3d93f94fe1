import { type Kysely, type RawBuilder, type SqlBool } from 'kysely';
import { type Blob } from '../blobs';
import { isUnheld } from '../holds';
import { type MetadataStore, type Migration } from '../metadata';

/** An object in the bucket: of a blob's hash, at a place that is used once. */
export interface ObjectName {
  readonly hash: string;
  readonly place: string;
}

/** The tables, as this store sees them. */
export interface ObjectTables {
  blobs: { hash: string; size: number; created_at: string; place: string };
  /** Objects that may be in the bucket although no blob is at their place: they are being written, or are to be deleted. */
  loose_objects: { hash: string; place: string; condemned: number; created_at: string };
}

/** Adds what a store needs that cannot place and erase bytes within a transaction. */
export const createObjects: Migration = async (db) => {
  await db.schema
    .alterTable('blobs')
    .addColumn('place', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
  await db.schema
    .createTable('loose_objects')
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('place', 'text', (c) => c.notNull())
    .addColumn('condemned', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('loose_objects_key', ['hash', 'place'])
    .execute();
};

/**
 * Which objects of a bucket are blobs. A bucket takes part in no transaction, so an object is never deleted while a row may name it, and a
 * place is never used twice. Each object is loose first (`announce`), then a blob's (`adopt`), then loose and condemned (`drop`), then
 * deleted and forgotten; each step is one transaction. See docs/design/029-object-storage.md.
 */
export class ObjectIndex {
  /** `unkept` is the condition that nothing keeps a row of `blobs`. */
  constructor(
    private readonly metadata: MetadataStore,
    private readonly unkept: RawBuilder<SqlBool>,
  ) {}

  /** Where a blob is, and its size. */
  async find(hash: string): Promise<{ readonly place: string; readonly size: number } | undefined> {
    const row = await this.#db().selectFrom('blobs').select(['place', 'size']).where('hash', '=', hash).executeTakeFirst();
    return row && { place: row.place, size: Number(row.size) };
  }

  /** Tells that an object is about to be written. */
  async announce({ hash, place }: ObjectName): Promise<void> {
    await this.#db()
      .insertInto('loose_objects')
      .values({ hash, place, condemned: 0, created_at: timeOf(this.metadata) })
      .execute();
  }

  /** Tells that it is still being written; who does so goes on telling until it is adopted or given up. */
  async stillWriting({ hash, place }: ObjectName): Promise<void> {
    const query = this.#db()
      .updateTable('loose_objects')
      .set({ created_at: timeOf(this.metadata) })
      .where('hash', '=', hash)
      .where('place', '=', place);
    await query.where('condemned', '=', 0).execute();
  }

  /**
   * Makes a written object the blob's, unless the blob has another one by now that is not at `bad`. The answer is the place that counts;
   * undefined if the object has been condemned meanwhile.
   */
  adopt({ hash, size, place }: Blob & ObjectName, bad: string | undefined): Promise<string | undefined> {
    return this.metadata.transaction(async (inside) => {
      const db = inside.tables<ObjectTables>();
      const own = db.deleteFrom('loose_objects').where('hash', '=', hash).where('place', '=', place).where('condemned', '=', 0);
      if ((await own.executeTakeFirst()).numDeletedRows === 0n) return undefined;
      const row = await db.selectFrom('blobs').select('place').where('hash', '=', hash).executeTakeFirst();
      const counts = row === undefined || row.place === bad ? place : row.place;
      const values = { size, created_at: timeOf(inside), place: counts };
      const insert = db.insertInto('blobs').values({ hash, ...values });
      await insert.onConflict((c) => c.column('hash').doUpdateSet(values)).execute();
      const other = counts === place ? row?.place : place;
      if (other) await condemn(inside, { hash, place: other });
      return counts;
    });
  }

  /** Keeps a blob that nothing refers to from deletion for as long as a new one; false if it is not there any more. */
  async renew({ hash, place }: ObjectName): Promise<boolean> {
    const query = this.#db()
      .updateTable('blobs')
      .set({ created_at: timeOf(this.metadata) })
      .where('hash', '=', hash)
      .where('place', '=', place);
    return (await query.executeTakeFirst()).numUpdatedRows > 0n;
  }

  /** Forgets a blob if nothing keeps it and it was last written before a time; the answer is its place, to be erased. */
  drop(hash: string, before: string): Promise<string | undefined> {
    return this.metadata.transaction(async (inside) => {
      const db = inside.tables<ObjectTables>();
      const row = await db.selectFrom('blobs').select('place').where('hash', '=', hash).executeTakeFirst();
      if (!row) return undefined;
      const query = db.deleteFrom('blobs').where('hash', '=', hash).where('created_at', '<', before).where(this.unkept);
      if ((await query.where(isUnheld(inside.now())).executeTakeFirst()).numDeletedRows === 0n) return undefined;
      await condemn(inside, { hash, place: row.place });
      return row.place;
    });
  }

  /** Gives an object up that was announced and not adopted; false if it has been adopted. */
  async giveUp({ hash, place }: ObjectName): Promise<boolean> {
    const query = this.#db().updateTable('loose_objects').set({ condemned: 1 }).where('hash', '=', hash).where('place', '=', place);
    return (await query.executeTakeFirst()).numUpdatedRows > 0n;
  }

  /** Gives all up of which nobody has told since a time that they are being written: whoever wrote them is gone, or fails in `adopt`. */
  async giveUpBefore(before: string): Promise<void> {
    await this.#db()
      .updateTable('loose_objects')
      .set({ condemned: 1 })
      .where('condemned', '=', 0)
      .where('created_at', '<', before)
      .execute();
  }

  /** Some objects that are to be deleted. */
  condemned(limit: number): Promise<ObjectName[]> {
    return this.#db().selectFrom('loose_objects').select(['hash', 'place']).where('condemned', '=', 1).limit(limit).execute();
  }

  /** How many objects are to be deleted, or nobody has told of since a time. */
  async countLoose(before: string): Promise<number> {
    const query = this.#db()
      .selectFrom('loose_objects')
      .select(({ fn }) => fn.countAll<number>().as('n'));
    const matching = query.where((eb) => eb.or([eb('condemned', '=', 1), eb('created_at', '<', before)]));
    return Number((await matching.executeTakeFirstOrThrow()).n);
  }

  /** Forgets objects that are deleted. */
  async forget(names: readonly ObjectName[]): Promise<void> {
    for (const { hash, place } of names) {
      const query = this.#db().deleteFrom('loose_objects').where('hash', '=', hash).where('place', '=', place);
      await query.where('condemned', '=', 1).execute();
    }
  }

  /** Whether an object is loose. */
  async isLoose({ hash, place }: ObjectName): Promise<boolean> {
    const query = this.#db().selectFrom('loose_objects').select('hash').where('hash', '=', hash).where('place', '=', place);
    return (await query.executeTakeFirst()) !== undefined;
  }

  #db(): Kysely<ObjectTables> {
    return this.metadata.tables();
  }
}

async function condemn(inside: MetadataStore, name: ObjectName): Promise<void> {
  const insert = inside
    .tables<ObjectTables>()
    .insertInto('loose_objects')
    .values({ ...name, condemned: 1, created_at: timeOf(inside) });
  await insert.onConflict((c) => c.columns(['hash', 'place']).doUpdateSet({ condemned: 1 })).execute();
}

function timeOf(metadata: MetadataStore): string {
  return new Date(metadata.now()).toISOString();
}
