import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import { Artifacts } from './artifacts';
import { BlobStore } from './blobs';
import { LocalFiles } from './files';
import { lockFolder } from './folder-lock';
import { migrate } from './migrations';
import { Repositories } from './repositories';
import { type Metadata, type Tables } from './tables';
import { wasmDialect } from './wasm-dialect';

/** Everything the registry remembers. */
export interface Store {
  readonly db: Metadata;
  readonly repositories: Repositories;
  readonly artifacts: Artifacts;
  readonly files: LocalFiles;
  readonly blobs: BlobStore;
  close(): Promise<void>;
}

/** Opens the store in a folder, which is made if need be and held by this process until `close`. */
export async function openStore(folder: string): Promise<Store> {
  mkdirSync(folder, { recursive: true });
  const unlock = lockFolder(folder);
  const file = join(folder, 'registry.db');
  // SQLite's own lock is a folder that a killed process leaves behind; ours has just shown that nobody else is here.
  rmSync(`${file}.lock`, { recursive: true, force: true });
  const db = new Kysely<Tables>({ dialect: wasmDialect(file) });
  try {
    await migrate(db);
    const artifacts = new Artifacts(db);
    const blobs = await BlobStore.open(folder, db);
    const close = async () => {
      await artifacts.flush().catch(() => undefined);
      await db.destroy();
      unlock();
    };
    return { db, repositories: new Repositories(db), artifacts, files: new LocalFiles(db), blobs, close };
  } catch (cause) {
    await db.destroy().catch(() => undefined);
    unlock();
    throw cause;
  }
}
