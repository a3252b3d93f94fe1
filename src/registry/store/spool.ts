import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Blob, type BlobWriter, WrongHash } from './blobs';
import { isGone, ownerTag } from './folder-lock';

/** A spooled file whose content is complete and on disk. */
export interface Spooled {
  readonly path: string;
  readonly file: FileHandle;
  readonly blob: Blob;
}

/** Brings a spooled file to where its blob belongs; what it leaves at the path is removed. */
export type Keep = (spooled: Spooled) => Promise<void>;

/** What a spool is made of. */
export interface SpoolParts {
  readonly folder: string;
  /** Whether other processes, perhaps on other machines, use the folder at the same time. @default false */
  readonly shared?: boolean | undefined;
  readonly keep: Keep;
}

/** After what time without a byte a file of a process on another machine is thrown away. */
const ABANDONED_MS = 24 * 3_600_000;

/** A folder of files whose content is arriving, each of one process. */
export class Spool {
  private constructor(private readonly parts: SpoolParts) {}

  /** Opens the spool and throws away what a process that died left half written. */
  static async open(parts: SpoolParts): Promise<Spool> {
    await mkdir(parts.folder, { recursive: true });
    const spool = new Spool(parts);
    for (const path of parts.shared ? await spool.abandoned() : await spool.#files()) await rm(path, { recursive: true, force: true });
    return spool;
  }

  /** The files of processes that are gone. */
  async abandoned(): Promise<string[]> {
    const found: string[] = [];
    const now = await this.#now();
    for (const path of await this.#files()) if (isGone(basename(path)) || (await isOld(path, now))) found.push(path);
    return found;
  }

  /** The time of the folder, whose clock may be another machine's; the one of this process may be wrong. */
  async #now(): Promise<number> {
    const path = join(this.parts.folder, `${ownerTag()}-${randomUUID()}`);
    await writeFile(path, '');
    const { mtimeMs } = await stat(path);
    await rm(path, { force: true });
    return mtimeMs;
  }

  async begin(): Promise<BlobWriter> {
    const path = join(this.parts.folder, `${ownerTag()}-${randomUUID()}`);
    return new FileWriter(path, await open(path, 'wx+'), this.parts.keep);
  }

  async #files(): Promise<string[]> {
    return (await readdir(this.parts.folder)).map((name) => join(this.parts.folder, name));
  }
}

async function isOld(path: string, now: number): Promise<boolean> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
  return now - mtimeMs > ABANDONED_MS;
}

/** Reads a part of an open file, as far as the file goes. */
export async function readPart(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  for (let read = -1; read !== 0 && filled < length; filled += read) {
    read = (await file.read(buffer, filled, length - filled, position + filled)).bytesRead;
  }
  return buffer.subarray(0, filled);
}

class FileWriter implements BlobWriter {
  readonly #hash = createHash('sha256');
  #size = 0;
  #settled = false;

  constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    private readonly keep: Keep,
  ) {}

  get size(): number {
    return this.#size;
  }

  hash(): string {
    return this.#hash.copy().digest('hex');
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk);
    for (let done = 0; done < chunk.length;) {
      const { bytesWritten } = await this.file.write(chunk, done, chunk.length - done, this.#size + done);
      done += bytesWritten;
    }
    this.#size += chunk.length;
  }

  readAt(position: number, length: number): Promise<Buffer> {
    return readPart(this.file, position, length);
  }

  async commit(demanded?: string): Promise<Blob> {
    const blob = { hash: this.hash(), size: this.#size };
    if (demanded !== undefined && demanded !== blob.hash) {
      await this.abort();
      throw new WrongHash(blob.hash, demanded);
    }
    await this.file.datasync();
    await this.keep({ path: this.path, file: this.file, blob });
    await this.abort();
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
