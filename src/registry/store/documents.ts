import { randomBytes } from 'node:crypto';
import { type Kysely } from 'kysely';
import { type MetadataStore, type Migration } from './metadata';

/** Where a document is kept: its key within the kind, and what lists select by. */
export interface DocumentKey {
  readonly id: string;
  readonly scope?: string;
}

/** A document with the identity it was given when it was first stored. */
export type Stored<T> = T & { readonly oid: string };

/** A table of documents: JSON, found by kind and id, listed by scope. */
type DocumentTables = Record<string, { kind: string; id: string; scope: string; oid: string; document: string }>;

/** Makes a table for documents. */
export function documentsTable(table: string): Migration {
  return async (db) => {
    await db.schema
      .createTable(table)
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('scope', 'text', (c) => c.notNull())
      .addColumn('oid', 'text', (c) => c.notNull().unique())
      .addColumn('document', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint(`${table}_key`, ['kind', 'id'])
      .execute();
    await db.schema.createIndex(`${table}_scope`).on(table).columns(['kind', 'scope']).execute();
  };
}

/** All documents of a kind in a table, in the order they were stored in. */
export class Collection<T extends object> {
  readonly #db: Kysely<DocumentTables>;

  constructor(
    metadata: MetadataStore,
    private readonly kind: string,
    private readonly table: string,
  ) {
    this.#db = metadata.tables();
  }

  /** One document. */
  async get(id: string): Promise<Stored<T> | undefined> {
    const row = await this.#rows().where('id', '=', id).executeTakeFirst();
    return row && toStored<T>(row);
  }

  /** One document by its identity. */
  async byOid(oid: string): Promise<Stored<T> | undefined> {
    const row = await this.#rows().where('oid', '=', oid).executeTakeFirst();
    return row && toStored<T>(row);
  }

  /** Every document. */
  async all(): Promise<Stored<T>[]> {
    return (await this.#rows().orderBy('oid').execute()).map((row) => toStored<T>(row));
  }

  /** Every document of a scope. */
  async within(scope: string): Promise<Stored<T>[]> {
    return (await this.#rows().where('scope', '=', scope).orderBy('oid').execute()).map((row) => toStored<T>(row));
  }

  /** Adds a document unless the key is taken; the answer is what was added. */
  async insert({ id, scope = '' }: DocumentKey, document: T): Promise<Stored<T> | undefined> {
    const oid = objectId();
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto(this.table)
      .values({ kind: this.kind, id, scope, oid, document: JSON.stringify(document) })
      .onConflict((c) => c.columns(['kind', 'id']).doNothing())
      .executeTakeFirst();
    return (numInsertedOrUpdatedRows ?? 0n) > 0n ? { ...document, oid } : undefined;
  }

  /** Stores a document under a key, in place of what is there. */
  async put({ id, scope = '' }: DocumentKey, document: T): Promise<void> {
    const values = { kind: this.kind, id, scope, oid: objectId(), document: JSON.stringify(document) };
    const insert = this.#db.insertInto(this.table).values(values);
    await insert.onConflict((c) => c.columns(['kind', 'id']).doUpdateSet({ scope, document: values.document })).execute();
  }

  /** Replaces a document that is there; returns whether it existed. */
  async replace(id: string, { oid: _oid, ...document }: Stored<T>): Promise<boolean> {
    const query = this.#db.updateTable(this.table).set({ document: JSON.stringify(document) });
    const { numUpdatedRows } = await query.where('kind', '=', this.kind).where('id', '=', id).executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** Gives a document another key; returns whether it was there and that key free. */
  async rename(from: string, to: string): Promise<boolean> {
    if (from === to) return true;
    const query = this.#db.updateTable(this.table).set({ id: to }).where('kind', '=', this.kind).where('id', '=', from);
    const taken = this.#rows().where('id', '=', to);
    const { numUpdatedRows } = await query.where(({ not, exists }) => not(exists(taken))).executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** Removes a document; returns whether it existed. */
  async remove(id: string): Promise<boolean> {
    const query = this.#db.deleteFrom(this.table).where('kind', '=', this.kind).where('id', '=', id);
    return (await query.executeTakeFirst()).numDeletedRows > 0n;
  }

  #rows() {
    return this.#db.selectFrom(this.table).select(['oid', 'document']).where('kind', '=', this.kind);
  }
}

function toStored<T>({ oid, document }: { oid: string; document: string }): Stored<T> {
  return { ...(JSON.parse(document) as T), oid };
}

const machine = randomBytes(4).toString('hex');
let counter = 0;

/** An identity as MongoDB makes them: 24 hexadecimal digits, growing with time. */
function objectId(): string {
  counter = (counter + 1) % 0x1000;
  // The milliseconds stand before what is random, so that the order holds across restarts.
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time}${counter.toString(16).padStart(4, '0')}${machine}`;
}
