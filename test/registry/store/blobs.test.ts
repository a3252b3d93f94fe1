import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unsetRemoteSettings } from '../../../src/registry/store/remote-settings';
import { type Store } from '../../../src/registry/store/store';
import { type Tables } from '../../../src/registry/store/tables';
import { describeClient } from '../../clients/support';
import { afterwards, cleanUp, openTestStore, tempFolder } from '../helpers';
import { S3Server } from './s3-server';

afterEach(cleanUp);

const HELLO = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';
const LATER = '9999-01-01T00:00:00.000Z';

async function* chunks(...texts: string[]) {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

/** A store, the hashes of all blobs that are where it keeps them, and how one is lost there. */
interface Opened {
  readonly store: Store;
  readonly folder: string;
  readonly contents: () => string[];
  readonly lose: (hash: string) => void;
  /** Puts other bytes there. */
  readonly spoil: (hash: string, bytes: string) => void;
}

/** What holds wherever blobs are kept. */
function blobTests(open: () => Promise<Opened>): void {
  test('equal contents are one blob under their hash', async () => {
    const { store, folder, contents } = await open();
    expect(await store.blobs.receive(chunks('hel', 'lo'))).toEqual({ hash: HELLO, size: 5 });
    expect(await store.blobs.receive(chunks('hello'))).toEqual({ hash: HELLO, size: 5 });
    expect(contents()).toEqual([HELLO]);
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });

  test('a row that is no hash leads to no file', async () => {
    const { store, folder } = await open();
    writeFileSync(join(folder, 'outside.txt'), 'outside');
    const hash = '../../../outside.txt';
    await expect(store.blobs.read(hash)).rejects.toThrow(/is missing from the store/);
    expect(await store.blobs.has({ hash, size: 7 })).toBe(false);
    await store.metadata.tables<Tables>().insertInto('blobs').values({ hash, size: 7, created_at: '2000-01-01T00:00:00.000Z' }).execute();
    await store.blobs.collect(LATER).catch(() => undefined);
    expect(existsSync(join(folder, 'outside.txt'))).toBe(true);
  });

  test('a stream that fails leaves nothing', async () => {
    const { store, folder, contents } = await open();
    async function* failing() {
      yield* chunks('hel');
      throw new Error('broken');
    }
    await expect(store.blobs.receive(failing())).rejects.toThrow('broken');
    expect(contents()).toEqual([]);
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });

  test('a small blob whose bytes are others is not served, and counts as missing until it is written again', async () => {
    const { store, spoil, contents } = await open();
    const blob = await store.blobs.receive(chunks('hello'));
    spoil(HELLO, 'HELLO');
    await expect(store.blobs.small(blob)).rejects.toThrow(/is missing from the store/);
    expect(await store.blobs.has(blob)).toBe(false);
    await store.blobs.receive(chunks('hello'));
    expect([await store.blobs.has(blob), (await store.blobs.small(blob))?.toString()]).toEqual([true, 'hello']);
    await store.blobs.collect('1970');
    expect(contents()).toEqual([HELLO]);
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

  test('a part of a blob is read, and one that is gone is an error before the first byte', async () => {
    const { store, lose } = await open();
    const { hash } = await store.blobs.receive(chunks('hello'));
    const text = async (range?: { start: number; end: number }) => {
      const pieces: Buffer[] = [];
      for await (const piece of await store.blobs.read(hash, range)) pieces.push(piece as Buffer);
      return Buffer.concat(pieces).toString();
    };
    expect([await text(), await text({ start: 1, end: 3 })]).toEqual(['hello', 'ell']);
    lose(HELLO);
    await expect(store.blobs.read(hash)).rejects.toThrow(`the content with the SHA-256 ${HELLO} is missing from the store`);
  });

  test('bytes with another hash than the demanded one are not kept', async () => {
    const { store, folder } = await open();
    const write = async (demanded: string) => {
      const writer = await store.blobs.begin();
      await writer.write(Buffer.from('hello'));
      return writer.commit(demanded).finally(() => writer.close());
    };
    await expect(write('0'.repeat(64))).rejects.toThrow(`its SHA-256 is ${HELLO}, but ${'0'.repeat(64)} was announced`);
    expect([await store.blobs.has({ hash: HELLO, size: 5 }), readdirSync(join(folder, 'tmp'))]).toEqual([false, []]);
    expect(await write(HELLO)).toEqual({ hash: HELLO, size: 5 });
  });

  test('blobs that are written and deleted at once are noted exactly when their bytes are there', async () => {
    const { store, contents } = await open();
    const texts = ['a', 'b', 'c', 'd'];
    const steps = Array.from({ length: 200 }, (_, n) => {
      if (n % 3 === 0) return store.blobs.collect(LATER);
      return store.blobs.receive(chunks(texts[n % texts.length] ?? ''));
    });
    await Promise.all(steps);
    const noted = await store.metadata.tables<Tables>().selectFrom('blobs').select('hash').execute();
    await store.blobs.collect('2000');
    expect(contents()).toEqual(noted.map(({ hash }) => hash).sort());
  });

  test('a blob that something refers to is not deleted, however old it is', async () => {
    const { store } = await open();
    const { hash } = await store.blobs.receive(chunks('hello'));
    const local = { name: 'l', repo_type: 'local', package_type: 'generic', created_at: '', updated_at: '' };
    await store.repositories.createRemote({ ...unsetRemoteSettings, ...local });
    await store.files.add({ repo: 'l', path: 'x', hash, content_type: '', metadata: '', created_at: '' });
    expect(await store.blobs.deleteUnreferenced(hash, LATER)).toBe(false);
    await store.files.remove('l', 'x');
    expect(await store.blobs.deleteUnreferenced(hash, '2000')).toBe(false);
    expect([await store.blobs.deleteUnreferenced(hash, LATER), await store.blobs.has({ hash, size: 5 })]).toEqual([true, false]);
  });
}

describe('in a folder', () =>
  blobTests(async () => {
    const folder = tempFolder();
    const store = await openTestStore(folder);
    afterwards(() => store.close());
    const root = join(folder, 'blobs');
    const contents = () => {
      if (!existsSync(root)) return [];
      const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      return entries.map(({ name }) => name).sort();
    };
    const path = (hash: string) => join(root, 'sha256', hash.slice(0, 2), hash);
    return { store, folder, contents, lose: (hash) => rmSync(path(hash)), spoil: (hash, bytes) => writeFileSync(path(hash), bytes) };
  }));

describeClient('versitygw', () => {
  let server: S3Server;
  beforeAll(async () => void (server = await S3Server.start()));
  afterAll(() => server.stop());

  blobTests(async () => {
    const folder = tempFolder();
    const s3 = server.bucket();
    const store = await openTestStore(folder, { s3 });
    afterwards(() => store.close());
    const objects = () => server.keys(s3).filter((key) => key.startsWith('blobs/sha256/'));
    return {
      store,
      folder,
      contents: () => objects().map((key) => key.slice('blobs/sha256/00/'.length).slice(0, 64)),
      lose: (hash) => objects().forEach((key) => key.includes(hash) && rmSync(server.path(s3.bucket, key))),
      spoil: (hash, bytes) => objects().forEach((key) => key.includes(hash) && writeFileSync(server.path(s3.bucket, key), bytes)),
    };
  });
});
