import { type CreateTableBuilder, type Kysely, sql } from 'kysely';

/** A file or a folder of a BK-Repo repository. A time in milliseconds that is 0 stands for never. */
export interface BkNodeTable {
  id: string;
  project: string;
  repo: string;
  full_path: string;
  /** The folder it is in, with a slash at the end. */
  parent: string;
  name: string;
  folder: number;
  size: number;
  /** The blob of a file; a folder has none. */
  hash: string | null;
  md5: string;
  crc64ecma: string;
  /** A JSON list of `{key, value, system, description}`. */
  metadata: string;
  expires_at: number;
  created_by: string;
  created_at: string;
  modified_by: string;
  modified_at: string;
  accessed_at: string;
  /** When it was deleted, in milliseconds; 0 while it is there. */
  deleted_at: number;
}

/** A block upload that has begun. */
export interface BkUploadTable {
  id: string;
  project: string;
  repo: string;
  full_path: string;
  expires_at: number;
}

/** One part of a block upload. */
export interface BkBlockTable {
  upload: string;
  sequence: number;
  hash: string;
  size: number;
}

/** A temporary access token. Lists are JSON texts. */
export interface BkTemporaryTokenTable {
  token: string;
  project: string;
  repo: string;
  full_path: string;
  users: string;
  ips: string;
  expires_at: number;
  /** How often it may be used; null is without limit. */
  permits: number | null;
  type: string;
  created_by: string;
}

/** How often the nodes of a repository have changed. */
export interface BkNodeRevisionTable {
  project: string;
  repo: string;
  revision: number;
}

/** A package. */
export interface BkPackageTable {
  project: string;
  repo: string;
  key: string;
  id: string;
  name: string;
  type: string;
  description: string | null;
  created_by: string;
  created_at: string;
  modified_by: string;
  modified_at: string;
}

/** A version of a package. Lists and maps are JSON texts. */
export interface BkPackageVersionTable {
  project: string;
  repo: string;
  package_key: string;
  name: string;
  size: number;
  stages: string;
  metadata: string;
  tags: string;
  content_path: string | null;
  manifest_path: string | null;
  created_by: string;
  created_at: string;
  modified_by: string;
  modified_at: string;
}

/** The tables whose rows keep blobs. */
export const KEEPERS = ['bkrepo_nodes', 'bkrepo_node_blocks'] satisfies (keyof BkArtifactTables)[];

/** What BK-Repo repositories hold. */
export interface BkArtifactTables {
  bkrepo_nodes: BkNodeTable;
  bkrepo_node_uploads: BkUploadTable;
  bkrepo_node_blocks: BkBlockTable;
  bkrepo_node_tokens: BkTemporaryTokenTable;
  bkrepo_node_revisions: BkNodeRevisionTable;
  bkrepo_packages: BkPackageTable;
  bkrepo_package_versions: BkPackageVersionTable;
}

/** Adds the tables for what BK-Repo repositories hold. */
export async function createBkArtifacts(db: Kysely<BkArtifactTables>): Promise<void> {
  await createNodes(db);
  await createUploads(db);
  await createTokens(db);
  await createPackages(db);
}

async function createNodes(db: Kysely<BkArtifactTables>): Promise<void> {
  let nodes = db.schema
    .createTable('bkrepo_nodes')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('hash', 'text', (c) => c.references('blobs.hash'));
  const texts = ['project', 'repo', 'full_path', 'parent', 'name', 'md5', 'crc64ecma', 'metadata'] as const;
  const times = ['created_by', 'created_at', 'modified_by', 'modified_at', 'accessed_at'] as const;
  for (const name of [...texts, ...times]) nodes = nodes.addColumn(name, 'text', (c) => c.notNull());
  nodes = nodes.addColumn('folder', 'integer', (c) => c.notNull());
  for (const name of ['size', 'expires_at', 'deleted_at'] as const) nodes = nodes.addColumn(name, 'bigint', (c) => c.notNull());
  await nodes.execute();
  const place = ['project', 'repo', 'full_path'] as const;
  await db.schema
    .createIndex('bkrepo_nodes_live')
    .unique()
    .on('bkrepo_nodes')
    .columns([...place])
    .where(sql.ref('deleted_at'), '=', 0)
    .execute();
  await db.schema
    .createIndex('bkrepo_nodes_place')
    .on('bkrepo_nodes')
    .columns([...place, 'deleted_at'])
    .execute();
  await db.schema.createIndex('bkrepo_nodes_parent').on('bkrepo_nodes').columns(['project', 'repo', 'parent', 'deleted_at']).execute();
  await db.schema.createIndex('bkrepo_nodes_hash').on('bkrepo_nodes').column('hash').execute();
}

