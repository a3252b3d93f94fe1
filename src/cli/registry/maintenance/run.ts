import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Writable } from 'node:stream';
import { sizeText } from '../../../adopt/copy/amount';
import { makeFolder } from '../../../registry/store/make-folder';
import { remoteExport, remoteTask, sometimes } from '../../../registry/maintenance/admin';
import { exportTo } from '../../../registry/maintenance/export';
import type { FsckResult } from '../../../registry/maintenance/fsck';
import type { GcResult } from '../../../registry/maintenance/gc';
import { BadArchive, importInto } from '../../../registry/maintenance/import';
import { migrateStore } from '../../../registry/maintenance/migrate';
import type { Report } from '../../../registry/maintenance/report';
import { type TaskName, TASKS } from '../../../registry/maintenance/tasks';
import { TABLES } from '../../../registry/server';
import { isGone, ownerTag } from '../../../registry/store/folder-lock';
import { readDatabase } from '../../../registry/store/postgres/target';
import { readS3 } from '../../../registry/store/s3/settings';
import { openStore, type Store } from '../../../registry/store/store';
import { Failure, lineOf, Misuse, printable } from '../../failure';
import { type StorageCommandOptions } from '../storage';
import type { ExportCommandOptions, FsckCommandOptions, GcCommandOptions, MigrateCommandOptions } from './command';

const PROBLEMS_REMAIN = 3;
/** Stands between the name of an archive that is being written and that of the process. */
const PARTIAL = '.partial-';

/** Deletes content that nothing refers to. */
export async function runGc({ olderThan, dryRun, ...storage }: GcCommandOptions): Promise<void> {
  const { deleted, bytes } = (await runTask('gc', { olderThan, dryRun }, storage)) as GcResult;
  say(`${dryRun ? 'Would delete' : 'Deleted'} ${counted(deleted, 'unreferenced file')}, ${sizeText(bytes)}.`);
}

/** Compares tables and content. */
export async function runFsck({ deep, repair, ...storage }: FsckCommandOptions): Promise<void> {
  const { blobs, bytes, problems, repaired } = (await runTask('fsck', { deep, repair }, storage)) as FsckResult;
  say(
    `Checked ${counted(blobs, 'file')}, ${sizeText(bytes)}: ${counted(problems, 'problem')}${repaired > 0 ? `, ${repaired} repaired` : ''}.`,
  );
  if (problems > 0) process.exitCode = PROBLEMS_REMAIN;
}

/** Writes an archive. */
export async function runExport({ output, secrets, force, ...storage }: ExportCommandOptions): Promise<void> {
  if (output === '-' && process.stdout.isTTY)
    throw new Misuse('an archive is not for a terminal; name a file with --output, or redirect the output');
  const target = targetOf(output);
  if (target.partial !== undefined && existsSync(target.path) && !force)
    throw new Failure(`${output} already exists; name another file, or add --force to replace it`);
  const stream: Writable = output === '-' ? process.stdout : await opened(target);
  try {
    const counts = await doing(async (report) => {
      const remote = await runningElsewhere(storage, (folder) => remoteExport(folder, { secrets }, stream));
      return remote ?? (await withStore(storage, (store) => exportTo(store, { options: { secrets }, output: stream, report })));
    });
    if (target.partial !== undefined) renameSync(target.partial, target.path);
    const missing =
      counts.missing > 0
        ? `; ${counts.missing} ${counts.missing === 1 ? 'is' : 'are'} missing from the store and the archive: run "repoform registry fsck"`
        : '';
    tell(`Exported ${counted(counts.blobs, 'file')}, ${sizeText(counts.bytes)}, ${secrets ? 'with' : 'without'} secrets${missing}.`);
    if (counts.missing > 0) process.exitCode = PROBLEMS_REMAIN;
  } finally {
    if (target.partial !== undefined) rmSync(target.partial, { force: true });
  }
}

/** Where an archive is written: beside its place at first, unless that is a device or a pipe. A link leads to the file that is replaced. */
function targetOf(output: string): { readonly path: string; readonly partial?: string } {
  const there = output === '-' ? undefined : statSync(output, { throwIfNoEntry: false });
  if (output === '-' || (there && !there.isFile())) return { path: output };
  const path = there ? realpathSync(output) : output;
  return { path, partial: `${path}${PARTIAL}${ownerTag()}` };
}

/** Removes what exports to the same file left that were killed. */
function removeAbandoned(path: string): void {
  const [folder, begin] = [dirname(path), basename(path) + PARTIAL];
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder))
    if (name.startsWith(begin) && isGone(name.slice(begin.length))) rmSync(join(folder, name), { force: true });
}

async function opened({ path, partial = path }: ReturnType<typeof targetOf>): Promise<Writable> {
  if (partial !== path) removeAbandoned(path);
  const stream = createWriteStream(partial, { mode: 0o600 });
  try {
    await once(stream, 'open');
  } catch (cause) {
    throw new Failure(
      `${path} cannot be written: ${(cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'its folder does not exist' : (cause as Error).message}`,
    );
  }
  return stream;
}

