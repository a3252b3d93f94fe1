import { randomUUID } from 'node:crypto';
import { type Blob, type BlobStore } from './blobs';
import { type MetadataStore } from './metadata';
import { type Metadata } from './tables';

const LIFETIME_MS = 24 * 3_600_000;

/** The uploads of one repository whose content arrives in several requests, each known by its id and the path it is for. */
export interface UploadSessions {
  /** Begins one; the answer is its id. It is forgotten when nothing was added to it for a day. */
  begin(path: string): Promise<string>;
  /** How many bytes have arrived; undefined if there is no such upload. */
  size(id: string, path: string): Promise<number | undefined>;
  /** Adds bytes at an offset; false if that is not the end of what has arrived. What came before the content breaks off is kept. */
  append(at: { readonly id: string; readonly path: string; readonly offset: number }, content: AsyncIterable<Uint8Array>): Promise<boolean>;
  /** Everything that has arrived, as one blob; it stays in the store at least until `end`. */
  whole(id: string, path: string): Promise<Blob>;
  /** Forgets one; returns whether it was there. */
  end(id: string, path: string): Promise<boolean>;
}

/** Uploads that have begun, whose parts are blobs, so that any process that shares the store can continue them. */
export class Uploads {
  readonly #db: Metadata;

  constructor(
    private readonly metadata: MetadataStore,
    private readonly blobs: BlobStore,
  ) {
    this.#db = metadata.tables();
  }

  /** Those of one repository. */
  of(owner: string): UploadSessions {
    return {
      begin: (path) => this.#begin(owner, path),
      size: async (id, path) => ((await this.#find({ owner, id, path })) ? sizeOf(await this.#parts(id)) : undefined),
      append: ({ id, path, offset }, content) => this.#append({ owner, id, path, offset }, content),
      whole: (id) => this.#whole(id),
      end: async (id, path) => (await this.#find({ owner, id, path })) !== undefined && this.#remove(id),
    };
  }

  /** Forgets those whose time is over. */
  async sweep(now: number): Promise<void> {
    await this.#db.deleteFrom('uploads').where('expires_at', '<=', now).execute();
  }

  async #begin(owner: string, path: string): Promise<string> {
    const id = randomUUID();
    await this.#db.insertInto('uploads').values({ id, owner, path, expires_at: this.#expiry() }).execute();
    return id;
  }

  #expiry(): number {
    return Math.floor(this.metadata.now()) + LIFETIME_MS;
  }

  #find({ owner, id, path }: Place) {
    const query = this.#db.selectFrom('uploads').select('id').where('id', '=', id).where('owner', '=', owner).where('path', '=', path);
    return query.where('expires_at', '>', this.metadata.now()).executeTakeFirst();
  }

  #parts(id: string, db = this.#db) {
    return db.selectFrom('upload_parts').select(['hash', 'size']).where('upload', '=', id).orderBy('start').execute();
  }

  async #append({ offset, ...place }: Place & { offset: number }, content: AsyncIterable<Uint8Array>): Promise<boolean> {
    if (!(await this.#find(place)) || sizeOf(await this.#parts(place.id)) !== offset) return false;
    let failure: { readonly cause: unknown } | undefined;
    const { hash, size } = await this.blobs.receive(untilBroken(content, (cause) => (failure = { cause })));
    const isNext = size === 0 || (await this.#add(place.id, { start: offset, size, hash }));
    if (failure) throw failure.cause;
    return isNext;
  }

  /** Two that arrive for the same place at once cannot both be there. */
  #add(upload: string, part: { start: number; size: number; hash: string }): Promise<boolean> {
    return this.metadata.transaction(async (inside) => {
      const trx: Metadata = inside.tables();
      const renewed = trx.updateTable('uploads').set({ expires_at: this.#expiry() }).where('id', '=', upload);
      if ((await renewed.executeTakeFirst()).numUpdatedRows === 0n) return false;
      if (sizeOf(await this.#parts(upload, trx)) !== part.start) return false;
      await trx
        .insertInto('upload_parts')
        .values({ upload, ...part })
        .execute();
      return true;
    });
  }

  async #whole(id: string): Promise<Blob> {
    const parts = (await this.#parts(id)).map(({ hash, size }) => ({ hash, size: Number(size) }));
    const [only] = parts;
    return only && parts.length === 1 ? only : this.blobs.receive(this.#joined(parts));
  }

  async *#joined(parts: readonly Blob[]): AsyncGenerator<Uint8Array, void> {
    for (const { hash } of parts) for await (const chunk of await this.blobs.read(hash)) yield chunk as Buffer;
  }

  async #remove(id: string): Promise<boolean> {
    return (await this.#db.deleteFrom('uploads').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n;
  }
}

interface Place {
  readonly owner: string;
  readonly id: string;
  readonly path: string;
}

/** Some engines answer 64-bit integers as texts. */
function sizeOf(parts: readonly { readonly size: number }[]): number {
  return parts.reduce((sum, { size }) => sum + Number(size), 0);
}

/** Content up to where it breaks off; tells why. */
async function* untilBroken(content: AsyncIterable<Uint8Array>, tell: (cause: unknown) => void): AsyncGenerator<Uint8Array, void> {
  try {
    yield* content;
  } catch (cause) {
    tell(cause);
  }
}

/** Adds the tables of uploads. */
export async function createUploads(db: Metadata): Promise<void> {
  await db.schema
    .createTable('uploads')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('owner', 'text', (c) => c.notNull())
    .addColumn('path', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('upload_parts')
    .addColumn('upload', 'text', (c) => c.notNull().references('uploads.id').onDelete('cascade'))
    .addColumn('start', 'bigint', (c) => c.notNull())
    .addColumn('size', 'bigint', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull().references('blobs.hash'))
    .addPrimaryKeyConstraint('upload_parts_key', ['upload', 'start'])
    .execute();
  await db.schema.createIndex('upload_parts_hash').on('upload_parts').column('hash').execute();
  await db.schema.createIndex('uploads_expiry').on('uploads').column('expires_at').execute();
}
