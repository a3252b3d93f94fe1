import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { eachAtOnce } from '../store/at-once';
import { type Blob, BlobMissing, WrongHash } from '../store/blobs';
import { withHold } from '../store/holds';
import { identityOf } from '../store/identity';
import { type MetadataStore } from '../store/metadata';
import { type Store } from '../store/store';
import { type TableModel } from './model';
import { type Report } from './report';
import { pagesOf } from './rows';
import { BLOBS, copyRows, refuseContent, tablesOf } from './transfer';
import { REMEDY, usersOf } from './users';

/** What was moved. */
export interface MigrateResult {
  readonly rows: number;
  readonly blobs: number;
  readonly bytes: number;
  /** How many of the blobs an earlier run had copied. */
  readonly present: number;
}

interface MetaTables {
  meta: { key: string; value: string };
}

const KEY = 'migrating from';

/**
 * Copies a store into an empty one, content first and all rows in one transaction at the end, and verifies both. A run that was interrupted
 * is continued by the next one; until one has ended, the target has content but no rows. The source is only read.
 */
export async function migrateStore(from: Store, to: Store, report: Report): Promise<MigrateResult> {
  const source = await identityOf(from.metadata);
  if (source === (await identityOf(to.metadata))) throw new Error('the source and the target are the same registry');
  const tables = await tablesOf(to);
  await refuseContent(to, tables, 'choose a new data folder, database or bucket');
  await claim(to, source);
  const steps = () =>
    from.metadata.snapshot(async (frozen) => {
      const kept = sql<SqlBool>`not ${from.known.unkept}`;
      const copied = await copyBlobs({ from, frozen, kept }, to, { report, tables });
      const rows = await copyRows({ metadata: frozen, kept }, to, { report, tables });
      return { ...copied, rows };
    });
  // Nothing is deleted before it is copied, nor before its rows are there.
  const result = await withHold(from.metadata, () => withHold(to.metadata, steps));
  await to.metadata.tables<MetaTables>().deleteFrom('meta').where('key', '=', KEY).execute();
  return result;
}

/** Throws if a migration into the store has begun and not ended: what is added meanwhile would make it impossible to continue. */
export async function refuseUnfinished(metadata: MetadataStore): Promise<void> {
  const query = metadata.tables<MetaTables>().selectFrom('meta').select('value').where('key', '=', KEY);
  if ((await query.executeTakeFirst()) === undefined) return;
  throw new Error('a migration into this registry has not ended; run the same "repoform registry migrate" again to continue it');
}

interface BlobSource {
  readonly from: Store;
  readonly frozen: MetadataStore;
  readonly kept: RawBuilder<SqlBool>;
}

async function copyBlobs(
  { from, frozen, kept }: BlobSource,
  to: Store,
  { report, tables }: Parameters<typeof copyRows>[2],
): Promise<Omit<MigrateResult, 'rows'>> {
  const table = tables.find(({ name }) => name === BLOBS);
  const total = { blobs: 0, bytes: 0, present: 0 };
  const copy = async (blob: Blob) => {
    if (await to.blobs.audit.isWhole(blob)) total.present++;
    else if (!(await copyBlob(from, to, blob))) throw new Error(await lackOf(from, blob, tables));
    total.blobs++;
    total.bytes += blob.size;
    report.progress(`copied ${total.blobs} ${total.blobs === 1 ? 'file' : 'files'}`);
  };
  if (table) {
    for await (const page of pagesOf(frozen, table, kept)) {
      await eachAtOnce(page, (row) => copy({ hash: String(row['hash']), size: Number(row['size']) }));
    }
  }
  return total;
}

/** Copies content; false if it is missing or damaged. */
async function copyBlob(from: Store, to: Store, { hash }: Blob): Promise<boolean> {
  const writer = await to.blobs.begin();
  try {
    for await (const chunk of await from.blobs.read(hash)) await writer.write(chunk as Buffer);
    await writer.commit(hash);
    return true;
  } catch (cause) {
    await writer.abort();
    if (cause instanceof BlobMissing || cause instanceof WrongHash) return false;
    throw cause;
  } finally {
    await writer.close();
  }
}

/** Says which file lacks its content, and what to do. */
async function lackOf(from: Store, { hash }: Blob, tables: readonly TableModel[]): Promise<string> {
  const { text, renewal } = await usersOf(from, hash, tables);
  const remedy =
    renewal === undefined
      ? `start the source, ${REMEDY}; then migrate again`
      : 'run "repoform registry fsck --deep --repair" on the source, which removes it; then migrate again';
  return `the content ${hash} of the source is missing or damaged; it is used by ${text}; ${remedy}`;
}

/** Notes where the content comes from, so that another migration into the same store is refused. */
async function claim(to: Store, source: string): Promise<void> {
  const db = to.metadata.tables<MetaTables>();
  await db
    .insertInto('meta')
    .values({ key: KEY, value: source })
    .onConflict((c) => c.column('key').doNothing())
    .execute();
  const { value } = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirstOrThrow();
  if (value !== source)
    throw new Error('the target has part of another registry, whose migration did not end; choose a new target, or continue that one');
}
