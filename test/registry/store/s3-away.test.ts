import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as send, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RegistryOptions } from '../../../src/registry/server';
import { PART } from '../../../src/registry/store/s3/bucket';
import { describeClient } from '../../clients/support';
import { addRemote, afterwards, call, cleanUp, registry, tempFolder } from '../helpers';
import { smallDisk, testDisk } from '../small-disk';
import { KEYS, S3Server } from './s3-server';

afterEach(cleanUp);

/** A registry with a local repository, and what tests do to it. */
async function running(options: Partial<RegistryOptions>) {
  const data = options.data ?? tempFolder();
  const { url } = await registry({ ...options, data });
  await addRemote(url, { name: 'files', repo_type: 'local' });
  return {
    url,
    put: (name: string, body: Uint8Array) => call('PUT', `${url}/api/v2/remotes/files/files/${name}`, { body }),
    get: (name: string) => call('GET', `${url}/api/v1/local/files/${name}`),
    ready: () => call('GET', `${url}/readyz`),
    spooled: () => readdirSync(join(data, 'tmp')),
    async settled() {
      for (const end = Date.now() + 8000; (await call('GET', `${url}/readyz`)).status !== 200 && Date.now() < end;) await sleep(50);
    },
  };
}

async function timed<T>(work: Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const begun = performance.now();
  return { result: await work, ms: performance.now() - begun };
}

