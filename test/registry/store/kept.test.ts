import { once } from 'node:events';
import { createReadStream, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { type Blob, BlobMissing } from '../../../src/registry/store/blobs';
import { FileStream } from '../../../src/registry/store/file-stream';
import { KeptRows } from '../../../src/registry/store/kept-rows';
import { Recent } from '../../../src/registry/store/recent';
import { IndexCache } from '../../../src/registry/proxy/index-cache';
import { addRemote, call, cleanUp, openTestStore, registry, tempFolder, upstream } from '../helpers';

afterEach(cleanUp);

test('what was used last stays, within the sum of weights', () => {
  const recent = new Recent<string>(10);
  for (const key of ['a', 'b', 'c']) recent.set(key, key, 3);
  expect(recent.get('a')).toBe('a');
  recent.set('d', 'd', 4);
  expect(['a', 'b', 'c', 'd'].map((key) => recent.get(key))).toEqual(['a', undefined, 'c', 'd']);
  recent.set('huge', 'huge', 100);
  expect(['a', 'c', 'd', 'huge'].map((key) => recent.get(key))).toEqual([undefined, undefined, undefined, 'huge']);
  recent.set('huge', 'small', 1);
  recent.set('a', 'a', 9);
  expect([recent.get('huge'), recent.get('a')]).toEqual(['small', 'a']);
});

test('whatever is done: no more is remembered than allowed, but for one alone, and nothing that was never set', () => {
  const step = fc.tuple(fc.constantFrom('get', 'set', 'delete'), fc.constantFrom(...'abcdef'), fc.integer({ min: 1, max: 8 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const recent = new Recent<number>(10);
      const weights = new Map<string, number>();
      for (const [what, key, weight] of steps) {
        if (what === 'set') recent.set(key, weight, weight);
        if (what === 'set') weights.set(key, weight);
        if (what === 'delete') recent.delete(key);
        if (what === 'get') expect([undefined, weights.get(key)]).toContain(recent.get(key));
        if (what === 'set') expect(recent.get(key)).toBe(weight);
        if (what === 'delete') expect(recent.get(key)).toBeUndefined();
        const kept = [...recent.values()];
        expect(kept.length).toBe(recent.size);
        if (kept.length > 1) expect(kept.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(10);
      }
    }),
  );
});

test('what is used outlives what is not, and nothing goes before it has to', () => {
  const recent = new Recent<number>(100);
  for (let key = 0; key < 100; key++) recent.set(`${key}`, key);
  for (let turn = 0; turn < 20; turn++) {
    for (let key = 0; key < 50; key++) expect(recent.get(`${key}`)).toBe(key);
    for (let fresh = 0; fresh < 10; fresh++) recent.set(`fresh ${turn} ${fresh}`, 0);
    expect(recent.size).toBe(100);
  }
});

test('a row is kept until one of its topics changes, also while it is read, and also by an engine that answers later', async () => {
  const revisions: Record<string, number> = { one: 0, two: 0 };
  const rows = new KeptRows<number>({ revision: (topic) => Promise.resolve(revisions[topic] ?? 0) }, 'one', 10);
  let reads = 0;
  const get = () => rows.get('key', ['two'], () => Promise.resolve(++reads));
  expect([await get(), await get()]).toEqual([1, 1]);
  revisions['two'] = 1;
  expect([await get(), await get()]).toEqual([2, 2]);
  // Another process changes it between our look at the revision and the end of our reading.
  revisions['one'] = 1;
  const during = await rows.get('key', ['two'], () => {
    revisions['one'] = 2;
    return Promise.resolve(-1);
  });
  expect([during, await get()]).toEqual([-1, 3]);
});

test('what was kept before a change that concerns all is let go of, also where nobody asks for it again', async () => {
  let revision = 0;
  const rows = new KeptRows<string>({ revision: () => revision }, 'all', 100);
  for (const key of ['a', 'b', 'c']) await rows.get(key, [], () => Promise.resolve(key));
  expect(rows.size).toBe(3);
  revision++;
  await rows.get('d', [], () => Promise.resolve('d'));
  expect(rows.size).toBe(1);
});

test('the indexes of a repository that is gone are let go of, also those that are being made', async () => {
  const indexes = new IndexCache();
  const document = { contentType: 'text/plain', body: 'index' };
  for (let round = 0; round < 100; round++) {
    const name = `pp/r${round}`;
    for (const path of ['one', 'two']) await indexes.get(name, [path], () => document);
    const late = indexes.get(name, ['late'], () => sleep(1).then(() => document));
    indexes.forget(name);
    expect(await late).toBe(document);
  }
  await indexes.get('pp/r', [], () => document);
  indexes.forget('pp');
  expect(indexes.size).toBe(1);
});

test('what a transaction changes is seen when it has ended, and not before', async () => {
  const store = await openTestStore(tempFolder());
  const before = await store.metadata.revision('topic');
  await store.metadata.transaction(async (inside) => {
    await inside.touch('topic');
    expect(await store.metadata.revision('topic')).toBe(before);
  });
  expect(await store.metadata.revision('topic')).not.toBe(before);
  await store.close();
});

test('a changed, deleted or evicted thing is served as it is at once', async () => {
  const files = await upstream((request, response) => response.end(`${request.url}`));
  const { url } = await registry();
  const fields = { package_type: 'generic', base_url: `${files.url}/one` };
  await addRemote(url, { name: 'a', ...fields });
  const status = async () => (await call('GET', `${url}/api/v1/remote/a/x`)).status;
  const put = (more: object) => call('PUT', `${url}/api/v2/remotes/a`, { body: { ...fields, ...more } });
  for (let turn = 0; turn < 3; turn++) {
    expect(await status()).toBe(200);
    await put({ blocklist: ['x'] });
    expect(await status()).toBe(403);
    await put({});
  }
  expect(await status()).toBe(200);
  await call('DELETE', `${url}/api/v2/remotes/a/objects/x`);
  expect((await call('GET', `${url}/api/v1/remote/a/x`)).header('x-artifact-source')).toBe('remote');
  await put({ base_url: `${files.url}/two` });
  expect((await call('GET', `${url}/api/v1/remote/a/x`)).text).toBe('/two/x');
  await call('DELETE', `${url}/api/v2/remotes/a`);
  expect(await status()).toBe(404);
  await addRemote(url, { name: 'a', ...fields });
  expect((await call('GET', `${url}/api/v1/remote/a/x`)).header('x-artifact-source')).toBe('remote');
});

describe('small blobs', () => {
  async function stored(content: Buffer) {
    const data = tempFolder();
    const store = await openTestStore(data);
    const blob = await store.blobs.receive(
      (async function* () {
        yield await Promise.resolve(content);
      })(),
    );
    const path = join(data, 'blobs/sha256', blob.hash.slice(0, 2), blob.hash);
    return { store, blob, path };
  }

  test('are read once, and are there without their file; large ones are no such blobs', async () => {
    const { store, blob, path } = await stored(Buffer.from('content'));
    expect((await store.blobs.small(blob))?.toString()).toBe('content');
    rmSync(path);
    expect([(await store.blobs.small(blob))?.toString(), await store.blobs.has(blob)]).toEqual(['content', true]);
    await store.blobs.deleteUnreferenced(blob.hash, new Date(Date.now() + 1000).toISOString());
    expect(await store.blobs.has(blob)).toBe(false);
    await store.close();
    const large = await stored(randomBytes(200_000));
    expect(await large.store.blobs.small(large.blob)).toBeUndefined();
    await large.store.close();
  });

  test('go with the content that nothing refers to; none does that is being sent', async () => {
    const { store, blob } = await stored(Buffer.from('content'));
    await store.blobs.small(blob);
    const later = new Date(Date.now() + 1000).toISOString();
    const reading = await store.blobs.read(blob.hash);
    expect([await store.blobs.collect(later), await store.blobs.has(blob)]).toEqual([0, true]);
    expect((await buffer(reading)).toString()).toBe('content');
    if (!reading.closed) await once(reading, 'close');
    expect([await store.blobs.collect(later), await store.blobs.has(blob)]).toEqual([1, false]);
    await store.close();
  });

  test.each([
    ['is gone', (path: string) => rmSync(path)],
    ['is cut short', (path: string) => writeFileSync(path, 'cont')],
  ])('one whose file %s is missing, and is there again with its file', async (_what, spoil) => {
    const { store, blob, path } = await stored(Buffer.from('content'));
    spoil(path);
    await expect(store.blobs.small(blob)).rejects.toThrow(BlobMissing);
    expect(await store.blobs.has(blob)).toBe(false);
    writeFileSync(path, 'content');
    const again: Blob = { ...blob };
    expect((await store.blobs.small(again))?.toString()).toBe('content');
    await store.close();
  });
});

describe('a stream of a file', () => {
  const content = randomBytes(1_500_000);
  const opened = () => {
    const path = join(tempFolder(), 'file');
    writeFileSync(path, content);
    return openSync(path, 'r');
  };

  test.each([
    [0, 1_499_999],
    [0, 0],
    [262_143, 262_144],
    [1_000_000, 1_499_999],
  ])('has the bytes from %d to %d, read or piped, however slowly', async (start, end) => {
    const expected = content.subarray(start, end + 1);
    expect((await buffer(new FileStream(opened(), { start, end }))).equals(expected)).toBe(true);
    expect((await buffer(new FileStream(opened(), { start, end }).pipe(new PassThrough()))).equals(expected)).toBe(true);
    const { url } = await upstream((_request, response) => void new FileStream(opened(), { start, end }).pipe(response));
    const clients = Array.from({ length: 5 }, async (_, index) => {
      const received: Uint8Array[] = [];
      for await (const chunk of (await fetch(url)).body as unknown as AsyncIterable<Uint8Array>) {
        received.push(chunk);
        if (received.length % 5 === index) await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return Buffer.concat(received).equals(expected);
    });
    expect(await Promise.all(clients)).toEqual([true, true, true, true, true]);
  });

  test('that is shorter than it has to be is an error; one whose reader goes away ends', async () => {
    const short = new FileStream(opened(), { start: 0, end: 1_500_000 });
    await expect(buffer(short)).rejects.toThrow('the file ends at 1500000 bytes');
    const streams: FileStream[] = [];
    const { url } = await upstream((request, response) => {
      const stream = new FileStream(opened(), { start: 0, end: request.url === '/short' ? 1_500_000 : 1_499_999 });
      streams.push(stream);
      response.on('close', () => stream.destroy());
      stream.on('error', () => response.destroy()).pipe(response);
    });
    await expect(fetch(`${url}/short`).then((answer) => answer.arrayBuffer())).rejects.toThrow();
    const leaving = new AbortController();
    const answer = await fetch(url, { signal: leaving.signal });
    leaving.abort();
    await expect(answer.arrayBuffer()).rejects.toThrow();
    while (!streams.every(({ closed }) => closed)) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(streams).toHaveLength(2);
  });

  test('has all there is where no end is told, as Node has it', async () => {
    const path = join(tempFolder(), 'other');
    writeFileSync(path, content);
    const [ours, nodes] = [new FileStream(openSync(path, 'r'), { start: 7 }), createReadStream(path, { start: 7 })];
    expect((await buffer(ours)).equals(await buffer(nodes))).toBe(true);
  });
});
