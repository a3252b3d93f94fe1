import { randomUUID } from 'node:crypto';
import { constants, rmSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely, type LogEvent, sql } from 'kysely';
import { makeFolder } from './make-folder';
import { type Logger, silent } from '../logger';
import { Artifacts } from './artifacts';
import { BlobIndex, type KnownBlobs } from './blob-index';
import { type BlobStore, type PlacedBlobs } from './blobs';
import { coreTables } from './core-tables';
import { LocalFiles } from './files';
import { FolderBlobs } from './folder-blobs';
import { lockFolder, ownerTag } from './folder-lock';
import { Generated, generatedTables } from './generated';
import { identityOf, refuseEmpty, refuseMoved } from './identity';
import { KeptBlobs } from './kept-blobs';
import { aloneLeases, type Leases } from './leases';
import { type CopyOf, KyselyMetadata, type MetadataStore, type TableSet } from './metadata';
import { migrate } from './migrations';
import { type DatabaseTarget } from './postgres/target';
import { Repositories } from './repositories';
import { Room } from './room';
import { type S3Settings } from './s3/settings';
import { SigningKeys } from './signing-keys';
import { Uploads } from './uploads';
import { wasmDialect } from './wasm-dialect';

const CONNECTIONS = 10;

/** Everything the registry remembers. */
export interface Store {
  readonly metadata: MetadataStore;
  readonly repositories: Repositories;
  readonly artifacts: Artifacts;
  readonly files: LocalFiles;
  readonly blobs: BlobStore;
  /** What the tables say of the blobs. */
  readonly known: KnownBlobs;
  /** The parts of the tables. */
  readonly sets: readonly TableSet[];
  readonly signingKeys: SigningKeys;
  readonly uploads: Uploads;
  readonly generated: Generated;
  /** What limits the store as a whole. */
  readonly room: Room | undefined;
  /** What one process at a time does of those that share the store. */
  readonly leases: Leases;
  close(): Promise<void>;
}

/** How the store is reached from outside, and where it keeps what. */
export interface StoreOptions {
  /** The address of the blobs in the web server in front, with slashes around it. @default - no such server */
  readonly front?: string | undefined;
  /** The PostgreSQL database of the metadata. @default - SQLite, in the folder */
  readonly database?: DatabaseTarget | undefined;
  /** Whether a database without a registry is refused, rather than given its tables. @default false */
  readonly mustExist?: boolean | undefined;
  /** How many connections to it may be open. @default 10 */
  readonly connections?: number | undefined;
  /** The bucket of the blobs. @default - the folder `blobs` in the folder */
  readonly s3?: S3Settings | undefined;
  /** The option that names the folder, for messages. @default --data */
  readonly folderOption?: string | undefined;
  /** Whether a folder will do that has nothing, if all that is missing can be fetched or generated again. @default false */
  readonly mayLackCache?: boolean | undefined;
  /** Where it logs what happens to its connections. @default - nowhere */
  readonly logger?: Logger | undefined;
  /** How many bytes may be stored before uploads are refused. @default - any number */
  readonly storeLimit?: number | undefined;
  /** Hears of each statement once it has ended. @default - nobody does */
  readonly onStatement?: ((event: LogEvent) => void) | undefined;
}

/** Where metadata is, and how it is let go of. */
export interface OpenMetadata {
  readonly metadata: MetadataStore;
  readonly leases: Leases;
  /** Whether other processes may use the same at the same time, and the same blobs with it. */
  readonly shared: boolean;
  /** Lets go of it. */
  readonly release: () => Promise<void>;
}

