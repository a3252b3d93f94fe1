import { type CreateTableBuilder, sql } from 'kysely';
import { type TableSet } from './metadata';
import { SECRET_SETTINGS } from './remote-settings';
import { type Metadata, type Tables } from './tables';
import { createHolds } from './holds';
import { createObjects } from './s3/object-index';
import { createUploads } from './uploads';

/** The tables of the registry itself: its repositories, their files, and blobs. */
export const coreTables: TableSet = {
  name: 'core',
  migrations: [
    createRepositories,
    createFiles,
    addAnswers,
    gatherSettings,
    shareNames,
    countChanges,
    keepSigningKeys,
    freeArtifacts,
    createUploads,
    createObjects,
    orderByUse,
    countBytes,
    createHolds,
  ],
  counted: [1, 2, 5, 6],
  keepers: ['artifacts', 'local_files', 'upload_parts'] satisfies (keyof Tables)[],
  renewable: ['artifacts'],
  own: ['loose_objects', 'blob_holds'],
  secrets: { signing_keys: { isSecret: () => true }, remotes: { members: SECRET_SETTINGS } },
};

async function createRepositories(db: Metadata): Promise<void> {
  let remotes = db.schema.createTable('remotes').addColumn('name', 'text', (c) => c.primaryKey());
  for (const name of ['repo_type', 'package_type', 'base_url', 'description', 'username', 'password'] as const) {
    remotes = remotes.addColumn(name, 'text', (c) => c.notNull());
  }
  for (const name of ['immutable_ttl', 'mutable_ttl'] as const) remotes = remotes.addColumn(name, 'bigint', (c) => c.notNull());
  for (const name of ['patterns', 'blocklist', 'mutable_patterns', 'immutable_patterns', 'ban_tags'] as const) {
    remotes = remotes.addColumn(name, 'text', (c) => c.notNull());
  }
  remotes = remotes.addColumn('ban_tags_enabled', 'integer', (c) => c.notNull());
  for (const name of ['created_at', 'updated_at'] as const) remotes = remotes.addColumn(name, 'text', (c) => c.notNull());
  await remotes.execute();

  let virtuals = db.schema.createTable('virtuals').addColumn('name', 'text', (c) => c.primaryKey());
  for (const name of ['package_type', 'description', 'members', 'created_at', 'updated_at'] as const) {
    virtuals = virtuals.addColumn(name, 'text', (c) => c.notNull());
  }
  await virtuals.execute();
}

