import { mkdir, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { S3Bucket } from '../../../../src/registry/store/s3/bucket';
import { keyOf } from '../../../../src/registry/store/s3/objects';
import { type Store } from '../../../../src/registry/store/store';
import { type Engine } from '../engines';
import { command } from './command';
import { fillBlobs, type Placing } from './fill';

/** What it took to collect orphans. */
export interface Collected {
  /** MiB. */
  readonly peak: number;
  readonly seconds: number;
}

/** Adds so many blobs that nothing refers to, with their bytes, and collects them; `from` is the first number that no other blob has. */
export async function collectOrphans(engine: Engine, data: string, { count, from }: { count: number; from: number }): Promise<Collected> {
  process.stderr.write(`${engine.name}: ${count} orphans are made and collected ...\n`);
  const bucket = engine.s3 && (await S3Bucket.open(engine.s3));
  const made = await withStore(engine, data, async (store) => {
    await fillBlobs(store, { from, count, place: bucket ? inBucket(bucket) : inFolder(data) });
    return stored(store);
  });
  bucket?.close();
  const { output, ...taken } = await command(engine, ['gc', '--older-than', '0s', '--data', data]);
  const left = await withStore(engine, data, stored);
  process.stderr.write(`  ${output.trim()} in ${taken.seconds.toFixed(0)} s; ${made} had bytes, ${left} still have\n`);
  if (made !== count || left !== 0) throw new Error(`of ${count} orphans ${made} had bytes, and ${left} are left`);
  return taken;
}

/** Writes the bytes of blobs into a data folder. */
export function inFolder(data: string): Placing {
  const folders = new Map<string, Promise<unknown>>();
  const made = (folder: string) => {
    const making = folders.get(folder) ?? mkdir(folder, { recursive: true });
    folders.set(folder, making);
    return making;
  };
  return async (content, hash) => {
    const file = join(data, 'blobs/sha256', hash.slice(0, 2), hash);
    await made(dirname(file));
    await writeFile(file, content);
    return '';
  };
}

/** Writes them into a bucket. */
function inBucket(bucket: S3Bucket): Placing {
  return async (content, hash) => {
    const place = randomBytes(8).toString('hex');
    await bucket.putText(keyOf({ hash, place }), content);
    return place;
  };
}

async function withStore<T>(engine: Engine, data: string, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await engine.store(data);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** How many blobs have bytes. */
async function stored(store: Store): Promise<number> {
  let found = 0;
  for await (const _bytes of store.blobs.audit.stored()) found++;
  return found;
}
