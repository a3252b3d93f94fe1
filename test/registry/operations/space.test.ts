import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { addRemote, call, cleanUp, registry, upstream } from '../helpers';

afterEach(cleanUp);

/** An upstream whose files have random content of one size. */
async function filesOf(size: number): Promise<{ url: string; content: (path: string) => Buffer; asked: string[] }> {
  const files = new Map<string, Buffer>();
  const content = (path: string) => files.get(path) ?? files.set(path, randomBytes(size)).get(path) ?? Buffer.alloc(0);
  const asked: string[] = [];
  const { url } = await upstream((request, response) => {
    asked.push((request.url ?? '').slice(1));
    response.end(content((request.url ?? '').slice(1)));
  });
  return { url, content, asked };
}

async function cachedPaths(url: string, remote = 'files'): Promise<string[]> {
  const { items } = (await call('GET', `${url}/api/v2/remotes/${remote}/objects?per_page=1000`)).json as {
    items: { path: string }[] | null;
  };
  return (items ?? []).map(({ path }) => path);
}

async function until(check: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; !(await check()); await sleep(50)) expect(Date.now()).toBeLessThan(end);
}

const blobCount = async (url: string) => ((await call('GET', `${url}/api/v2/stats`)).json as { blobs: number }).blobs;

test('what was used longest ago is evicted when the cache is larger than it may be, and its bytes go; local files stay', async () => {
  const { url: base_url, content } = await filesOf(10_000);
  const { url } = await registry({ cacheSize: 40_000, cleanEvery: 200, orphanAge: 2000 });
  await addRemote(url, { name: 'own', repo_type: 'local' });
  for (const name of ['x', 'y', 'z']) await call('PUT', `${url}/api/v2/remotes/own/files/${name}`, { body: randomBytes(30_000) });
  await addRemote(url, { name: 'files', base_url });
  for (const path of ['a', 'b', 'c', 'd']) {
    expect((await call('GET', `${url}/api/v1/remote/files/${path}`)).status).toBe(200);
    await sleep(5);
  }
  // Within its limit nothing goes.
  await sleep(500);
  expect(await cachedPaths(url)).toEqual(['a', 'b', 'c', 'd']);
  await call('GET', `${url}/api/v1/remote/files/a`);
  await call('GET', `${url}/api/v1/remote/files/e`);
  await until(async () => (await cachedPaths(url)).length <= 3);
  // 50,000 is cut to 95 % of 40,000.
  expect(await cachedPaths(url)).toEqual(['a', 'd', 'e']);
  await until(async () => (await blobCount(url)) === 6);
  expect((await call('GET', `${url}/api/v2/locals/own/objects`)).json).toMatchObject({ total: 3 });
  const again = await fetch(`${url}/api/v1/remote/files/b`);
  expect(Buffer.from(await again.arrayBuffer()).equals(content('b'))).toBe(true);
  const metrics = (await call('GET', `${url}/metrics`)).text;
  expect(metrics).toMatch(/^repoform_cleaning_removed_total\{what="evicted"\} [1-9]/m);
  expect(metrics).toMatch(/^repoform_cleaning_last_success_timestamp_seconds \d/m);
  expect(metrics).toMatch(/^repoform_store_bytes\{kind="cached"\} \d/m);
});

test('objects that nobody uses for long enough are evicted, others are not', async () => {
  const { url: base_url } = await filesOf(100);
  const { url } = await registry({ cacheUnused: 1500, cleanEvery: 100 });
  await addRemote(url, { name: 'files', base_url });
  for (const path of ['a', 'b']) await call('GET', `${url}/api/v1/remote/files/${path}`);
  const end = Date.now() + 2500;
  while (Date.now() < end) {
    await call('GET', `${url}/api/v1/remote/files/b`);
    await sleep(100);
  }
  expect(await cachedPaths(url)).toEqual(['b']);
});

test('a download that has begun is whole although its object is evicted and its content collected meanwhile', async () => {
  const { url: base_url, content } = await filesOf(20_000_000);
  const { url } = await registry({ cacheSize: 1, cleanEvery: 100, orphanAge: 1 });
  await addRemote(url, { name: 'files', base_url });
  const file = `${url}/api/v1/remote/files/a`;
  for (let time = 0; time < 2; time++) {
    const [response] = (await once(get(file), 'response')) as [IncomingMessage];
    await once(response, 'readable');
    await sleep(400);
    expect((await buffer(response)).equals(content('a'))).toBe(true);
  }
  await until(async () => (await cachedPaths(url)).length === 0);
});

