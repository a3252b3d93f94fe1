import { rmSync, utimesSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { remoteTask } from '../../../src/registry/maintenance/admin';
import { gc } from '../../../src/registry/maintenance/gc';
import { migrateStore, refuseUnfinished } from '../../../src/registry/maintenance/migrate';
import { sumOf } from '../../../src/registry/maintenance/rows';
import { tablesOf } from '../../../src/registry/maintenance/transfer';
import { withHold } from '../../../src/registry/store/holds';
import { readDatabase } from '../../../src/registry/store/postgres/target';
import { unsetRemoteSettings } from '../../../src/registry/store/remote-settings';
import { openStore, type Store } from '../../../src/registry/store/store';
import { TABLES } from '../../../src/registry/server';
import { describeClient } from '../../clients/support';
import { afterwards, cleanUp, openTestStore, registry, tempFolder, testSqlite } from '../helpers';
import { databaseOf } from '../postgres';
import { S3Server } from '../store/s3-server';
import { addLocal, findings, quiet, upload } from './support';

afterEach(cleanUp);

const LATER = '9999';
const REMEDY = 'delete the file, and upload it again if you have it';
const receive = (store: Store, text: string) => store.blobs.receive(Readable.from([Buffer.from(text)]));

/** A store with a repository `files` in which there are files of these contents. */
async function fill(store: Store, contents: readonly string[]): Promise<string[]> {
  const local = { name: 'files', repo_type: 'local', package_type: 'generic', created_at: 'then', updated_at: 'then' };
  await store.repositories.createRemote({ ...unsetRemoteSettings, ...local });
  const hashes: string[] = [];
  for (const text of contents) {
    const { hash } = await receive(store, text);
    await store.files.put({ repo: 'files', path: text, hash, content_type: '', metadata: '', created_at: 'then' });
    hashes.push(hash);
  }
  return hashes;
}

const sums = async (store: Store) =>
  Promise.all((await tablesOf(store)).filter(({ name }) => name !== 'blobs').map((table) => sumOf(store.metadata, table)));

test('what lacks its content is named by what is unique among its rows and says something to people', async () => {
  const store = await openTestStore(tempFolder());
  afterwards(() => store.close());
  const tables = await tablesOf(store);
  const keepers = store.sets.flatMap(({ keepers: own = [] }) => own);
  const named = keepers.map((keeper) => [keeper, tables.find(({ name }) => name === keeper)?.names] as const);
  expect(Object.fromEntries(named)).toMatchObject({
    local_files: ['repo', 'path'],
    artifacts: ['remote', 'path', 'variant'],
    bkrepo_nodes: ['project', 'repo', 'full_path'],
  });
  for (const [, names = []] of named) expect(names.filter((name) => !['id', 'hash'].includes(name)).length).toBeGreaterThan(0);
});

test('a check of a folder finds what is missing, damaged and of no use, and removes what it may', async () => {
  const folder = tempFolder();
  const store = await openTestStore(folder);
  afterwards(() => store.close());
  const [missing = '', damaged = '', short = '', whole = ''] = await fill(store, ['missing', 'damaged', 'short', 'whole']);
  const { hash: orphan } = await receive(store, 'orphan');
  const path = (hash: string) => join(folder, 'blobs', 'sha256', hash.slice(0, 2), hash);
  rmSync(path(missing));
  rmSync(path(orphan));
  writeFileSync(path(damaged), 'DAMAGED');
  writeFileSync(path(short), 'sho');
  for (const [hash, age] of [
    ['a'.repeat(64), 7200],
    ['b'.repeat(64), 10],
  ] as const) {
    mkdirSync(join(path(hash), '..'), { recursive: true });
    writeFileSync(path(hash), 'stray');
    utimesSync(path(hash), Date.now() / 1000 - age, Date.now() / 1000 - age);
  }
  const lacking = [
    `${damaged} is damaged: its content has another digest; used by local_files: files damaged; ${REMEDY}`,
    `${missing} is missing, or has another size; used by local_files: files missing; ${REMEDY}`,
    `${short} is missing, or has another size; used by local_files: files short; ${REMEDY}`,
  ];
  const useless = [
    `${orphan} is missing, or has another size; nothing refers to it`,
    `${'a'.repeat(64)} has 5 bytes that no file refers to`,
  ];
  expect((await findings(store)).sort()).toEqual([...lacking, ...useless].sort());
  expect((await findings(store, { deep: false })).sort()).toEqual([...lacking.slice(1), ...useless].sort());
  expect((await findings(store, { repair: true })).sort()).toEqual([...lacking, ...useless.map((line) => `${line} (removed)`)].sort());
  // Content that is uploaded again is what it was.
  for (const text of ['missing', 'damaged', 'short']) await receive(store, text);
  expect([await findings(store), whole.length]).toEqual([[], 64]);
});

test('content of a certain age that nothing refers to is deleted, unless somebody holds it', async () => {
  const store = await openTestStore(tempFolder());
  afterwards(() => store.close());
  await fill(store, ['kept']);
  const orphans = await Promise.all(['one', 'two'].map((text) => receive(store, text)));
  const run = (olderThan: number, dryRun = false) => gc(store, { olderThan, dryRun }, quiet);
  expect([await run(3600), await run(-60, true)]).toEqual([
    { deleted: 0, bytes: 0 },
    { deleted: 2, bytes: 6 },
  ]);
  expect(await withHold(store.metadata, () => run(-60))).toEqual({ deleted: 0, bytes: 0 });
  expect([await run(-60), await run(-60)]).toEqual([
    { deleted: 2, bytes: 6 },
    { deleted: 0, bytes: 0 },
  ]);
  expect([await findings(store), orphans.length]).toEqual([[], 2]);
});

testSqlite('commands reach a running registry, also in a folder whose path is too long for a socket, and no other', async () => {
  for (const data of [tempFolder(), join(tempFolder(), 'long'.repeat(30))]) {
    expect(await remoteTask(data, 'fsck', { options: { deep: true, repair: false }, report: quiet })).toBeUndefined();
    const running = await registry({ data });
    await addLocal(running.url, 'files');
    await upload(running.url, 'x', 'hello');
    const result = await remoteTask(data, 'fsck', { options: { deep: true, repair: false }, report: quiet });
    expect(result).toEqual({ blobs: 1, bytes: 5, problems: 0, repaired: 0 });
    await running.close();
    expect(await remoteTask(data, 'gc', { options: { olderThan: 0, dryRun: true }, report: quiet })).toBeUndefined();
  }
});

describeClient('versitygw', () => {
  let server: S3Server;
  beforeAll(async () => void (server = await S3Server.start()));
  afterAll(() => server.stop());

  test('a check of a bucket finds what is missing, damaged and of no use, and removes what it may', async () => {
    const s3 = server.bucket();
    const store = await openTestStore(tempFolder(), { s3 });
    afterwards(() => store.close());
    const [missing = '', damaged = ''] = await fill(store, ['missing', 'damaged', 'whole']);
    const keyOf = (hash: string) => server.keys(s3).find((key) => key.includes(hash)) ?? '';
    writeFileSync(server.path(s3.bucket, keyOf(damaged)), 'DAMAGED');
    rmSync(server.path(s3.bucket, keyOf(missing)));
    const stray = `blobs/sha256/aa/${'a'.repeat(64)}.0123456789abcdef`;
    mkdirSync(join(server.path(s3.bucket, stray), '..'), { recursive: true });
    writeFileSync(server.path(s3.bucket, stray), 'stray');
    utimesSync(server.path(s3.bucket, stray), Date.now() / 1000 - 7200, Date.now() / 1000 - 7200);
    const lacking = [
      `${damaged} is damaged: its content has another digest; used by local_files: files damaged; ${REMEDY}`,
      `${missing} is missing, or has another size; used by local_files: files missing; ${REMEDY}`,
    ];
    const useless = `${'a'.repeat(64)} has 5 bytes that no file refers to`;
    expect((await findings(store, { repair: true })).sort()).toEqual([...lacking, `${useless} (removed)`].sort());
    expect((await findings(store)).sort()).toEqual(lacking.sort());
    expect(server.keys(s3)).not.toContain(stray);
  });

  test('a registry moves from a folder to PostgreSQL and a bucket, goes on where it was interrupted, and moves back', async () => {
    const source = await openTestStore(tempFolder());
    afterwards(() => source.close());
    const contents = Array.from({ length: 12 }, (_, n) => `content ${n}`);
    await fill(source, contents);
    await receive(source, 'of no use');
    const [s3, folder] = [server.bucket(), tempFolder()];
    const target = await openStore(folder, TABLES, { s3, database: readDatabase(await databaseOf(folder), {}) });
    const asItIs = target.blobs.begin.bind(target.blobs);
    const begin = jest.spyOn(target.blobs, 'begin');
    for (let n = 0; n < 5; n++) begin.mockImplementationOnce(asItIs);
    begin.mockRejectedValue(new Error('the bucket is away'));
    await expect(migrateStore(source, target, quiet)).rejects.toThrow('the bucket is away');
    begin.mockRestore();
    await expect(refuseUnfinished(target.metadata)).rejects.toThrow('run the same "repoform registry migrate" again');
    const other = await openTestStore(tempFolder());
    await fill(other, ['other']);
    await expect(migrateStore(other, target, quiet)).rejects.toThrow('the target has part of another registry');
    await other.close();
    const result = await migrateStore(source, target, quiet);
    expect([result.blobs, result.present > 0]).toEqual([12, true]);
    await refuseUnfinished(target.metadata);
    expect([await findings(target), await sums(target)]).toEqual([[], await sums(source)]);
    await expect(migrateStore(source, target, quiet)).rejects.toThrow('the target is not empty');

    const back = await openTestStore(tempFolder());
    afterwards(() => back.close());
    expect((await migrateStore(target, back, quiet)).blobs).toBe(12);
    await target.close();
    expect([await findings(back), await sums(back)]).toEqual([[], await sums(source)]);
    expect(await back.blobs.deleteUnreferenced((await receive(back, 'of no use')).hash, LATER)).toBe(true);
  });
});
