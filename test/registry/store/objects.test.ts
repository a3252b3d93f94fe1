import { setTimeout as sleep } from 'node:timers/promises';
import { type FileHandle } from 'node:fs/promises';
import { type Bucket } from '../../../src/registry/store/s3/bucket';
import { keyOf, Objects } from '../../../src/registry/store/s3/objects';
import { StorageAway } from '../../../src/registry/store/s3/problems';
import { cleanUp } from '../helpers';
import { interleave, openIndex } from './interleavings';

afterEach(cleanUp);

const SIZE = 3;
const file = {} as FileHandle;

/** Thousands more are in store/interleavings.long.test.ts. */
const RUNS = 500;
/** A shared machine may take a while. */
const PATIENCE_MS = 180_000;

test(
  `in ${RUNS} random interleavings of writers, deletions, sweeps and crashes no blob loses its bytes, and no object is forgotten`,
  () => interleave({ first: 1, runs: RUNS }),
  PATIENCE_MS,
);

test('a sweep gives up writers that are silent, with their uploads in parts, and none that takes long', async () => {
  const { metadata, db, index } = await openIndex();
  const [hash, dead] = ['a'.repeat(64), { hash: 'b'.repeat(64), place: 'b'.repeat(16) }];
  const written: string[] = [];
  const aborted: string[] = [];
  let finish = (): void => undefined;
  const loose = () => db.selectFrom('loose_objects').select(['hash', 'place', 'created_at']).orderBy('hash').execute();
  const bucket = {
    async put(key: string) {
      await new Promise<void>((resolve) => (finish = resolve));
      written.push(key);
    },
    delete: () => Promise.resolve(),
    async *uploads() {
      for (const each of [...(await loose()), dead]) yield { key: keyOf(each), id: each.hash, begunAt: new Date(0) };
      yield { key: 'of/somebody-else', id: 'another program', begunAt: new Date(0) };
    },
    abort: ({ id }: { id: string }) => Promise.resolve(aborted.push(id)),
  } as unknown as Bucket;
  const objects = new Objects({ bucket, index, explain: (cause) => new StorageAway('away', { cause }), tellEvery: 5 });

  await index.announce(dead);
  const keeping = objects.keep({ hash, size: SIZE }, file);
  for (const until = Date.now() + 5000; (await loose()).length < 2 && Date.now() < until;) await sleep(5);
  await db.updateTable('loose_objects').set({ created_at: '2000-01-01T00:00:00.000Z' }).execute();
  for (const until = Date.now() + 5000; (await loose())[0]?.created_at.startsWith('2000') && Date.now() < until;) await sleep(5);

  expect(await objects.leftovers(new Date('2001-01-01'))).toBe(1);
  expect([await objects.sweep(new Date('2001-01-01')), aborted]).toEqual([2, [dead.hash]]);
  finish();
  const place = await keeping;
  expect([written, await loose()]).toEqual([[keyOf({ hash, place })], []]);
  await metadata.close();
});