async function createFiles(db: Metadata): Promise<void> {
  await db.schema
    .createTable('blobs')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('size', 'bigint', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute();

  let artifacts = db.schema
    .createTable('artifacts')
    .addColumn('remote', 'text', (c) => c.notNull().references('remotes.name').onDelete('cascade'))
    .addColumn('path', 'text', (c) => c.notNull())
    .addColumn('variant', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull().references('blobs.hash'))
    .addPrimaryKeyConstraint('artifacts_key', ['remote', 'path', 'variant']);
  const texts = ['content_type', 'content_encoding', 'etag', 'last_modified', 'created_at', 'validated_at', 'accessed_at'] as const;
  for (const name of texts) artifacts = artifacts.addColumn(name, 'text', (c) => c.notNull());
  for (const name of ['size', 'access_count', 'fetch_count', 'bytes_served'] as const) {
    artifacts = artifacts.addColumn(name, 'bigint', (c) => c.notNull());
  }
  await artifacts.execute();

  let files = db.schema
    .createTable('local_files')
    .addColumn('repo', 'text', (c) => c.notNull().references('remotes.name').onDelete('cascade'))
    .addColumn('path', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull().references('blobs.hash'))
    .addPrimaryKeyConstraint('local_files_key', ['repo', 'path']);
  for (const name of ['content_type', 'metadata', 'created_at'] as const) files = files.addColumn(name, 'text', (c) => c.notNull());
  await files.execute();
  await db.schema.createIndex('artifacts_hash').on('artifacts').column('hash').execute();
  await db.schema.createIndex('local_files_hash').on('local_files').column('hash').execute();
}

/** The final URL of objects cached earlier is unknown: an empty one stands for the URL of the request. */
async function addAnswers(db: Metadata): Promise<void> {
  await db.schema
    .alterTable('artifacts')
    .addColumn('status', 'integer', (c) => c.notNull().defaultTo(200))
    .execute();
  for (const [name, unset] of [
    ['url', ''],
    ['tag', ''],
    ['headers', '{}'],
  ] as const) {
    await db.schema
      .alterTable('artifacts')
      .addColumn(name, 'text', (c) => c.notNull().defaultTo(unset))
      .execute();
  }
}

/** The settings of a remote become one JSON object, so that a new setting needs no migration. */
async function gatherSettings(db: Metadata): Promise<void> {
  await db.schema
    .alterTable('remotes')
    .addColumn('settings', 'text', (c) => c.notNull().defaultTo('{}'))
    .execute();
  const lists = ['patterns', 'blocklist', 'mutable_patterns', 'immutable_patterns', 'ban_tags'];
  const columns = ['base_url', 'description', 'username', 'password', 'immutable_ttl', 'mutable_ttl', 'ban_tags_enabled', ...lists];
  const all = sql.join(['name', ...columns].map((column) => sql.ref(column)));
  const { rows } = await sql<Record<string, string | number>>`select ${all} from remotes`.execute(db);
  for (const { name, ...row } of rows) {
    const value = (column: string): unknown => {
      if (lists.includes(column)) return JSON.parse(String(row[column]));
      if (column === 'ban_tags_enabled') return Number(row[column]) !== 0;
      return column.endsWith('_ttl') ? Number(row[column]) : row[column];
    };
    const settings = JSON.stringify(Object.fromEntries(columns.map((column) => [column, value(column)])));
    await db.updateTable('remotes').set({ settings }).where('name', '=', String(name)).execute();
  }
  for (const column of columns) await db.schema.alterTable('remotes').dropColumn(column).execute();
}

/** Remotes and virtuals share their names: one table with all of them lets two be created at once under one name never both succeed. */
async function shareNames(db: Metadata): Promise<void> {
  await db.schema
    .createTable('repository_names')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .execute();
  await sql`insert into repository_names (name) select name from remotes union select name from virtuals`.execute(db);
}

async function countChanges(db: Metadata): Promise<void> {
  await db.schema
    .createTable('file_revisions')
    .addColumn('repo', 'text', (c) => c.primaryKey().references('remotes.name').onDelete('cascade'))
    .addColumn('revision', 'bigint', (c) => c.notNull())
    .execute();
}

/** Those that were used longest ago are evicted first; with their sizes in it, the index alone says how large all of them are. */
async function orderByUse(db: Metadata): Promise<void> {
  await db.schema.createIndex('artifacts_use').on('artifacts').columns(['accessed_at', 'size']).execute();
}

/** How large the files of a local repository are is known without looking at each. */
async function countBytes(db: Metadata): Promise<void> {
  await db.schema
    .alterTable('file_revisions')
    .addColumn('bytes', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute();
  await sql`insert into file_revisions (repo, revision, bytes) select distinct repo, 1, 0 from local_files
    where repo not in (select repo from file_revisions)`.execute(db);
  await sql`update file_revisions set bytes = coalesce((select sum(blobs.size) from local_files
    join blobs on blobs.hash = local_files.hash where local_files.repo = file_revisions.repo), 0)`.execute(db);
}

async function keepSigningKeys(db: Metadata): Promise<void> {
  await db.schema
    .createTable('signing_keys')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('private_key', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute();
}

/** Backends keep objects for remotes of their own, which are not in `remotes`; whoever removes a remote removes its objects. */
async function freeArtifacts(db: Metadata): Promise<void> {
  const texts = ['content_type', 'content_encoding', 'etag', 'last_modified', 'created_at', 'validated_at', 'accessed_at'] as const;
  const answers = ['url', 'tag', 'headers'] as const;
  const key = ['remote', 'path', 'variant'] as const;
  const numbers = ['size', 'access_count', 'fetch_count', 'bytes_served'] as const;
  await db.schema.alterTable('artifacts').renameTo('bound_artifacts').execute();
  await db.schema.dropIndex('artifacts_hash').execute();
  let artifacts: CreateTableBuilder<'artifacts', string> = db.schema.createTable('artifacts');
  artifacts = artifacts
    .addColumn('hash', 'text', (c) => c.notNull().references('blobs.hash'))
    .addColumn('status', 'integer', (c) => c.notNull());
  for (const name of [...key, ...texts, ...answers]) artifacts = artifacts.addColumn(name, 'text', (c) => c.notNull());
  for (const name of numbers) artifacts = artifacts.addColumn(name, 'bigint', (c) => c.notNull());
  await artifacts.addPrimaryKeyConstraint('free_artifacts_key', [...key]).execute();
  const columns = sql.join(['hash', 'status', ...key, ...texts, ...answers, ...numbers].map((name) => sql.ref(name)));
  await sql`insert into artifacts (${columns}) select ${columns} from bound_artifacts`.execute(db);
  await sql`drop table bound_artifacts`.execute(db);
  await db.schema.createIndex('artifacts_hash').on('artifacts').column('hash').execute();
}
