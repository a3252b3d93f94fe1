import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RegistryOptions } from '../../../src/registry/server';
import { clientPath } from '../../clients/support';
import { addRemote, afterwards, call, cleanUp, registry, tempFolder, upstream } from '../helpers';
import { databaseOf, describePostgres } from '../postgres';
import { S3Server } from '../store/s3-server';

afterEach(cleanUp);

/** Two registries that share a database, and a folder or a bucket. */
async function replicas(
  options: Partial<RegistryOptions>,
  { withBucket = false, ofOther = options } = {},
): Promise<readonly [string, string]> {
  const data = tempFolder();
  const databaseUrl = await databaseOf(data);
  const server = withBucket ? await S3Server.start() : undefined;
  if (server) afterwards(() => server.stop());
  const s3 = server?.bucket();
  const open = (own: Partial<RegistryOptions>) => registry({ ...own, data: s3 ? tempFolder() : data, databaseUrl, ...(s3 && { s3 }) });
  return [(await open(options)).url, (await open(ofOther)).url];
}

async function filesOf(size: number) {
  const files = new Map<string, Buffer>();
  const content = (path: string) => files.get(path) ?? files.set(path, randomBytes(size)).get(path) ?? Buffer.alloc(0);
  const { url } = await upstream((request, response) => response.end(content((request.url ?? '').slice(1))));
  return { url, content };
}

async function until(check: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 15_000; !(await check()); await sleep(50)) expect(Date.now()).toBeLessThan(end);
}

describePostgres(() => {
  test('a quota is exact whichever process takes the uploads, and what is removed at one makes room at the other', async () => {
    const [one, other] = await replicas({ quotas: { 'artifactapi/own': 1000 } });
    await addRemote(one, { name: 'own', repo_type: 'local' });
    const put = (url: string, name: string, size: number) =>
      call('PUT', `${url}/api/v2/remotes/own/files/${name}`, { body: randomBytes(size) });
    const all = await Promise.all(Array.from({ length: 12 }, (_, n) => put(n % 2 ? one : other, `f${n}`, 240)));
    expect(all.map(({ status }) => status).sort()).toEqual([...Array<number>(4).fill(201), ...Array<number>(8).fill(507)]);
    const kept = all.findIndex(({ status }) => status === 201);
    expect((await put(one, 'more', 240)).status).toBe(507);
    expect((await call('DELETE', `${other}/api/v2/remotes/own/files/f${kept}`)).status).toBeLessThan(300);
    expect([(await put(one, 'more', 240)).status, (await put(other, 'less', 240)).status]).toEqual([201, 507]);
  });

  test('whatever both evict and collect while both serve, each answer is right, the cache keeps to its size, and nothing is left over', async () => {
    const limit = 20_000;
    const { url: base_url, content } = await filesOf(5000);
    const urls = await replicas({ cacheSize: limit, cleanEvery: 50, orphanAge: 500 });
    await addRemote(urls[0], { name: 'files', base_url });
    const worker = async (_: unknown, nth: number) => {
      for (let time = 0; time < 30; time++) {
        const path = `f${Math.floor(Math.random() * 12)}`;
        const answer = await fetch(`${urls[(nth + time) % 2]}/api/v1/remote/files/${path}`);
        expect([path, answer.status]).toEqual([path, 200]);
        expect(Buffer.from(await answer.arrayBuffer()).equals(content(path))).toBe(true);
      }
    };
    await Promise.all(Array.from({ length: 6 }, worker));
    const stats = async () =>
      (await call('GET', `${urls[1]}/api/v2/stats`)).json as { blobs: number; total_size: number; artifacts: number };
    await until(async () => (await stats()).total_size <= limit);
    await until(async () => (await stats()).blobs === (await stats()).artifacts);
    expect((await stats()).artifacts).toBeGreaterThan(0);
    const evicted = async (url: string) =>
      Number(/^repoform_cleaning_removed_total\{what="evicted"\} (\d+)/m.exec((await call('GET', `${url}/metrics`)).text)?.[1] ?? 0);
    expect((await evicted(urls[0])) + (await evicted(urls[1]))).toBeGreaterThan(0);
  }, 60_000);

  const hasServer = clientPath('versitygw') !== undefined || process.env['REPOFORM_CLIENTS'] === 'required';
  for (const [place, testing] of [
    ['folder', test],
    ['bucket', hasServer ? test : test.skip],
  ] as const)
    testing(
      `a download that one has begun is whole although the other evicts its object and collects its content (${place})`,
      async () => {
        const { url: base_url, content } = await filesOf(20_000_000);
        const ofOther = { cleanEvery: 100, orphanAge: 2000 };
        const [one, other] = await replicas({ cleanEvery: 600_000 }, { withBucket: place === 'bucket', ofOther });
        await addRemote(one, { name: 'files', base_url });
        await (await fetch(`${one}/api/v1/remote/files/a`)).arrayBuffer();
        const [response] = (await once(get(`${one}/api/v1/remote/files/a`), 'response')) as [IncomingMessage];
        await once(response, 'readable');
        expect((await call('DELETE', `${other}/api/v2/remotes/files/objects/a`)).status).toBeLessThan(300);
        await until(async () => ((await call('GET', `${other}/api/v2/stats`)).json as { blobs: number }).blobs === 0);
        await sleep(200);
        expect((await buffer(response)).equals(content('a'))).toBe(true);
      },
      60_000,
    );
});