describeClient('versitygw', () => {
  let server: S3Server;
  beforeAll(async () => void (server = await S3Server.start()));
  afterAll(() => server.stop());

  test('a bucket that hangs is 503 for reads, uploads and uploads in parts within seconds, then at once, until it goes on', async () => {
    const s3 = server.bucket();
    const { url, put, get, ready, spooled, settled } = await running({ s3 });
    const [small, large, parts] = [randomBytes(10), randomBytes(300_000), randomBytes(2 * PART + 1)];
    expect([(await put('small', small)).status, (await put('large', large)).status, (await get('small')).status]).toEqual([201, 201, 200]);
    const [before, isReady] = [server.keys(s3), (await ready()).json];
    expect(isReady).toEqual({ status: 'ok', checks: { database: 'ok', storage: 'ok' } });

    server.freeze();
    const first = await timed(Promise.all([get('large'), put('new', small.subarray(1)), put('parts', parts)]));
    const second = await timed(Promise.all([get('large'), put('new', small.subarray(1)), put('parts', parts)]));
    const [known, unready, live] = [await get('small'), await timed(ready()), await call('GET', `${url}/livez`)];
    server.thaw();
    for (const { status, text, header } of [...first.result, ...second.result])
      expect([status, header('retry-after'), text]).toEqual([503, '5', expect.stringContaining('cannot be used: no answer within 3 s')]);
    expect([first.ms < 15_000, second.ms < 5000, unready.ms < 2500]).toEqual([true, true, true]);
    expect([known.status, live.status, unready.result.status]).toEqual([200, 200, 503]);
    expect(unready.result.json).toMatchObject({
      checks: { database: 'ok', storage: expect.stringContaining('no answer within 3 s') as string },
    });

    await settled();
    expect((await get('large')).text.length).toBe(large.toString('utf8').length);
    expect([(await get('new')).status, (await get('parts')).status, spooled()]).toEqual([404, 404, []]);
    expect([(await put('new', small.subarray(1))).status, (await put('parts', parts)).status]).toEqual([201, 201]);
    expect(server.keys(s3).length).toBeGreaterThanOrEqual(before.length + 2);
  }, 60_000);

  test('a download that has begun goes on when a bucket that hung does', async () => {
    const { url, put, settled } = await running({ s3: server.bucket() });
    const content = randomBytes(64 << 20);
    expect((await put('huge', content)).status).toBe(201);
    const response = await fetch(`${url}/api/v1/local/files/huge`);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const chunks = [(await reader.read()).value ?? new Uint8Array()];
    server.freeze();
    // It is found to be away meanwhile.
    expect((await call('GET', `${url}/api/v1/local/files/huge`, { headers: { range: 'bytes=5-9' } })).status).toBe(503);
    server.thaw();
    for (let next = await reader.read(); !next.done; next = await reader.read()) chunks.push(next.value);
    expect(Buffer.concat(chunks).equals(content)).toBe(true);
    await settled();
  }, 60_000);

  test('a bucket that refuses is 503 with what to allow, also in the middle of an upload in parts, and names no key', async () => {
    const gate = await refusing(server.endpoint);
    const s3 = { ...server.bucket(), endpoint: `http://127.0.0.1:${(gate.server.address() as AddressInfo).port}` };
    const { put, get, ready, spooled } = await running({ s3 });
    const content = randomBytes(2 * PART + 1);
    expect([(await put('a', Buffer.alloc(200_000))).status, (await get('a')).status]).toEqual([201, 200]);
    const words =
      'cannot be used: MINIO_ACCESS_KEY and MINIO_SECRET_KEY may not do this; allow listing, reading, writing and deleting objects';
    for (const [refused, request] of [
      [/^PUT .*partNumber=2/, () => put('parts', content)],
      [/^POST .*uploadId=/, () => put('parts', content)],
      [/./, () => put('b', Buffer.alloc(10))],
      [/./, () => put('parts', content)],
      [/./, () => get('a')],
    ] as const) {
      gate.refuse = refused;
      const { status, text, header } = await request();
      expect([String(refused), status, header('retry-after'), text]).toEqual([String(refused), 503, '5', expect.stringContaining(words)]);
      expect(text).not.toMatch(new RegExp(`${KEYS.accessKey}|${KEYS.secretKey.reveal()}`));
    }
    await sleep(5000);
    expect([(await ready()).status, (await ready()).text]).toEqual([503, expect.stringContaining(words)]);
    gate.refuse = undefined;
    expect([(await get('a')).status, (await get('b')).status, (await get('parts')).status, spooled()]).toEqual([200, 404, 404, []]);
    expect((await put('parts', content)).status).toBe(201);
    // Of an upload in parts that could not be aborted either, a part may stay until it is swept.
    expect(server.keys(s3).filter((key) => key.includes('/sha256/'))).toHaveLength(2);
  }, 60_000);

  testDisk.each(['of the registry', 'of the bucket'])(
    'a full disk %s is 507, and nothing is half written',
    async (whose) => {
      const disk = smallDisk();
      const own = whose === 'of the bucket' ? await S3Server.start(disk) : server;
      if (own !== server) afterwards(() => own.pause());
      const s3 = own.bucket();
      const { put, get, spooled } = await running({ s3, ...(own === server && { data: join(disk, 'data') }) });
      expect((await put('kept', randomBytes(1_000_000))).status).toBe(201);
      for (const size of [20_000_000, 30_000_000]) {
        const { status, text } = await put('large', randomBytes(size));
        expect([status, text]).toEqual([507, expect.stringMatching(/disk|full/)]);
      }
      expect([(await get('kept')).status, (await get('large')).status, spooled()]).toEqual([200, 404, []]);
      const filler = join(disk, 'filler');
      try {
        for (;;) writeFileSync(filler, Buffer.alloc(1 << 12), { flag: 'a' });
      } catch (cause) {
        expect((cause as NodeJS.ErrnoException).code).toBe('ENOSPC');
      }
      expect((await put('small', randomBytes(100_000))).status).toBe(507);
      rmSync(filler);
      expect((await put('small', randomBytes(100_000))).status).toBe(201);
      expect(own.keys(s3).filter((key) => key.includes('/sha256/'))).toHaveLength(2);
    },
    60_000,
  );
});

/** A way to a server that can refuse requests by method and URL, as Amazon does. */
async function refusing(endpoint: string): Promise<{ readonly server: Server; refuse: RegExp | undefined }> {
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    if (gate.refuse?.test(`${method} ${url}`)) {
      request.resume();
      const body = '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
      request.on('end', () => response.writeHead(403, { 'content-type': 'application/xml' }).end(method === 'HEAD' ? undefined : body));
      return;
    }
    // The signature covers the host that was asked.
    const onward = send(endpoint + url, { method, headers, setHost: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward.on('error', () => response.destroy()));
  });
  const gate: { readonly server: Server; refuse: RegExp | undefined } = { server, refuse: undefined };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterwards(() => void (server.closeAllConnections(), server.close()));
  return gate;
}