async function createUploads(db: Kysely<BkArtifactTables>): Promise<void> {
  let uploads = db.schema.createTable('bkrepo_node_uploads').addColumn('id', 'text', (c) => c.primaryKey());
  for (const name of ['project', 'repo', 'full_path'] as const) uploads = uploads.addColumn(name, 'text', (c) => c.notNull());
  await uploads.addColumn('expires_at', 'bigint', (c) => c.notNull()).execute();
  await db.schema
    .createTable('bkrepo_node_blocks')
    .addColumn('upload', 'text', (c) => c.notNull().references('bkrepo_node_uploads.id').onDelete('cascade'))
    .addColumn('sequence', 'integer', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull().references('blobs.hash'))
    .addColumn('size', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('bkrepo_node_blocks_key', ['upload', 'sequence'])
    .execute();
  await db.schema.createIndex('bkrepo_node_blocks_hash').on('bkrepo_node_blocks').column('hash').execute();
}

async function createTokens(db: Kysely<BkArtifactTables>): Promise<void> {
  let tokens = db.schema.createTable('bkrepo_node_tokens').addColumn('token', 'text', (c) => c.primaryKey());
  for (const name of ['project', 'repo', 'full_path', 'users', 'ips', 'type', 'created_by'] as const) {
    tokens = tokens.addColumn(name, 'text', (c) => c.notNull());
  }
  await tokens
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addColumn('permits', 'integer')
    .execute();
}

async function createPackages(db: Kysely<BkArtifactTables>): Promise<void> {
  const signed = ['created_by', 'created_at', 'modified_by', 'modified_at'] as const;
  let packages: CreateTableBuilder<'bkrepo_packages', string> = db.schema.createTable('bkrepo_packages').addColumn('description', 'text');
  for (const name of ['project', 'repo', 'key', 'id', 'name', 'type', ...signed] as const) {
    packages = packages.addColumn(name, 'text', (c) => c.notNull());
  }
  await packages.addPrimaryKeyConstraint('bkrepo_packages_key', ['project', 'repo', 'key']).execute();
  let versions: CreateTableBuilder<'bkrepo_package_versions', string> = db.schema
    .createTable('bkrepo_package_versions')
    .addColumn('size', 'bigint', (c) => c.notNull());
  for (const name of ['content_path', 'manifest_path'] as const) versions = versions.addColumn(name, 'text');
  for (const name of ['project', 'repo', 'package_key', 'name', 'stages', 'metadata', 'tags', ...signed] as const) {
    versions = versions.addColumn(name, 'text', (c) => c.notNull());
  }
  await versions
    .addPrimaryKeyConstraint('bkrepo_package_versions_key', ['project', 'repo', 'package_key', 'name'])
    .addForeignKeyConstraint(
      'bkrepo_package_versions_package',
      ['project', 'repo', 'package_key'],
      'bkrepo_packages',
      ['project', 'repo', 'key'],
      (c) => c.onDelete('cascade'),
    )
    .execute();
}

/** Adds the count of changes to the nodes of a repository, and the way to those that expire. */
export async function countNodeChanges(db: Kysely<BkArtifactTables>): Promise<void> {
  await db.schema
    .createTable('bkrepo_node_revisions')
    .addColumn('project', 'text', (c) => c.notNull())
    .addColumn('repo', 'text', (c) => c.notNull())
    .addColumn('revision', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('bkrepo_node_revisions_key', ['project', 'repo'])
    .execute();
  await db.schema
    .createIndex('bkrepo_nodes_expiring')
    .on('bkrepo_nodes')
    .columns(['project', 'repo', 'expires_at'])
    .where(sql.ref('expires_at'), '>', sql.lit(0))
    .execute();
}

/** Lists, what they add up to, and the way to any page of them are read from indexes alone; so is what clean-up looks for. */
export async function indexLists(db: Kysely<BkArtifactTables>): Promise<void> {
  for (const name of ['bkrepo_nodes_parent', 'bkrepo_nodes_place']) await db.schema.dropIndex(name).execute();
  const place = ['project', 'repo'] as const;
  const state = ['deleted_at', 'folder', 'expires_at'] as const;
  await db.schema
    .createIndex('bkrepo_nodes_by_name')
    .on('bkrepo_nodes')
    .columns([...place, 'parent', 'name', ...state])
    .execute();
  await db.schema
    .createIndex('bkrepo_nodes_by_path')
    .on('bkrepo_nodes')
    .columns([...place, 'full_path', ...state, 'size'])
    .execute();
  await db.schema
    .createIndex('bkrepo_nodes_deleted')
    .on('bkrepo_nodes')
    .column('deleted_at')
    .where(sql.ref('deleted_at'), '>', sql.lit(0))
    .execute();
  await db.schema
    .createIndex('bkrepo_packages_by_name')
    .on('bkrepo_packages')
    .columns([...place, 'name', 'key'])
    .execute();
}
