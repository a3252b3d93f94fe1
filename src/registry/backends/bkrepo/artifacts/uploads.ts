import { randomUUID } from 'node:crypto';
import { type Kysely } from 'kysely';
import { type MetadataStore } from '../../../store/metadata';
import { type NodeKey } from './node';
import { type BkArtifactTables, type BkBlockTable, type BkUploadTable } from './tables';

/** The block uploads that have begun, and their parts. */
export class Uploads {
  readonly #db: Kysely<BkArtifactTables>;

  constructor(private readonly metadata: MetadataStore) {
    this.#db = metadata.tables();
  }

  /** Begins an upload to a path, and forgets those whose time is over; returns its id. */
  async begin({ project, repo, path: full_path }: NodeKey, expires_at: number): Promise<string> {
    const id = randomUUID().replaceAll('-', '');
    await this.sweep();
    await this.#db.insertInto('bkrepo_node_uploads').values({ id, project, repo, full_path, expires_at }).execute();
    return id;
  }

  /** An upload that has begun and whose time is not over. */
  find(id: string): Promise<BkUploadTable | undefined> {
    const query = this.#db.selectFrom('bkrepo_node_uploads').selectAll().where('id', '=', id);
    return query.where('expires_at', '>', this.metadata.now()).executeTakeFirst();
  }

  /** Adds a part; one that is there already stays unless it may be overwritten. */
  async putBlock({ upload, sequence, hash, size }: BkBlockTable, overwrite: boolean): Promise<void> {
    const insert = this.#db.insertInto('bkrepo_node_blocks').values({ upload, sequence, hash, size });
    await insert
      .onConflict((c) => {
        const taken = c.columns(['upload', 'sequence']);
        return overwrite ? taken.doUpdateSet({ hash, size }) : taken.doNothing();
      })
      .execute();
  }

  /** The parts of an upload, in order. */
  async blocks(id: string): Promise<BkBlockTable[]> {
    const rows = await this.#db.selectFrom('bkrepo_node_blocks').selectAll().where('upload', '=', id).orderBy('sequence').execute();
    return rows.map((row) => ({ ...row, size: Number(row.size) }));
  }

  /** Forgets an upload with its parts. */
  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom('bkrepo_node_uploads').where('id', '=', id).execute();
  }

  /** Forgets the uploads whose time is over. */
  async sweep(): Promise<void> {
    await this.#db.deleteFrom('bkrepo_node_uploads').where('expires_at', '<=', this.metadata.now()).execute();
  }
}