/** Opens the store in a folder, which is made if need be; without a database it is held by this process until `close`. */
export async function openStore(folder: string, backends: readonly TableSet[], options: StoreOptions = {}): Promise<Store> {
  const { metadata, leases, shared, release } = await openMetadata(folder, backends, options);
  try {
    const artifacts = new Artifacts(metadata);
    const keepers = setsOf(backends).flatMap((set) => set.keepers ?? []);
    const index = new BlobIndex(metadata, keepers);
    const renewable = setsOf(backends).flatMap((set) => set.renewable ?? []);
    const needed = options.mayLackCache ? keepers.filter((table) => !renewable.includes(table)) : keepers;
    const placed = await openBlobs({ folder, metadata, index, shared, needed }, options);
    const room = options.storeLimit === undefined ? undefined : new Room(metadata, options.storeLimit);
    const blobs = new KeptBlobs(placed, room);
    const close = async () => {
      await artifacts.flush().catch(() => undefined);
      placed.close?.();
      await release();
    };
    const [repositories, files, signingKeys] = [new Repositories(metadata), new LocalFiles(metadata), new SigningKeys(metadata)];
    const [uploads, generated] = [new Uploads(metadata, blobs), new Generated(metadata)];
    return {
      metadata,
      sets: setsOf(backends),
      known: index,
      repositories,
      artifacts,
      files,
      blobs,
      signingKeys,
      uploads,
      generated,
      leases,
      room,
      close,
    };
  } catch (cause) {
    await release().catch(() => undefined);
    throw cause;
  }
}

function setsOf(backends: readonly TableSet[]): readonly TableSet[] {
  return [coreTables, generatedTables, ...backends];
}

/** Opens the metadata alone, for what concerns no files; whoever opens it closes and then releases it. */
export async function openMetadata(folder: string, backends: readonly TableSet[], options: StoreOptions = {}): Promise<OpenMetadata> {
  makeFolder(folder);
  const sets = setsOf(backends);
  const { database: target, connections = CONNECTIONS, logger = silent, mustExist = false } = options;
  if (!target) return openSqlite(folder, sets, options);
  const { openPostgres } = await import('./postgres/open');
  return openPostgres({ folder, sets, target, connections, logger, log: options.onStatement, mustExist });
}

async function openSqlite(folder: string, sets: readonly TableSet[], { onStatement: log }: StoreOptions): Promise<OpenMetadata> {
  const unlock = lockFolder(folder);
  const file = join(folder, 'registry.db');
  // SQLite's own lock is a folder that a killed process leaves behind; ours has just shown that nobody else is here.
  rmSync(`${file}.lock`, { recursive: true, force: true });
  const metadata = new KyselyMetadata(new Kysely({ dialect: wasmDialect(file), ...(log && { log }) }), { copy: copyOf(folder) });
  const release = () => metadata.close().finally(unlock);
  try {
    await migrate(metadata, sets);
    return { metadata, leases: aloneLeases, shared: false, release };
  } catch (cause) {
    await release().catch(() => undefined);
    throw cause;
  }
}

/** Makes a copy of the database in a folder, which is gone when it is closed. */
function copyOf(folder: string): CopyOf {
  return async (connection) => {
    await sql`pragma wal_checkpoint(truncate)`.execute(connection);
    const file = join(folder, 'tmp', `${ownerTag()}-${randomUUID()}.db`);
    await copyFile(join(folder, 'registry.db'), file, constants.COPYFILE_FICLONE);
    return new CopiedMetadata(new Kysely({ dialect: wasmDialect(file) }), file);
  };
}

class CopiedMetadata extends KyselyMetadata {
  constructor(
    db: Kysely<unknown>,
    private readonly file: string,
  ) {
    super(db);
  }

  override async close(): Promise<void> {
    await super.close();
    for (const each of [this.file, `${this.file}-wal`, `${this.file}.lock`]) rmSync(each, { recursive: true, force: true });
  }
}

interface BlobsOpening {
  readonly folder: string;
  readonly metadata: MetadataStore;
  readonly index: BlobIndex;
  readonly shared: boolean;
  /** The tables whose content must be there. */
  readonly needed: readonly string[];
}

async function openBlobs(
  { folder, metadata, index, shared, needed }: BlobsOpening,
  { s3, front, folderOption: option = '--data', logger = silent }: StoreOptions,
): Promise<PlacedBlobs & { close?(): void }> {
  await refuseMoved(metadata, s3 ? 'bucket' : 'folder');
  // A database in the folder itself cannot have its content elsewhere.
  if (!s3 && shared) await refuseEmpty({ folder, option, isNeeded: () => index.isKept(needed) });
  if (!s3) return FolderBlobs.open({ folder, index, shared, front });
  const { openS3 } = await import('./s3/open');
  return openS3({ settings: s3, spool: join(folder, 'tmp'), shared, metadata, index, identity: await identityOf(metadata), logger });
}
