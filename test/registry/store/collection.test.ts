import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { TABLES } from '../../../src/registry/server';
import { type Blob } from '../../../src/registry/store/blobs';
import { BlobIndex } from '../../../src/registry/store/blob-index';
import { orStoreProblem } from '../../../src/registry/store/full';
import { readDatabase } from '../../../src/registry/store/postgres/target';
import { unsetRemoteSettings } from '../../../src/registry/store/remote-settings';
import { openStore, type Store } from '../../../src/registry/store/store';
import { type Tables } from '../../../src/registry/store/tables';
import { afterwards, cleanUp, isOnPostgres, tempFolder } from '../helpers';
import { databaseOf } from '../postgres';

afterEach(cleanUp);

const LATER = '9999-01-01T00:00:00.000Z';
const CONTENTS = ['a', 'b', 'c'];
const PATHS = ['x', 'y', 'z'];
/** More of them, such as 2000, take minutes: REPOFORM_COLLECTION_RUNS. */
const RUNS = Number(process.env['REPOFORM_COLLECTION_RUNS'] ?? 10);
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

/** The processes that share a folder: two where the engine permits it, else one twice. */
async function processes() {
  const folder = tempFolder();
  const options = isOnPostgres() ? { database: readDatabase(await databaseOf(folder), {}) } : undefined;
  const open = async () => {
    const store = await openStore(folder, TABLES, options);
    afterwards(() => store.close());
    return store;
  };
  const one = await open();
  const local = { name: 'l', repo_type: 'local', package_type: 'generic', created_at: '', updated_at: '' };
  await one.repositories.createRemote({ ...unsetRemoteSettings, ...local });
  return { folder, stores: [one, options ? await open() : one] as const };
}

test('what loses its content before it can refer to it is told to send it again', async () => {
  const { stores } = await processes();
  const blob = await stores[0].blobs.receive(Readable.from([Buffer.from('a')]));
  // As where a clock was set forward: it seems to be old.
  expect(await stores[1].blobs.collect(LATER)).toBe(1);
  const thrown = orStoreProblem(await stores[0].files.add(file('x', blob)).catch((cause: unknown) => cause));
  expect(thrown).toMatchObject({
    status: 503,
    headers: { 'retry-after': '1' },
    message: expect.stringMatching(/send it again$/) as string,
  });
  const again = await stores[0].blobs.receive(Readable.from([Buffer.from('a')]));
  expect(await stores[0].files.add(file('x', again))).toBe(true);
});

const file = (path: string, { hash }: Pick<Blob, 'hash'>) => ({ repo: 'l', path, hash, content_type: '', metadata: '', created_at: '' });

/** One that finds its blob collected before it could refer to it fails; in service that takes an hour. */
async function perform(store: Store, { kind, content, path, from, wait }: Step): Promise<void> {
  for (let turns = 0; turns < wait; turns++) await turn();
  const [byte] = [Buffer.from(content)];
  try {
    if (kind === 'put') await store.files.put(file(path, await store.blobs.receive(one(byte))));
    if (kind === 'remove') await store.files.remove('l', path);
    if (kind === 'collect') await store.blobs.collect(LATER);
    if (kind === 'delete') await store.blobs.deleteUnreferenced((await store.blobs.receive(one(byte))).hash, LATER);
    if (kind === 'copy') {
      const found = await store.files.find('l', from);
      if (found) await store.files.put(file(path, found));
    }
  } catch (cause) {
    if (!/foreign key/i.test((cause as Error).message)) throw cause;
  }
}

async function* one(bytes: Buffer) {
  yield await Promise.resolve(bytes);
}

test('whatever processes do at once, what is referred to is there, and what is there is noted', async () => {
  const { folder, stores } = await processes();
  const holds = async (steps: readonly Step[]) => {
    await Promise.all(steps.map((each) => perform(stores[each.process as 0 | 1], each)));
    for (const store of stores)
      for (const { hash, size } of await store.files.within('l')) {
        const content = await text(await store.blobs.read(hash));
        expect([content.length, CONTENTS.includes(content)]).toEqual([size, true]);
      }
    const noted = await stores[0].metadata.tables<Tables>().selectFrom('blobs').select('hash').execute();
    const entries = readdirSync(join(folder, 'blobs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(entries.map(({ name }) => name).sort()).toEqual(noted.map(({ hash }) => hash).sort());
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  };
  await holds([{ kind: 'put', process: 0, content: 'a', path: 'x', from: 'x', wait: 0 }]);
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: STEPS / 2, maxLength: STEPS }), holds), {
    numRuns: RUNS,
    endOnFailure: true,
  });
}, 600_000);

test('what a process has put in place that died before it said so is collected', async () => {
  const {
    folder,
    stores: [store],
  } = await processes();
  const hash = createHash('sha256').update('content').digest('hex');
  const path = join(folder, 'blobs', 'sha256', hash.slice(0, 2), hash);
  const dying = new BlobIndex(store.metadata, []).add({ hash, size: 7 }, () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'content');
    return Promise.reject(new Error('killed'));
  });
  await expect(dying).rejects.toThrow('killed');
  expect([await store.blobs.collect(LATER), existsSync(path)]).toEqual([1, false]);
});
