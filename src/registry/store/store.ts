import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import { Artifacts } from './artifacts';
import { BlobIndex } from './blob-index';
import { type BlobStore } from './blobs';
import { coreTables } from './core-tables';
import { LocalFiles } from './files';
import { FolderBlobs } from './folder-blobs';
import { lockFolder } from './folder-lock';
import { Generated, generatedTables } from './generated';
import { KeptBlobs } from './kept-blobs';
import { KyselyMetadata, type MetadataStore, type TableSet } from './metadata';
import { migrate } from './migrations';
import { Repositories } from './repositories';
import { SigningKeys } from './signing-keys';
import { Uploads } from './uploads';
import { wasmDialect } from './wasm-dialect';

/** Everything the registry remembers. */
export interface Store {
  readonly metadata: MetadataStore;
  readonly repositories: Repositories;
  readonly artifacts: Artifacts;
  readonly files: LocalFiles;
  readonly blobs: BlobStore;
  readonly signingKeys: SigningKeys;
  readonly uploads: Uploads;
  readonly generated: Generated;
  close(): Promise<void>;
}

/** How the store is reached from outside. */
export interface StoreOptions {
  /** The address of the blobs in the web server in front, with slashes around it. @default - no such server */
  readonly front?: string | undefined;
}

/** Opens the store in a folder, which is made if need be and held by this process until `close`; backends bring tables of their own. */
export async function openStore(folder: string, backends: readonly TableSet[], { front }: StoreOptions = {}): Promise<Store> {
  mkdirSync(folder, { recursive: true });
  const unlock = lockFolder(folder);
  const file = join(folder, 'registry.db');
  // SQLite's own lock is a folder that a killed process leaves behind; ours has just shown that nobody else is here.
  rmSync(`${file}.lock`, { recursive: true, force: true });
  const metadata = new KyselyMetadata(new Kysely({ dialect: wasmDialect(file) }));
  const sets = [coreTables, generatedTables, ...backends];
  try {
    await migrate(metadata, sets);
    const artifacts = new Artifacts(metadata);
    const keepers = sets.flatMap((set) => set.keepers ?? []);
    const blobs = new KeptBlobs(await FolderBlobs.open({ folder, index: new BlobIndex(metadata, keepers), front }));
    const close = async () => {
      await artifacts.flush().catch(() => undefined);
      await metadata.close();
      unlock();
    };
    const [repositories, files, signingKeys] = [new Repositories(metadata), new LocalFiles(metadata), new SigningKeys(metadata)];
    const uploads = new Uploads(metadata, blobs);
    const generated = new Generated(metadata);
    return { metadata, repositories, artifacts, files, blobs, signingKeys, uploads, generated, close };
  } catch (cause) {
    await metadata.close().catch(() => undefined);
    unlock();
    throw cause;
  }
}
