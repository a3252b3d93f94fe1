import { type Kysely } from 'kysely';
import { type Blob } from './blobs';
import { type MetadataStore, type TableSet } from './metadata';

/** A file that was generated for a repository: an index that is too large for memory, or that clients ask for long after it was replaced. */
export interface GeneratedFile {
  readonly path: string;
  /** The SHA-256 of its content. */
  readonly hash: string;
  readonly size: number;
  readonly content_type: string;
  /** Empty: nothing is noted of it. */
  readonly metadata: string;
  /** When it was generated, in ISO 8601. */
  readonly created_at: string;
}

/** The files that were generated for one repository. They are kept for a week after they were last asked for, and may then be made again. */
export interface GeneratedFiles {
  find(path: string): Promise<GeneratedFile | undefined>;
  /** Stores files that belong together, all or none, in place of those at their paths. */
  put(files: readonly NewGenerated[]): Promise<void>;
}

/** A generated file to be stored. */
export interface NewGenerated {
  readonly path: string;
  readonly blob: Blob;
  readonly contentType: string;
}

interface GeneratedTable {
  owner: string;
  path: string;
  hash: string;
  content_type: string;
  created_at: string;
  /** In milliseconds, to the hour or so. */
  used_at: number;
}

interface Tables {
  generated_files: GeneratedTable;
  blobs: { hash: string; size: number };
}

/** Longer than clients rely on an index that they have read: dnf does for two days unless told otherwise. */
const LIFETIME_MS = 7 * 24 * 60 * 60_000;
const NOTED_EVERY_MS = 60 * 60_000;

/** The table of generated files. */
export const generatedTables: TableSet = {
  name: 'generated',
  migrations: [createGenerated],
  keepers: ['generated_files'],
  renewable: ['generated_files'],
};

/** Files that were generated, for all repositories. */
export class Generated {
  readonly #db: Kysely<Tables>;

  constructor(private readonly metadata: MetadataStore) {
    this.#db = metadata.tables();
  }

  /** Those of one repository, in its backend's own terms. */
  of(owner: string): GeneratedFiles {
    return { find: (path) => this.#find(owner, path), put: (files) => this.#put(owner, files) };
  }

  /** Forgets those that nobody has asked for of late. */
  async sweep(now: number): Promise<void> {
    await this.#db
      .deleteFrom('generated_files')
      .where('used_at', '<', now - LIFETIME_MS)
      .execute();
  }

  /** Forgets all files of the repositories of which one has some content: those that were made together name each other. */
  async evictContent(hash: string): Promise<void> {
    const owners = this.#db.selectFrom('generated_files').select('owner').where('hash', '=', hash);
    await this.#db.deleteFrom('generated_files').where('owner', 'in', owners).execute();
  }

  async #find(owner: string, path: string): Promise<GeneratedFile | undefined> {
    const query = this.#db
      .selectFrom('generated_files')
      .innerJoin('blobs', 'blobs.hash', 'generated_files.hash')
      .selectAll('generated_files');
    const row = await query.select('blobs.size').where('owner', '=', owner).where('path', '=', path).executeTakeFirst();
    if (!row) return undefined;
    const { owner: _owner, used_at, size, ...file } = row;
    const now = this.metadata.now();
    if (now - Number(used_at) > NOTED_EVERY_MS)
      await this.#db.updateTable('generated_files').set({ used_at: now }).where('owner', '=', owner).where('path', '=', path).execute();
    return { ...file, metadata: '', size: Number(size) };
  }

  async #put(owner: string, files: readonly NewGenerated[]): Promise<void> {
    const [created_at, used_at] = [new Date(this.metadata.now()).toISOString(), this.metadata.now()];
    await this.metadata.transaction(async (inside) => {
      for (const { path, blob, contentType } of files) {
        const content = { hash: blob.hash, content_type: contentType, created_at, used_at };
        const insert = inside
          .tables<Tables>()
          .insertInto('generated_files')
          .values({ owner, path, ...content });
        await insert.onConflict((c) => c.columns(['owner', 'path']).doUpdateSet(content)).execute();
      }
    });
  }
}

async function createGenerated(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('generated_files')
    .addColumn('owner', 'text', (c) => c.notNull())
    .addColumn('path', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull().references('blobs.hash'))
    .addColumn('content_type', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('used_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('generated_files_key', ['owner', 'path'])
    .execute();
  await db.schema.createIndex('generated_files_hash').on('generated_files').column('hash').execute();
  await db.schema.createIndex('generated_files_use').on('generated_files').column('used_at').execute();
}
