import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { TABLES } from '../../../src/registry/server';
import { type Blob } from '../../../src/registry/store/blobs';
import { readDatabase } from '../../../src/registry/store/postgres/target';
import { unsetRemoteSettings } from '../../../src/registry/store/remote-settings';
import { openStore, type Store } from '../../../src/registry/store/store';
import { type Tables } from '../../../src/registry/store/tables';
import { afterwards, isOnPostgres, tempFolder } from '../helpers';
import { databaseOf } from '../postgres';
import { type S3Server } from './s3-server';

/** Before which everything is old enough to be collected. */
export const LATER = '9999-01-01T00:00:00.000Z';
const CONTENTS = ['a', 'b', 'c'];
const PATHS = ['x', 'y', 'z'];
const STEPS = 40;

/** What one of the processes does, and after how many turns of the loop it begins. */
const step = fc.record({
  kind: fc.constantFrom('put', 'put', 'put', 'copy', 'remove', 'collect', 'delete'),
  process: fc.nat(1),
  content: fc.constantFrom(...CONTENTS),
  path: fc.constantFrom(...PATHS),
  from: fc.constantFrom(...PATHS),
  wait: fc.nat(25),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The processes that share what is stored: two where the engine permits it, else one twice. */
export interface Processes {
  readonly stores: readonly [Store, Store];
  /** Their data folders. */
  readonly folders: readonly string[];
  /** The hashes of all bytes that are stored, in their order. */
  stored(): string[];
}

/** Opens them on a folder, or on a bucket and a folder each. */
export async function processes(server?: S3Server): Promise<Processes> {
  const folder = tempFolder();
  const folders = server ? [folder, tempFolder()] : [folder];
  const s3 = server?.bucket();
  const database = isOnPostgres() ? readDatabase(await databaseOf(folder), {}) : undefined;
  const open = async (data: string) => {
    const store = await openStore(data, TABLES, { database, s3 });
    afterwards(() => store.close());
    return store;
  };
  const one = await open(folder);
  const local = { name: 'l', repo_type: 'local', package_type: 'generic', created_at: '', updated_at: '' };
  await one.repositories.createRemote({ ...unsetRemoteSettings, ...local });
  const blobs = server && s3 ? server.path(s3.bucket, '') : join(folder, 'blobs');
  const stored = () =>
    readdirSync(blobs, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /^[0-9a-f]{64}/.test(entry.name))
      .map(({ name }) => name.slice(0, 64))
      .sort();
  return { stores: [one, database ? await open(folders.at(-1) ?? folder) : one], folders, stored };
}

/** A file of the repository that `processes` has made. */
export const file = (path: string, { hash }: Pick<Blob, 'hash'>) => ({
  ...{ repo: 'l', path, hash },
  ...{ content_type: '', metadata: '', created_at: '' },
});

/** Lets processes put, copy, remove and collect at once, again and again; each time, what is referred to must be there, and what is there be noted. */
export async function workAtOnce({ stores, folders, stored }: Processes, runs: number): Promise<void> {
  const holds = async (steps: readonly Step[]) => {
    await Promise.all(steps.map((each) => perform(stores[each.process as 0 | 1], each)));
    for (const store of stores)
      for (const { hash, size } of await store.files.within('l')) {
        const content = await text(await store.blobs.read(hash));
        expect([content.length, CONTENTS.includes(content)]).toEqual([size, true]);
      }
    const noted = await stores[0].metadata.tables<Tables>().selectFrom('blobs').select('hash').execute();
    expect(stored()).toEqual(noted.map(({ hash }) => hash).sort());
    for (const folder of folders) expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  };
  await holds([{ kind: 'put', process: 0, content: 'a', path: 'x', from: 'x', wait: 0 }]);
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: STEPS / 2, maxLength: STEPS }), holds), {
    numRuns: runs,
    endOnFailure: true,
  });
}

/** One that finds its blob collected before it could refer to it fails; in service that takes an hour. */
async function perform(store: Store, { kind, content, path, from, wait }: Step): Promise<void> {
  for (let turns = 0; turns < wait; turns++) await turn();
  const receive = () => store.blobs.receive(Readable.from([Buffer.from(content)]));
  try {
    if (kind === 'put') await store.files.put(file(path, await receive()));
    if (kind === 'remove') await store.files.remove('l', path);
    if (kind === 'collect') await store.blobs.collect(LATER);
    if (kind === 'delete') await store.blobs.deleteUnreferenced((await receive()).hash, LATER);
    if (kind === 'copy') {
      const found = await store.files.find('l', from);
      if (found) await store.files.put(file(path, found));
    }
  } catch (cause) {
    if (!/foreign key/i.test((cause as Error).message)) throw cause;
  }
}
