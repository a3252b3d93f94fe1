import { Figures, statistics } from '../../../src/registry/store/statistics';
import { type Store } from '../../../src/registry/store/store';
import { cleanUp, openTestStore, tempFolder } from '../helpers';

afterEach(cleanUp);

async function* one(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

const blobsTold = async (store: Store, figures: Figures) => (await figures.get('all', () => statistics(store.metadata))).blobs;

test('figures are exact while there are few objects, and looked for once for a while where there are many', async () => {
  const store = await openTestStore(tempFolder());
  const figures = new Figures(store.metadata, 2);
  const told: number[] = [];
  for (const text of ['a', 'b', 'c', 'd']) {
    await store.blobs.receive(one(text));
    told.push(await blobsTold(store, figures));
  }
  expect(told).toEqual([1, 2, 3, 3]);
  await expect(figures.get('other', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await figures.get('other', () => Promise.resolve(1))).toBe(1);
  await store.close();
});
