import { createWriteStream, createReadStream } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { remoteExport, remoteTask } from '../../../src/registry/maintenance/admin';
import { exportTo } from '../../../src/registry/maintenance/export';
import { type FsckOptions, fsck } from '../../../src/registry/maintenance/fsck';
import { importInto, type ImportResult } from '../../../src/registry/maintenance/import';
import { type Store, type StoreOptions } from '../../../src/registry/store/store';
import { call, isOnPostgres, openTestStore, tempFolder } from '../helpers';

/** Nobody is told. */
export const quiet = { line: () => undefined, progress: () => undefined };

/** What a check finds, line by line. */
export async function findings(store: Store, options: Partial<FsckOptions> = {}): Promise<string[]> {
  const lines: string[] = [];
  await fsck(store, { deep: true, repair: false, ...options }, { ...quiet, line: (text) => lines.push(text) });
  return lines;
}

/** What a check of a running registry finds, line by line, as the command has it. */
export async function findingsOfRunning(
  data: string,
  { s3, ...options }: Partial<FsckOptions> & Pick<StoreOptions, 's3'> = {},
): Promise<string[]> {
  if (isOnPostgres()) {
    const beside = await openTestStore(data, { s3 });
    return findings(beside, options).finally(() => beside.close());
  }
  const lines: string[] = [];
  const asked = { deep: true, repair: false, ...options };
  await remoteTask(data, 'fsck', { options: asked, report: { ...quiet, line: (text) => lines.push(text) } });
  return lines;
}

/** Exports from a running registry into a file, as the command does. */
export async function exported(data: string, secrets: boolean): Promise<string> {
  const file = join(tempFolder(), 'archive.tar');
  const output = createWriteStream(file);
  const store = isOnPostgres() ? await openTestStore(data) : undefined;
  const counts = store
    ? await exportTo(store, { options: { secrets }, output, report: quiet })
    : await remoteExport(data, { secrets }, output);
  expect(counts?.missing).toBe(0);
  return file;
}

/** Imports a file. */
export function imported(store: Store, file: string): Promise<ImportResult> {
  const input = createReadStream(file).on('error', () => undefined);
  return importInto(store, { input, folder: tempFolder(), report: quiet });
}

/** An archive with these entries. */
export async function archiveOf(
  entries: readonly (readonly [name: string, content: string, type?: 'file' | 'symlink'])[],
): Promise<Buffer> {
  const archive = pack();
  for (const [name, content, type = 'file'] of entries)
    archive.entry({ name, type, ...(type === 'symlink' && { linkname: content }) }, type === 'file' ? content : '');
  archive.finalize();
  return buffer(archive);
}

/** Creates a local repository. */
export async function addLocal(url: string, name: string): Promise<void> {
  const made = await call('POST', `${url}/api/v2/remotes`, { body: { name, repo_type: 'local', package_type: 'generic' } });
  expect(made.status).toBe(201);
}

/** Uploads a file; the answer is the status. */
export async function upload(url: string, path: string, content: string): Promise<number> {
  return (await call('PUT', `${url}/api/v2/remotes/files/files/${path}`, { body: content })).status;
}
