import { createHash, randomUUID } from 'node:crypto';
import { open as openCallback } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable } from 'node:stream';
import { promisify } from 'node:util';
import { type BlobIndex } from './blob-index';
import { type Blob, BlobMissing, type BlobStore, type BlobWriter, type ByteRange, WrongHash } from './blobs';
import { FileStream } from './file-stream';

const openFile = promisify(openCallback);

/** Where the blobs are. */
export interface BlobFolder {
  readonly folder: string;
  readonly index: BlobIndex;
  /** The address of its subfolder `blobs` in the web server in front, with slashes around it. @default - no such server */
  readonly front?: string | undefined;
}

/** Blobs in a folder: written to a temporary file while they are hashed, then synced and renamed. */
export class FolderBlobs implements Omit<BlobStore, 'small'> {
  private constructor(private readonly parts: BlobFolder) {}

  /** Opens the store and throws away what a process that died left half written. */
  static async open(parts: BlobFolder): Promise<FolderBlobs> {
    await rm(join(parts.folder, 'tmp'), { recursive: true, force: true });
    await mkdir(join(parts.folder, 'tmp'), { recursive: true });
    return new FolderBlobs(parts);
  }

  async begin(): Promise<BlobWriter> {
    const path = join(this.parts.folder, 'tmp', randomUUID());
    return new FileWriter(path, await open(path, 'wx+'), (blob) => this.#keep(path, blob));
  }

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

  async read(hash: string, range?: ByteRange): Promise<Readable> {
    const path = this.#path(hash);
    const fd = await openFile(path, 'r').catch((cause: NodeJS.ErrnoException) => {
      throw cause.code === 'ENOENT' ? new BlobMissing(hash, { cause }) : cause;
    });
    return new FileStream(fd, range ?? { start: 0 });
  }

  handOver({ hash }: Blob): string | undefined {
    const { front } = this.parts;
    return front === undefined ? undefined : `${front}${placeOf(hash)}`;
  }

  async has(blob: Blob): Promise<boolean> {
    try {
      return (await stat(this.#path(blob.hash))).size === blob.size;
    } catch {
      return false;
    }
  }

  deleteUnreferenced(hash: string, before: string): Promise<boolean> {
    return this.parts.index.drop(hash, before, () => rm(this.#path(hash), { force: true }));
  }

  async collect(before: string): Promise<number> {
    let deleted = 0;
    for (const hash of await this.parts.index.orphans(before)) if (await this.deleteUnreferenced(hash, before)) deleted++;
    return deleted;
  }

  #path(hash: string): string {
    return join(this.parts.folder, 'blobs', placeOf(hash));
  }

  async #keep(from: string, blob: Blob): Promise<void> {
    const to = this.#path(blob.hash);
    await mkdir(dirname(to), { recursive: true });
    await this.parts.index.add(blob, () => rename(from, to));
    await syncFolder(dirname(to));
  }
}

function placeOf(hash: string): string {
  return `sha256/${hash.slice(0, 2)}/${hash}`;
}

class FileWriter implements BlobWriter {
  readonly #hash = createHash('sha256');
  #size = 0;
  #settled = false;

  constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    private readonly keep: (blob: Blob) => Promise<void>,
  ) {}

  get size(): number {
    return this.#size;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk);
    for (let done = 0; done < chunk.length;) {
      const { bytesWritten } = await this.file.write(chunk, done, chunk.length - done, this.#size + done);
      done += bytesWritten;
    }
    this.#size += chunk.length;
  }

  async readAt(position: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    let filled = 0;
    for (let read = -1; read !== 0 && filled < length; filled += read) {
      read = (await this.file.read(buffer, filled, length - filled, position + filled)).bytesRead;
    }
    return buffer.subarray(0, filled);
  }

  async commit(demanded?: string): Promise<Blob> {
    const blob = { hash: this.#hash.digest('hex'), size: this.#size };
    if (demanded !== undefined && demanded !== blob.hash) {
      await this.abort();
      throw new WrongHash(blob.hash, demanded);
    }
    await this.file.datasync();
    await this.keep(blob);
    this.#settled = true;
    return blob;
  }

  async abort(): Promise<void> {
    if (this.#settled) return;
    this.#settled = true;
    await rm(this.path, { force: true });
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** Makes a rename survive a power cut, where the platform lets a folder be synced. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
