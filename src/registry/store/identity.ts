import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unclaimFolder } from './folder-lock';
import { type MetadataStore } from './metadata';

interface MetaTables {
  meta: { key: string; value: string };
  blobs: { hash: string };
}

/** What tells a database from all others, also after it was moved. */
export function identityOf(metadata: MetadataStore): Promise<string> {
  return keep(metadata, 'identity', randomUUID());
}

/** Where the blobs of a database are. */
export type BlobsPlace = 'folder' | 'bucket';

/** Refuses a database whose blobs are elsewhere. */
export async function refuseMoved(metadata: MetadataStore, place: BlobsPlace): Promise<void> {
  const db = metadata.tables<MetaTables>();
  const first = (await db.selectFrom('blobs').select('hash').limit(1).executeTakeFirst()) !== undefined;
  // A database of a time before there were buckets does not say where its blobs are.
  const kept = await keep(metadata, 'blobs', first ? 'folder' : place);
  if (kept === place) return;
  if (first)
    throw new Error(
      place === 'bucket'
        ? 'this registry keeps its content in its data folder; move it with "repoform registry migrate", or start without a bucket'
        : 'this registry keeps its content in a bucket; name that, or move the content with "repoform registry migrate"',
    );
  await db.updateTable('meta').set({ value: place }).where('key', '=', 'blobs').execute();
}

/** A data folder that holds the blobs of a database elsewhere. */
export interface ContentFolder {
  readonly folder: string;
  /** The option that names it. */
  readonly option: string;
  /** Whether the database has blobs that must be there. */
  isNeeded(): Promise<boolean>;
}

/** Refuses a folder that has nothing where the database has something: it is another one than before. */
export async function refuseEmpty({ folder, option, isNeeded }: ContentFolder): Promise<void> {
  const content = join(folder, 'blobs');
  if (existsSync(content) || !(await isNeeded())) return;
  unclaimFolder(folder);
  throw new Error(
    `the data folder ${folder} has none of the content of this database; name the folder that has it with ${option}, or create ${content} if the content is lost`,
  );
}

async function keep(metadata: MetadataStore, key: string, value: string): Promise<string> {
  const db = metadata.tables<MetaTables>();
  const insert = db.insertInto('meta').values({ key, value });
  await insert.onConflict((c) => c.column('key').doNothing()).execute();
  return (await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirstOrThrow()).value;
}
