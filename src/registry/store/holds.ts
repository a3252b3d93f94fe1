import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { type MetadataStore, type Migration } from './metadata';

interface HoldTables {
  /** Times until which no blob may be deleted, in milliseconds. */
  blob_holds: { id: string; expires_at: number };
}

const LASTS_MS = 120_000;

/** Adds the table of holds. */
export const createHolds: Migration = async (db) => {
  await db.schema
    .createTable('blob_holds')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .execute();
};

/** Keeps every blob from deletion, by whichever process, until the steps end; where the process dies, for two minutes. */
export async function withHold<T>(metadata: MetadataStore, steps: () => Promise<T>): Promise<T> {
  const db = metadata.tables<HoldTables>();
  const id = randomUUID();
  const until = () => metadata.now() + LASTS_MS;
  await db.deleteFrom('blob_holds').where('expires_at', '<=', metadata.now()).execute();
  await db.insertInto('blob_holds').values({ id, expires_at: until() }).execute();
  const renew = () => db.updateTable('blob_holds').set({ expires_at: until() }).where('id', '=', id).execute();
  const timer = setInterval(() => void renew().catch(() => undefined), LASTS_MS / 4).unref();
  try {
    return await steps();
  } finally {
    clearInterval(timer);
    await db
      .deleteFrom('blob_holds')
      .where('id', '=', id)
      .execute()
      .catch(() => undefined);
  }
}

/** The condition that blobs may be deleted. */
export function isUnheld(now: number): RawBuilder<SqlBool> {
  return sql<SqlBool>`not exists (select 1 from blob_holds where expires_at > ${now})`;
}