/** Makes a registry from an archive. */
export async function runImport(file: string, storage: StorageCommandOptions): Promise<void> {
  const there = file === '-' ? undefined : statSync(file, { throwIfNoEntry: false });
  if (file !== '-' && !there) throw new Misuse(`the archive ${file} does not exist`);
  if (there?.isDirectory()) throw new Misuse(`${file} is a folder; name an archive of "repoform registry export"`);
  const input = file === '-' ? process.stdin : createReadStream(file);
  // Whoever reads it is told as well; nobody may do so any more.
  input.on('error', () => undefined);
  await doing(async (report) => {
    makeFolder(storage.data);
    const folder = storage.data;
    const result = await withStore(storage, (store) => importInto(store, { input, folder, report }), { isNew: true }).catch(
      (thrown: unknown) => {
        throw thrown instanceof BadArchive && file !== '-' ? new Failure(`${file}: ${lineOf(thrown)}`) : thrown;
      },
    );
    const without = result.secrets
      ? ''
      : ' The archive has no secrets: set the passwords of remotes again, and create users and tokens (repoform registry token create).';
    say(`Imported ${counted(result.rows, 'row')} and ${counted(result.blobs, 'file')}, ${sizeText(result.bytes)}.${without}`);
  });
}

/** Moves a registry. */
export async function runMigrate(options: MigrateCommandOptions): Promise<void> {
  const { from, fromDatabaseUrl, fromS3Bucket, fromS3Endpoint, fromS3Region, fromS3Prefix, ...target } = options;
  if (from === undefined && fromDatabaseUrl === undefined) throw new Misuse('name the source with --from, or with --from-database-url');
  const isPlaced = from !== undefined || fromS3Bucket !== undefined;
  if (!isPlaced)
    throw new Misuse('say where the content of the source is: name its data folder with --from, or its bucket with --from-s3-bucket');
  const source: Where = {
    folder: from ?? `${target.data}.source`,
    option: '--from',
    database: fromDatabaseUrl === undefined ? undefined : readDatabase(fromDatabaseUrl, {}, '--from-database-url'),
    s3: readS3({ bucket: fromS3Bucket, endpoint: fromS3Endpoint, region: fromS3Region, prefix: fromS3Prefix }, process.env),
  };
  await doing(async (report) => {
    const result = await withStoreAt(source, (store) => withStore(target, (to) => migrateStore(store, to, report), { isNew: true }));
    const present = result.present > 0 ? ` (${result.present} of them by an earlier run)` : '';
    say(
      `Copied ${counted(result.rows, 'row')} and ${counted(result.blobs, 'file')}${present}, ${sizeText(result.bytes)}. The source is as it was.`,
    );
  });
}

function runTask(name: TaskName, options: object, storage: StorageCommandOptions): Promise<object> {
  return doing(async (report) => {
    const remote = await runningElsewhere(storage, (folder) => remoteTask(folder, name, { options, report }));
    return remote ?? (await withStore(storage, (store) => TASKS[name](store, options as never, report)));
  });
}

/** Asks the process that holds the data folder, if one does; a database can be used beside it. */
async function runningElsewhere<T>(
  storage: StorageCommandOptions,
  ask: (folder: string) => Promise<T | undefined>,
): Promise<T | undefined> {
  return whereOf(storage).database ? undefined : ask(storage.data);
}

interface Where {
  readonly folder: string;
  /** The option that names the folder. */
  readonly option: string;
  readonly database: ReturnType<typeof readDatabase>;
  readonly s3: ReturnType<typeof readS3>;
}

function whereOf({ data, databaseUrl, s3Bucket, s3Endpoint, s3Region, s3Prefix, s3CreateBucket }: StorageCommandOptions): Where {
  const s3 = readS3({ bucket: s3Bucket, endpoint: s3Endpoint, region: s3Region, prefix: s3Prefix, create: s3CreateBucket }, process.env);
  return { folder: data, option: '--data', database: readDatabase(databaseUrl, process.env), s3 };
}

function withStore<T>(storage: StorageCommandOptions, steps: (store: Store) => Promise<T>, { isNew = false } = {}): Promise<T> {
  return withStoreAt(whereOf(storage), steps, { isNew });
}

async function withStoreAt<T>(
  { folder, option, database, s3 }: Where,
  steps: (store: Store) => Promise<T>,
  { isNew = false } = {},
): Promise<T> {
  if (!isNew && !database && !existsSync(join(folder, 'registry.db')))
    throw new Failure(`there is no registry in ${folder}; name its data folder with ${option}`);
  const store = await openStore(folder, TABLES, { database, s3, mustExist: !isNew, folderOption: option });
  try {
    return await steps(store);
  } finally {
    await store.close();
  }
}

/** Runs a task, which says how far it is after two seconds; its errors become one line. */
async function doing<T>(task: (report: Report) => Promise<T>): Promise<T> {
  const [begun, isShown] = [performance.now(), process.stderr.isTTY];
  let shown = false;
  const clear = () => {
    if (shown && isShown) process.stderr.write('\r\x1b[K');
    shown = false;
  };
  const progress = sometimes((text) => {
    if (performance.now() - begun < 2000 || !isShown) return;
    shown = true;
    process.stderr.write(`\r\x1b[K${printable(text)} ...`);
  });
  const line = (text: string) => {
    clear();
    tell(printable(text));
  };
  try {
    return await task({ line, progress });
  } catch (thrown) {
    throw thrown instanceof Failure ? thrown : new Failure(lineOf(thrown));
  } finally {
    clear();
  }
}

/** The standard output may be an archive; everything else goes beside it. */
function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
