import { cleanUp, openTestStore, tempFolder } from '../helpers';

afterEach(cleanUp);

const HOUR = 3_600_000;
const path = 'x';

async function* part(text: string, tell: () => void = () => undefined) {
  tell();
  yield Buffer.from(text);
}

/** An upload with one part of four bytes. */
async function begun() {
  const store = await openTestStore(tempFolder());
  const uploads = store.uploads.of('r');
  const id = await uploads.begin(path);
  expect(await uploads.append({ id, path, offset: 0 }, part('part'))).toBe(true);
  return { store, uploads, id };
}

test('an upload that nobody continues is forgotten after a day, and its parts with it', async () => {
  const { store, uploads, id } = await begun();
  try {
    const after = new Date(store.metadata.now() + 1000).toISOString();
    expect([await store.blobs.collect(after), await uploads.size(id, path)]).toEqual([0, 4]);
    for (const [owner, other] of [
      ['r', 'y'],
      ['s', path],
    ] as const)
      expect(await store.uploads.of(owner).size(id, other)).toBeUndefined();
    await store.uploads.sweep(store.metadata.now() + 23 * HOUR);
    expect(await uploads.size(id, path)).toBe(4);
    await store.uploads.sweep(store.metadata.now() + 25 * HOUR);
    expect([await uploads.size(id, path), await store.blobs.collect(after)]).toEqual([undefined, 1]);
  } finally {
    await store.close();
  }
});

test('it is there for a day after its last part, and not longer, whether or not it has been swept', async () => {
  const { store, uploads, id } = await begun();
  const [begin, clock] = [store.metadata.now(), jest.spyOn(store.metadata, 'now')];
  try {
    clock.mockReturnValue(begin + 20 * HOUR);
    expect(await uploads.append({ id, path, offset: 4 }, part('more'))).toBe(true);
    clock.mockReturnValue(begin + 43 * HOUR);
    expect(await uploads.size(id, path)).toBe(8);
    clock.mockReturnValue(begin + 45 * HOUR);
    expect(await uploads.size(id, path)).toBeUndefined();
    expect(await uploads.append({ id, path, offset: 8 }, part('late'))).toBe(false);
    expect(await uploads.end(id, path)).toBe(false);
  } finally {
    clock.mockRestore();
    await store.close();
  }
});

test('a part that does not continue what has arrived is not even read', async () => {
  const { store, uploads, id } = await begun();
  try {
    let reads = 0;
    for (const offset of [0, 3, 5])
      expect([
        offset,
        await uploads.append(
          { id, path, offset },
          part('other', () => reads++),
        ),
      ]).toEqual([offset, false]);
    expect([reads, await uploads.size(id, path)]).toEqual([0, 4]);
  } finally {
    await store.close();
  }
});
