import { type MetadataStore } from './metadata';
import { type LocalFileRow, type Metadata } from './tables';

/** A file of a local repository with the size of its blob. */
export type LocalFile = LocalFileRow & { readonly size: number };

/** The files of the local repositories. */
export class LocalFiles {
  readonly #db: Metadata;

  constructor(metadata: MetadataStore) {
    this.#db = metadata.tables();
  }

  /** One file. */
  async find(repo: string, path: string): Promise<LocalFile | undefined> {
    const row = await this.#joined().where('repo', '=', repo).where('path', '=', path).executeTakeFirst();
    return row && { ...row, size: Number(row.size) };
  }

  /** Every file of a repository, by path. */
  async all(repo: string): Promise<LocalFile[]> {
    const rows = await this.#joined().where('repo', '=', repo).orderBy('path').execute();
    return rows.map((row) => ({ ...row, size: Number(row.size) }));
  }

  /** One page of a repository's files, by path. */
  async page(repo: string, window: { offset: number; limit: number }): Promise<LocalFile[]> {
    const rows = await this.#joined().where('repo', '=', repo).orderBy('path').offset(window.offset).limit(window.limit).execute();
    return rows.map((row) => ({ ...row, size: Number(row.size) }));
  }

  /** How many files a repository has. */
  async count(repo: string): Promise<number> {
    const query = this.#db.selectFrom('local_files').select(({ fn }) => fn.countAll<number>().as('n'));
    return Number((await query.where('repo', '=', repo).executeTakeFirstOrThrow()).n);
  }

  /** Adds a file unless the path is taken; returns whether it was added. */
  async add(row: LocalFileRow): Promise<boolean> {
    const query = this.#db.insertInto('local_files').values(row);
    const { numInsertedOrUpdatedRows } = await query.onConflict((c) => c.columns(['repo', 'path']).doNothing()).executeTakeFirst();
    return (numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  /** Removes a file; returns whether it existed. */
  async remove(repo: string, path: string): Promise<boolean> {
    const query = this.#db.deleteFrom('local_files').where('repo', '=', repo).where('path', '=', path);
    return (await query.executeTakeFirst()).numDeletedRows > 0n;
  }

  #joined() {
    return this.#db
      .selectFrom('local_files')
      .innerJoin('blobs', 'blobs.hash', 'local_files.hash')
      .selectAll('local_files')
      .select('blobs.size');
  }
}
