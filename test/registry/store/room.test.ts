import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { type StoreFull } from '../../../src/registry/store/full';
import { blobBytes } from '../../../src/registry/store/statistics';
import { type Store } from '../../../src/registry/store/store';
import { cleanUp, openTestStore, passTime, tempFolder } from '../helpers';

afterEach(cleanUp);

const LIMIT = 100_000;
const PIECE = 10_000;

const opened = () => openTestStore(tempFolder(), { storeLimit: LIMIT });

async function* pieces(count: number): AsyncGenerator<Buffer, void> {
  for (let each = 0; each < count; each++) yield await Promise.resolve(randomBytes(PIECE));
}

/** Uploads so many pieces; the answer is what became of them. */
const upload = (store: Store, count: number): Promise<string> =>
  store.blobs.receive(pieces(count)).then(
    () => 'stored',
    (cause: StoreFull) => `${cause.status}: ${cause.message}`,
  );

const full = (used: string, needs: string) =>
  `507: the registry is full: it may store 100 kB, of which ${used} is used, and this needs at least ${needs}; delete what is not needed`;

test('an upload is refused with the first bytes that there is no room for, however many come after them', async () => {
  const store = await opened();
  expect(await upload(store, 5)).toBe('stored');
  let sent = 0;
  async function* counted() {
    for await (const piece of pieces(1000)) {
      sent++;
      yield piece;
    }
  }
  await expect(store.blobs.receive(counted())).rejects.toThrow('of which 50 kB is used, and this needs at least 60 kB');
  expect(sent).toBe(6);
  expect(await blobBytes(store.metadata)).toBe(50_000);
  // What was refused takes no room, and the last byte of the limit may be used.
  expect(await upload(store, 5)).toBe('stored');
  expect(await upload(store, 1)).toBe(full('100 kB', '10 kB'));
  await store.close();
});

test('a measurement does not forget what is arriving', async () => {
  const store = await opened();
  let late = 0;
  const restore = passTime(() => late);
  try {
    const running = new PassThrough({ highWaterMark: 1 });
    const first = store.blobs.receive(running);
    for (let each = 0; each < 6; each++) if (!running.write(randomBytes(PIECE))) await once(running, 'drain');
    late = 31_000;
    expect(await upload(store, 5)).toBe(full('60 kB', '50 kB'));
    expect(await upload(store, 4)).toBe('stored');
    expect(await upload(store, 1)).toBe(full('100 kB', '10 kB'));
    running.destroy(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    expect(await upload(store, 6)).toBe('stored');
    expect(await blobBytes(store.metadata)).toBe(LIMIT);
  } finally {
    restore();
  }
  await store.close();
});

test('uploads at the same time never exceed the limit together, and what fits is stored', async () => {
  const store = await opened();
  for (let round = 0; round < 5; round++) {
    const results = await Promise.all(Array.from({ length: 20 }, () => upload(store, 1)));
    expect(results.filter((each) => each === 'stored')).toHaveLength(10);
    expect(await blobBytes(store.metadata)).toBe(LIMIT);
    await store.blobs.collect('9999');
    expect(await blobBytes(store.metadata)).toBe(0);
  }
  await Promise.all(Array.from({ length: 8 }, () => upload(store, 3)));
  expect(await blobBytes(store.metadata)).toBeLessThanOrEqual(LIMIT);
  await store.close();
});

test('what is cached is never refused, and uploads know of it at once', async () => {
  const store = await opened();
  expect(await upload(store, 1)).toBe('stored');
  const writer = await store.blobs.begin();
  for await (const piece of pieces(12)) await writer.write(piece);
  await writer.commit();
  await writer.close();
  expect(await upload(store, 1)).toBe(full('130 kB', '10 kB'));
  await store.close();
});

test('content that comes again takes no more room', async () => {
  const store = await opened();
  const content = randomBytes(PIECE);
  for (let time = 0; time < 30; time++) expect(await store.blobs.receive([content] as never)).toMatchObject({ size: PIECE });
  expect(await upload(store, 9)).toBe('stored');
  expect(await blobBytes(store.metadata)).toBe(LIMIT);
  await store.close();
});
