import { type MetadataStore } from './metadata';
import { type PageOf, walkTo, type Window } from './pages';
import { type LocalFileRow, type Metadata } from './tables';

/** A file of a local repository with the size of its blob. */
export type LocalFile = LocalFileRow & { readonly size: number };

/** The files of the local repositories. */
export class LocalFiles {
  readonly #db: Metadata;

  constructor(private readonly metadata: MetadataStore) {
    this.#db = metadata.tables();
  }

  /** One file. */
  async find(repo: string, path: string): Promise<LocalFile | undefined> {
    const row = await this.#joined().where('repo', '=', repo).where('path', '=', path).executeTakeFirst();
    return row && { ...row, size: Number(row.size) };
  }

  /** The files of a repository whose paths begin with a text, by path; with a limit, so many of them at most; those that come after a path. */
  async within(
    repo: string,
    prefix = '',
    { limit, after }: { readonly limit?: number | undefined; readonly after?: string | undefined } = {},
  ): Promise<LocalFile[]> {
    let query = this.#joined().where('repo', '=', repo);
    // Of two lower bounds SQLite goes to the first, and walks from there to the other.
    if (after?.startsWith(prefix) !== true) query = query.where('path', '>=', prefix);
    if (after !== undefined) query = query.where('path', '>', after);
    if (prefix !== '') query = query.where('path', '<', `${prefix}\u{10ffff}`);
    if (limit !== undefined) query = query.limit(limit);
    return (await query.orderBy('path').execute()).map((row) => ({ ...row, size: Number(row.size) }));
  }

  /** A number that grows with every change to the files of a repository. */
  async revision(repo: string): Promise<number> {
    const row = await this.#db.selectFrom('file_revisions').select('revision').where('repo', '=', repo).executeTakeFirst();
    return Number(row?.revision ?? 0);
  }

  /** One page of a repository's files, by path. */
  async page(repo: string, window: Window): Promise<PageOf<LocalFile>> {
    const total = await this.#total(repo);
    const walk = walkTo(window, total);
    if (!walk) return { rows: [], total };
    const paths = this.#db.selectFrom('local_files').select('path').where('repo', '=', repo);
    const first = await paths.orderBy('path', walk.order).offset(walk.steps).limit(1).executeTakeFirst();
    if (!first) return { rows: [], total };
    const rows = this.#joined().where('repo', '=', repo).where('path', '>=', first.path).orderBy('path').limit(window.limit);
    return { rows: (await rows.execute()).map((row) => ({ ...row, size: Number(row.size) })), total };
  }

  async #total(repo: string): Promise<number> {
    const query = this.#db.selectFrom('local_files').select(({ fn }) => fn.countAll<number>().as('n'));
    return Number((await query.where('repo', '=', repo).executeTakeFirstOrThrow()).n);
  }

  /** Adds a file unless the path is taken; returns whether it was added. */
  add(row: LocalFileRow): Promise<boolean> {
    return this.#changing(row, async (trx) => {
      const query = trx.insertInto('local_files').values(row);
      const { numInsertedOrUpdatedRows } = await query.onConflict((c) => c.columns(['repo', 'path']).doNothing()).executeTakeFirst();
      return (numInsertedOrUpdatedRows ?? 0n) > 0n;
    });
  }

  /** Adds a file, or puts it in place of the one at its path. */
  async put(row: LocalFileRow): Promise<void> {
    const { repo: _repo, path: _path, ...content } = row;
    await this.#changing(row, async (trx) => {
      const query = trx.insertInto('local_files').values(row);
      await query.onConflict((c) => c.columns(['repo', 'path']).doUpdateSet(content)).execute();
      return true;
    });
  }

  /** Removes a file; returns whether it existed. */
  remove(repo: string, path: string): Promise<boolean> {
    return this.#changing({ repo, path }, async (trx) => {
      const { numDeletedRows } = await trx.deleteFrom('local_files').where('repo', '=', repo).where('path', '=', path).executeTakeFirst();
      return numDeletedRows > 0n;
    });
  }

  /** Counts a change and the bytes that it adds with it, so that nobody sees the one without the other. */
  #changing({ repo, path }: Pick<LocalFileRow, 'repo' | 'path'>, step: (trx: Metadata) => Promise<boolean>): Promise<boolean> {
    return this.metadata.transaction(async (inside) => {
      const trx: Metadata = inside.tables();
      const files = new LocalFiles(inside);
      const before = (await files.find(repo, path))?.size ?? 0;
      if (!(await step(trx))) return false;
      const bytes = ((await files.find(repo, path))?.size ?? 0) - before;
      const count = trx.insertInto('file_revisions').values({ repo, revision: 1, bytes });
      await count
        .onConflict((c) =>
          c.column('repo').doUpdateSet((eb) => ({
            revision: eb('file_revisions.revision', '+', 1),
            bytes: eb('file_revisions.bytes', '+', bytes),
          })),
        )
        .execute();
      return true;
    });
  }

  #joined() {
    return this.#db
      .selectFrom('local_files')
      .innerJoin('blobs', 'blobs.hash', 'local_files.hash')
      .selectAll('local_files')
      .select('blobs.size');
  }
}
