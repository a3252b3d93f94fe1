import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { frontBlocks, nginxProgram } from '../../scripts/bench/registry/programs';
import { addRemote, afterwards, call, cleanUp, registry, tempFolder, upstream } from '../registry/helpers';
import { describeClient } from './support';

afterAll(cleanUp);

// nginx in front, set up as the guide says: it sends what is large, the registry decides.
describeClient('nginx', () => {
  const body = randomBytes(300_000);
  const packed = gzipSync(randomBytes(300_000));
  let front = '';
  let own = '';

  beforeAll(async () => {
    const files = await upstream((request, response) => {
      response.setHeader('last-modified', 'Mon, 01 Jan 2024 00:00:00 GMT').setHeader('content-type', 'text/x-special');
      if (request.url === '/another') response.writeHead(203).end(body);
      else if (request.url === '/packed') response.setHeader('content-encoding', 'gzip').end(packed);
      else response.setHeader('etag', '"v1"').end(body);
    });
    const data = tempFolder();
    const { url } = await registry({ data, accelRedirect: '/blobs/' });
    own = url;
    await addRemote(url, { name: 'a', base_url: files.url, blocklist: ['secret'] });
    const nginx = await nginxProgram(join(tempFolder(), 'nginx'), frontBlocks(url, data));
    afterwards(() => nginx.stop());
    front = nginx.url;
    for (const path of ['large', 'packed', 'another']) await call('GET', `${front}/api/v1/remote/a/${path}`);
  });

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${front}/api/v1/remote/a/${path}`, { method, headers });
  const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

  test('a stored file comes from nginx with the headers of the registry', async () => {
    const direct = await call('GET', `${own}/api/v1/remote/a/large`);
    expect([direct.text, direct.header('x-accel-redirect')]).toEqual(['', expect.stringMatching(/^\/blobs\/sha256\/\w\w\/\w{64}$/)]);
    const answer = await get('large', { 'x-request-id': 'build-17' });
    const shown = [
      'content-type',
      'content-length',
      'etag',
      'last-modified',
      'accept-ranges',
      'x-artifact-source',
      'x-content-type-options',
      'x-request-id',
      'x-accel-redirect',
    ];
    expect(shown.map((name) => answer.headers.get(name))).toEqual([
      ...['text/x-special', '300000', '"v1"', 'Mon, 01 Jan 2024 00:00:00 GMT', 'bytes', 'cache', 'nosniff', 'build-17'],
      null,
    ]);
    expect((await bytesOf(answer)).equals(body)).toBe(true);
  });

  test('parts, conditions and HEAD are answered as by the registry itself', async () => {
    const part = await get('large', { range: 'bytes=100-199', 'if-range': '"v1"' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 100-199/300000']);
    expect((await bytesOf(part)).equals(body.subarray(100, 200))).toBe(true);
    const changed = await get('large', { range: 'bytes=100-199', 'if-range': '"v0"' });
    expect([changed.status, (await bytesOf(changed)).length]).toEqual([200, 300_000]);
    expect((await get('large', { 'if-none-match': '"v1"' })).status).toBe(304);
    expect((await get('large', { 'if-none-match': '"v0"' })).status).toBe(200);
    expect((await get('large', { 'if-modified-since': 'Sun, 31 Dec 2023 00:00:00 GMT' })).status).toBe(200);
    const date = 'Mon, 01 Jan 2024 00:00:00 GMT';
    for (const condition of [{ 'if-match': '"v1"' }, { 'if-unmodified-since': date }]) {
      expect((await bytesOf(await get('large', condition as Record<string, string>))).equals(body)).toBe(true);
      const some = await get('large', { ...condition, range: 'bytes=100-199' } as Record<string, string>);
      expect([some.status, (await bytesOf(some)).equals(body.subarray(100, 200))]).toEqual([206, true]);
    }
    expect((await get('large', { 'if-match': '"v0"' })).status).toBe(412);
    expect((await get('large', { 'if-unmodified-since': 'Sun, 31 Dec 2023 00:00:00 GMT' })).status).toBe(412);
    const head = await get('large', {}, 'HEAD');
    expect([head.status, head.headers.get('content-length'), head.headers.get('etag')]).toEqual([200, '300000', '"v1"']);
  });

  test('what nginx could not say comes from the registry, and nothing comes without it', async () => {
    const answer = await get('packed', { 'accept-encoding': 'gzip' });
    expect([answer.headers.get('content-encoding'), (await bytesOf(answer)).length]).toEqual(['gzip', 300_000]);
    expect((await get('another')).status).toBe(203);
    expect((await get('secret')).status).toBe(403);
    const place = (await call('GET', `${own}/api/v1/remote/a/large`)).header('x-accel-redirect') ?? '';
    expect((await fetch(front + place)).status).toBe(404);
    const { items } = (await call('GET', `${own}/api/v2/remotes/a/objects`)).json as { items: { path: string; access_count: number }[] };
    expect(items.find(({ path }) => path === 'large')?.access_count).toBeGreaterThan(5);
  });
});