test('whatever is evicted and collected under load, each answer is right', async () => {
  const { url: base_url, content } = await filesOf(5000);
  const { url } = await registry({ cacheSize: 20_000, cleanEvery: 20, orphanAge: 300 });
  await addRemote(url, { name: 'files', base_url });
  const worker = async () => {
    for (let time = 0; time < 40; time++) {
      const path = `f${Math.floor(Math.random() * 12)}`;
      const answer = await fetch(`${url}/api/v1/remote/files/${path}`);
      expect(answer.status).toBe(200);
      expect(Buffer.from(await answer.arrayBuffer()).equals(content(path))).toBe(true);
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
});

test('when the store as a whole is full, cached objects make room for uploads, and then uploads are refused', async () => {
  const { url: base_url } = await filesOf(1000);
  const { url } = await registry({ storeLimit: 10_000, cleanEvery: 60_000, orphanAge: 1000 });
  await addRemote(url, { name: 'files', base_url });
  await addRemote(url, { name: 'own', repo_type: 'local' });
  for (let index = 0; index < 8; index++) await call('GET', `${url}/api/v1/remote/files/${index}`);
  await sleep(1200);
  const put = (name: string) => call('PUT', `${url}/api/v2/remotes/own/files/${name}`, { body: randomBytes(3000) });
  expect((await put('a')).status).toBe(201);
  // 1,000 bytes were lacking, and a twentieth of the limit is made free with them.
  expect(await cachedPaths(url)).toEqual(['2', '3', '4', '5', '6', '7']);
  for (const name of ['b', 'c']) expect((await put(name)).status).toBe(201);
  expect(await cachedPaths(url)).toEqual([]);
  const refused = await put('d');
  expect([refused.status, refused.text]).toEqual([
    507,
    'the registry is full: it may store 10 kB, of which 9 kB is used, and this needs 3 kB; delete what is not needed\n',
  ]);
  expect((await call('GET', `${url}/api/v1/remote/files/0`)).status).toBe(200);
});

test('an upload that is larger than the room that is left is refused, with or without its size, and evicts nothing in vain', async () => {
  const { url: base_url } = await filesOf(100_000);
  const { url } = await registry({ storeLimit: 1_000_000, cleanEvery: 60_000, orphanAge: 1 });
  await addRemote(url, { name: 'files', base_url });
  await addRemote(url, { name: 'own', repo_type: 'local' });
  for (let index = 0; index < 3; index++) await call('GET', `${url}/api/v1/remote/files/${index}`);
  const body = (size: number) => randomBytes(size);
  /** Without a length, so that the registry learns the size as it comes. */
  const streamed = (size: number) => new Blob([randomBytes(size)]).stream();
  const put = async (name: string, content: Buffer | ReadableStream) => {
    const sent = { method: 'PUT', body: content as never, duplex: 'half' as const };
    const answer = await fetch(`${url}/api/v2/remotes/own/files/${name}`, sent);
    return [answer.status, await answer.text()];
  };
  expect(await put('a', streamed(500_000))).toEqual([201, expect.any(String)]);
  const refused = (needs: string, used: string) => [
    507,
    `the registry is full: it may store 1 MB, of which ${used} is used, and this needs ${needs}; delete what is not needed\n`,
  ];
  expect(await put('b', body(1_600_000))).toEqual(refused('1.6 MB', '800 kB'));
  expect(await put('b', body(500_001))).toEqual(refused('500 kB', '800 kB'));
  expect(await cachedPaths(url)).toHaveLength(3);
  const late = expect.stringMatching(/ of which 500 kB is used, and this needs at least 5\d\d(\.\d+)? kB;/) as string;
  expect(await put('b', streamed(1_600_000))).toEqual([507, late]);
  expect(await cachedPaths(url)).toHaveLength(0);
  expect(await put('b', body(500_000))).toEqual([201, expect.any(String)]);
  expect(await put('c', body(1))).toEqual(refused('1 B', '1 MB'));
  expect(await put('c', streamed(1))).toEqual(refused('at least 1 B', '1 MB'));
});

test('uploads at the same time never exceed the limit of the store together', async () => {
  const { url } = await registry({ storeLimit: 1_000_000 });
  await addRemote(url, { name: 'own', repo_type: 'local' });
  const put = async (name: number) => (await call('PUT', `${url}/api/v2/remotes/own/files/${name}`, { body: randomBytes(200_000) })).status;
  for (let round = 0; round < 3; round++) await Promise.all([0, 1, 2, 3].map((each) => put(4 * round + each)));
  const stats = (await call('GET', `${url}/api/v2/stats`)).json as { total_size: number };
  expect(stats.total_size).toBe(1_000_000);
});
