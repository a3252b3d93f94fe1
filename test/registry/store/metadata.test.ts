import { Readable } from 'node:stream';
import { Collection } from '../../../src/registry/store/documents';
import { unsetRemoteSettings } from '../../../src/registry/store/remote-settings';
import { type Store } from '../../../src/registry/store/store';
import { afterwards, cleanUp, openTestStore, tempFolder } from '../helpers';

afterEach(cleanUp);

async function open(): Promise<Store> {
  const store = await openTestStore(tempFolder());
  afterwards(() => store.close());
  return store;
}

const times = { created_at: 'then', updated_at: 'then' };
const remote = (name: string) => ({ ...unsetRemoteSettings, ...times, name, repo_type: 'remote', package_type: 'npm' });
const virtual = (name: string) => ({ ...times, name, package_type: 'npm', description: '', members: [] });

test('of a remote and a virtual that are created at once under one name there is one, and the name is free after it', async () => {
  const { repositories } = await open();
  const made = await Promise.all(
    [1, 2, 3, 4].map((n) => (n % 2 ? repositories.createRemote(remote('x')) : repositories.createVirtual(virtual('x')))),
  );
  expect(made.filter(Boolean)).toHaveLength(1);
  expect([await repositories.deleteVirtual('x'), await repositories.deleteRemote('x')].filter(Boolean)).toHaveLength(1);
  expect(await repositories.createVirtual(virtual('x'))).toBe(true);
  expect(await repositories.deleteRemote('x')).toBe(false);
  expect(await repositories.createRemote(remote('x'))).toBe(false);
});

test('changes of one remote that are made at once all count', async () => {
  const { repositories } = await open();
  await repositories.createRemote(remote('x'));
  const add = (n: number) => repositories.changeRemote('x', (old) => ({ ...old, patterns: [...old.patterns, String(n)] }));
  await Promise.all([1, 2, 3, 4, 5].map(add));
  expect((await repositories.remote('x'))?.patterns).toHaveLength(5);
  expect(await repositories.changeRemote('y', (old) => old)).toBeUndefined();
});

test('a key that two documents are renamed to at once is given to one', async () => {
  const { metadata } = await open();
  const all = new Collection<{ name: string }>(metadata, 'test', 'bkrepo_documents');
  for (const id of ['a', 'b']) await all.insert({ id }, { name: id });
  expect(await all.insert({ id: 'a' }, { name: 'other' })).toBeUndefined();
  const renamed = await Promise.all([all.rename('a', 'c'), all.rename('b', 'c')]);
  expect(renamed.filter(Boolean)).toHaveLength(1);
  expect(await all.all()).toHaveLength(2);
  expect(await all.rename('nothing', 'd')).toBe(false);
});

test('a transaction that fails leaves nothing, also of a transaction inside it', async () => {
  const { metadata } = await open();
  const inside = (store: typeof metadata) => new Collection<{ name: string }>(store, 'test', 'bkrepo_documents');
  const failing = metadata.transaction(async (outer) => {
    await inside(outer).insert({ id: 'a' }, { name: 'a' });
    await outer.transaction((inner) => inside(inner).insert({ id: 'b' }, { name: 'b' }));
    throw new Error('broken');
  });
  await expect(failing).rejects.toThrow('broken');
  expect(await inside(metadata).all()).toEqual([]);
});

test('a statement that a constraint has refused works again', async () => {
  const { repositories, files, blobs } = await open();
  await repositories.createRemote({ ...remote('x'), repo_type: 'local' });
  const file = (hash: string) => ({ repo: 'x', path: 'a', hash, content_type: '', metadata: '', created_at: '' });
  await expect(files.put(file('none'))).rejects.toThrow(/foreign key/i);
  const { hash } = await blobs.receive(Readable.from([Buffer.from('content')]));
  await files.put(file(hash));
  expect((await files.find('x', 'a'))?.hash).toBe(hash);
});
