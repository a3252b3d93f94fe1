import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Metadata } from './tables';

/** A stored blob: its SHA-256 in hexadecimal and its size in bytes. */
export interface Blob {
  readonly hash: string;
  readonly size: number;
}

/** A part of a blob, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The tables whose rows keep a blob. */
const REFERRING = ['artifacts', 'local_files', 'bkrepo_nodes', 'bkrepo_node_blocks'] as const;

/** Runs asynchronous steps one after the other. */
class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs a step when all earlier ones are over. */
  run<T>(step: () => Promise<T>): Promise<T> {
    const next = this.#last.then(step, step);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

/** Content-addressed blobs in a folder: written to a temporary file while they are hashed, then synced and renamed. */
export class BlobStore {
  readonly #mutex = new Mutex();

  private constructor(
    private readonly folder: string,
    private readonly db: Metadata,
  ) {}

  /** Opens the store and throws away what a process that died left half written. */
  static async open(folder: string, db: Metadata): Promise<BlobStore> {
    await rm(join(folder, 'tmp'), { recursive: true, force: true });
    await mkdir(join(folder, 'tmp'), { recursive: true });
    return new BlobStore(folder, db);
  }

  /** Begins a blob; nothing of it is visible before `commit`. */
  async begin(): Promise<BlobWriter> {
    const path = join(this.folder, 'tmp', randomUUID());
    return new BlobWriter(path, await open(path, 'wx+'), (blob) => this.#keep(path, blob));
  }

  /** Stores a whole stream. */
  async receive(body: AsyncIterable<Uint8Array>): Promise<Blob> {
    const writer = await this.begin();
    try {
      for await (const chunk of body) await writer.write(chunk);
      return await writer.commit();
    } catch (cause) {
      await writer.abort();
      throw cause;
    } finally {
      await writer.close();
    }
  }

  /** Reads a blob or a part of it. */
  read(hash: string, range?: ByteRange): ReadStream {
    return createReadStream(this.#path(hash), range ?? {});
  }

  /** Whether the blob's bytes are there, all of them. */
  async has(blob: Blob): Promise<boolean> {
    try {
      return (await stat(this.#path(blob.hash))).size === blob.size;
    } catch {
      return false;
    }
  }

  /** Deletes the blobs that nothing refers to and that were last written before a time; the answer is how many. */
  collect(before: string): Promise<number> {
    return this.#mutex.run(async () => {
      let query = this.db.selectFrom('blobs').select('hash').where('created_at', '<', before);
      for (const table of REFERRING) {
        query = query.where(({ not, exists, selectFrom }) =>
          not(exists(selectFrom(table).select(`${table}.hash`).whereRef(`${table}.hash`, '=', 'blobs.hash'))),
        );
      }
      const orphans = await query.execute();
      for (const { hash } of orphans) {
        await this.db.deleteFrom('blobs').where('hash', '=', hash).execute();
        await rm(this.#path(hash), { force: true });
      }
      return orphans.length;
    });
  }

  #path(hash: string): string {
    return join(this.folder, 'blobs', 'sha256', hash.slice(0, 2), hash);
  }

  /** The row is written before the file moves, so that a collection in between cannot take the file away. */
  #keep(from: string, blob: Blob): Promise<void> {
    return this.#mutex.run(async () => {
      const created_at = new Date().toISOString();
      await this.db
        .insertInto('blobs')
        .values({ ...blob, created_at })
        .onConflict((c) => c.column('hash').doUpdateSet({ created_at }))
        .execute();
      const to = this.#path(blob.hash);
      await mkdir(dirname(to), { recursive: true });
      await rename(from, to);
      await syncFolder(dirname(to));
    });
  }
}

/** One blob being written. Its bytes can be read back while it grows. */
export class BlobWriter {
  readonly #hash = createHash('sha256');
  #size = 0;
  #settled = false;

  constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    private readonly keep: (blob: Blob) => Promise<void>,
  ) {}

  /** How many bytes have been written. */
  get size(): number {
    return this.#size;
  }

  /** Appends bytes. */
  async write(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk);
    for (let done = 0; done < chunk.length;) {
      const { bytesWritten } = await this.file.write(chunk, done, chunk.length - done, this.#size + done);
      done += bytesWritten;
    }
    this.#size += chunk.length;
  }

  /** Reads written bytes back; works after `commit` too, until `close`. */
  async readAt(position: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    let filled = 0;
    for (let read = -1; read !== 0 && filled < length; filled += read) {
      read = (await this.file.read(buffer, filled, length - filled, position + filled)).bytesRead;
    }
    return buffer.subarray(0, filled);
  }

  /** Syncs the file and gives it its place under its hash. */
  async commit(): Promise<Blob> {
    await this.file.datasync();
    const blob = { hash: this.#hash.digest('hex'), size: this.#size };
    await this.keep(blob);
    this.#settled = true;
    return blob;
  }

  /** Throws the bytes away. */
  async abort(): Promise<void> {
    if (this.#settled) return;
    this.#settled = true;
    await rm(this.path, { force: true });
  }

  /** Closes the file; to be called once all readers are done. */
  async close(): Promise<void> {
    await this.file.close();
  }
}

/** Makes a rename survive a power cut, where the platform lets a folder be synced. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
