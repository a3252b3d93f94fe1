import { open as openCallback } from 'node:fs';
import { access, constants, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable } from 'node:stream';
import { promisify } from 'node:util';
import { type BlobIndex } from './blob-index';
import {
  type Blob,
  type BlobAudit,
  BlobMissing,
  placeableHash,
  type PlacedBlobs,
  type BlobWriter,
  type ByteRange,
  type StoredBytes,
} from './blobs';
import { FileStream } from './file-stream';
import { Spool, type Spooled } from './spool';

const openFile = promisify(openCallback);

/** Where the blobs are. */
export interface BlobFolder {
  readonly folder: string;
  readonly index: BlobIndex;
  /** Whether other processes, perhaps on other machines, use the folder at the same time. @default false */
  readonly shared?: boolean | undefined;
  /** The address of its subfolder `blobs` in the web server in front, with slashes around it. @default - no such server */
  readonly front?: string | undefined;
}

/** Blobs in a folder: written to a temporary file while they are hashed, then synced and renamed. */
export class FolderBlobs implements PlacedBlobs {
  private constructor(
    private readonly parts: BlobFolder,
    private readonly spool: Spool,
    /** The hashes whose files have other bytes. */
    private readonly bad: Set<string>,
  ) {}

  /** Opens the store and throws away what a process that died left half written. */
  static async open(parts: BlobFolder): Promise<FolderBlobs> {
    const bad = new Set<string>();
    const place = async (spooled: Spooled) => {
      await keep(parts, spooled);
      bad.delete(spooled.blob.hash);
    };
    return new FolderBlobs(parts, await Spool.open({ folder: join(parts.folder, 'tmp'), shared: parts.shared, keep: place }), bad);
  }

  begin(): Promise<BlobWriter> {
    return this.spool.begin();
  }

  async read(hash: string, range?: ByteRange): Promise<Readable> {
    const path = this.#path(hash);
    const fd = await openFile(path, 'r').catch((cause: NodeJS.ErrnoException) => {
      // Clients are told of it, and where the folder is, is not for everybody.
      throw cause.code === 'ENOENT'
        ? new BlobMissing(hash)
        : new Error(`the content with the SHA-256 ${hash} cannot be read: ${cause.code}`);
    });
    return new FileStream(fd, range ?? { start: 0 });
  }

  handOver({ hash }: Blob): string | undefined {
    const { front } = this.parts;
    return front === undefined ? undefined : `${front}${placeOf(hash)}`;
  }

  distrust(hash: string): void {
    this.bad.add(hash);
  }

  async has(blob: Blob): Promise<boolean> {
    return !this.bad.has(blob.hash) && this.#isWhole(blob);
  }

  async check(): Promise<void> {
    await access(join(this.parts.folder, 'tmp'), constants.R_OK | constants.W_OK).catch((cause: NodeJS.ErrnoException) => {
      // Where it is, is not for everybody who may ask for readiness.
      throw new Error(`the data folder cannot be used: ${cause.code}`);
    });
  }

  deleteUnreferenced(hash: string, before: string): Promise<boolean> {
    return this.parts.index.drop(hash, before, () => rm(this.#path(hash), { force: true }));
  }

  async collect(before: string, drop: (hash: string) => Promise<boolean>): Promise<number> {
    let deleted = 0;
    for await (const batch of this.parts.index.orphans(before)) for (const { hash } of batch) if (await drop(hash)) deleted++;
    return deleted;
  }

  readonly audit: BlobAudit = {
    isWhole: (blob) => this.#isWhole(blob),
    stored: () => filesOf(join(this.parts.folder, 'blobs', 'sha256')),
    erase: ({ hash }) => this.parts.index.eraseStray(hash, () => rm(this.#path(hash), { force: true })),
    leftovers: async () => (await this.spool.abandoned()).length,
    sweep: async () => {
      const paths = await this.spool.abandoned();
      for (const path of paths) await rm(path, { force: true });
      return paths.length;
    },
  };

  async #isWhole({ hash, size }: Blob): Promise<boolean> {
    try {
      return (await stat(this.#path(hash))).size === size;
    } catch {
      return false;
    }
  }

  #path(hash: string): string {
    return pathOf(this.parts, hash);
  }
}

async function* filesOf(root: string): AsyncGenerator<StoredBytes, void> {
  for (const folder of (await namesIn(root)).filter((name) => /^[0-9a-f]{2}$/.test(name)))
    for (const hash of (await namesIn(join(root, folder))).filter((name) => /^[0-9a-f]{64}$/.test(name) && name.startsWith(folder))) {
      const found = await stat(join(root, folder, hash)).catch(() => undefined);
      if (found?.isFile()) yield { hash, place: '', size: found.size, modifiedAt: found.mtime };
    }
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

async function keep(parts: BlobFolder, { path, blob }: Spooled): Promise<void> {
  const to = pathOf(parts, blob.hash);
  await mkdir(dirname(to), { recursive: true });
  await parts.index.add(blob, () => rename(path, to));
  await syncFolder(dirname(to));
}

function pathOf({ folder }: BlobFolder, hash: string): string {
  return join(folder, 'blobs', placeOf(hash));
}

function placeOf(hash: string): string {
  return `sha256/${placeableHash(hash).slice(0, 2)}/${hash}`;
}

/** Makes a rename survive a power cut, where the platform lets a folder be synced. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
