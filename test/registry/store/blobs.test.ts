import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { unsetRemoteSettings } from '../../../src/registry/store/remote-settings';
import { openStore } from '../../../src/registry/store/store';
import { afterwards, cleanUp, tempFolder } from '../helpers';

afterEach(cleanUp);

const HELLO = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';
const LATER = '9999-01-01T00:00:00.000Z';

async function* chunks(...texts: string[]) {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

async function open(folder = tempFolder()) {
  const store = await openStore(folder);
  afterwards(() => store.close());
  return { store, folder };
}

test('equal contents are one blob under their hash', async () => {
  const { store, folder } = await open();
  expect(await store.blobs.receive(chunks('hel', 'lo'))).toEqual({ hash: HELLO, size: 5 });
  expect(await store.blobs.receive(chunks('hello'))).toEqual({ hash: HELLO, size: 5 });
  expect(readdirSync(join(folder, 'blobs', 'sha256', '2c'))).toEqual([HELLO]);
  expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
});

test('a stream that fails leaves nothing', async () => {
  const { store, folder } = await open();
  async function* failing() {
    yield* chunks('hel');
    throw new Error('broken');
  }
  await expect(store.blobs.receive(failing())).rejects.toThrow('broken');
  expect(readdirSync(folder).includes('blobs')).toBe(false);
  expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
});

test('collection removes old blobs that nothing refers to, and no others', async () => {
  const { store } = await open();
  const kept = await store.blobs.receive(chunks('kept'));
  const orphan = await store.blobs.receive(chunks('orphan'));
  const local = { name: 'l', repo_type: 'local', package_type: 'generic', created_at: '', updated_at: '' };
  await store.repositories.createRemote({ ...unsetRemoteSettings, ...local });
  await store.files.add({ repo: 'l', path: 'x', hash: kept.hash, content_type: '', metadata: '', created_at: '' });
  expect(await store.blobs.collect('2000-01-01T00:00:00.000Z')).toBe(0);
  expect(await store.blobs.collect(LATER)).toBe(1);
  expect([await store.blobs.has(kept), await store.blobs.has(orphan)]).toEqual([true, false]);
  await store.repositories.deleteRemote('l');
  expect(await store.blobs.collect(LATER)).toBe(1);
});

test('a folder that a newer version wrote is refused in words', async () => {
  const { store, folder } = await open();
  await store.db.updateTable('meta').set({ value: '99' }).where('key', '=', 'schema').execute();
  await store.close();
  await expect(openStore(folder)).rejects.toThrow('the data folder was written by a newer version (schema 99); update repoform');
});
