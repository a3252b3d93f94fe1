import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import { type Store } from '../../../src/registry/store/store';
import { Secret } from '../../../src/registry/store/secret';
import { PART, S3Bucket } from '../../../src/registry/store/s3/bucket';
import { keyOf, Objects } from '../../../src/registry/store/s3/objects';
import { type ObjectIndex } from '../../../src/registry/store/s3/object-index';
import { explained } from '../../../src/registry/store/s3/problems';
import { type S3Settings } from '../../../src/registry/store/s3/settings';
import { steadyBody } from '../../../src/registry/store/s3/steady-body';
import { describeClient } from '../../clients/support';
import { afterwards, call, cleanUp, openTestStore, registry, tempFolder } from '../helpers';
import { KEYS, S3Server } from './s3-server';

afterEach(cleanUp);

async function receive(store: Store, content: Buffer) {
  return store.blobs.receive(Readable.from([content]));
}

async function readAll(store: Store, hash: string, range?: { start: number; end: number }): Promise<Buffer> {
  return buffer(await store.blobs.read(hash, range));
}

/** What a promise is rejected with. */
async function refusal(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing is wrong',
    (cause: Error) => cause.message,
  );
}

describeClient('versitygw', () => {
  let server: S3Server;
  beforeAll(async () => void (server = await S3Server.start()));
  afterAll(() => server.stop());

  async function opened(s3: S3Settings, folder = tempFolder()): Promise<Store> {
    const store = await openTestStore(folder, { s3 });
    afterwards(() => store.close());
    return store;
  }
  const objectsOf = (s3: S3Settings) => server.keys(s3).filter((key) => key.includes('/sha256/'));

  test('a large blob is sent in parts, and any part of it read', async () => {
    const s3 = server.bucket();
    const store = await opened(s3);
    const content = randomBytes(2 * PART + 1000);
    const { hash } = await receive(store, content);
    expect((await readAll(store, hash)).equals(content)).toBe(true);
    for (const [start, end] of [
      [PART - 5, PART + 5],
      [0, 0],
      [content.length - 1, content.length - 1],
    ] as const)
      expect(await readAll(store, hash, { start, end })).toEqual(content.subarray(start, end + 1));
    expect(objectsOf(s3).map((key) => key.slice(0, -17))).toEqual([`blobs/sha256/${hash.slice(0, 2)}/${hash}`]);
    // The same content again writes nothing.
    const before = objectsOf(s3);
    await receive(store, content);
    expect(objectsOf(s3)).toEqual(before);
  });

  test('objects of other programs are left alone, and one that they have put in a blob’s place is not served for it', async () => {
    const s3 = server.bucket();
    const store = await opened(s3);
    const { hash } = await receive(store, Buffer.from('hello'));
    const [key = ''] = objectsOf(s3);
    const other = await S3Bucket.open({ ...s3, prefix: '' });
    afterwards(() => other.close());
    await other.putText('blobs/sha256/notes.txt', 'not ours');
    await store.blobs.collect('9999');
    expect(server.keys(s3)).toContain('blobs/sha256/notes.txt');

    const again = await receive(store, Buffer.from('hello'));
    const [place = key] = objectsOf(s3).filter((each) => each.includes(hash));
    await other.putText(place, 'HELLO');
    expect(await refusal(store.blobs.read(hash))).toBe(`the content with the SHA-256 ${hash} is missing from the store`);
    expect(await store.blobs.has(again)).toBe(false);
    await other.putText(place, 'hello, world');
    const cause = await store.blobs.read(hash).catch((thrown: Error) => (thrown.cause as Error).message);
    expect(cause).toBe('its object has 12 bytes instead of 5');
    // Writing it once more sets it right.
    await receive(store, Buffer.from('hello'));
    expect([(await readAll(store, hash)).toString(), await store.blobs.has(again)]).toEqual(['hello', true]);
  });

  test('what a killed writer has left goes with what nothing refers to', async () => {
    const s3 = server.bucket();
    const store = await opened(s3);
    const other = await S3Bucket.open(s3);
    afterwards(() => other.close());
    const left = { hash: 'a'.repeat(64), place: 'a'.repeat(16) };
    await other.putText(keyOf(left), 'half of it');
    const ago = (seconds: number) => new Date(store.metadata.now() - seconds * 1000).toISOString();
    await store.metadata
      .tables<{ loose_objects: object }>()
      .insertInto('loose_objects')
      .values({ ...left, condemned: 0, created_at: ago(120) })
      .execute();
    await store.blobs.collect(ago(180));
    expect(objectsOf(s3)).toEqual([`blobs/${keyOf(left)}`]);
    await store.blobs.collect(ago(60));
    expect(objectsOf(s3)).toEqual([]);
    expect(await store.blobs.audit.leftovers(new Date('9999-01-01'))).toBe(0);
  });

  test('a bucket belongs to one database, and a database keeps its blobs in one place', async () => {
    const [s3, folder, plain] = [server.bucket(), tempFolder(), tempFolder()];
    const name = `the bucket ${s3.bucket} at ${server.endpoint}, keys blobs/*`;
    const store = await openTestStore(folder, { s3 });
    await receive(store, Buffer.from('hello'));
    await store.close();
    expect(await refusal(openTestStore(tempFolder(), { s3 }))).toBe(
      `${name} holds the content of another database; choose another bucket or --s3-prefix`,
    );
    expect(await refusal(openTestStore(folder))).toMatch('this registry keeps its content in a bucket');
    expect(await refusal(openTestStore(folder, { s3: { ...s3, prefix: 'other/' } }))).toMatch('lacks the content of this database');
    const inFolder = await openTestStore(plain);
    await receive(inFolder, Buffer.from('hello'));
    await inFolder.close();
    expect(await refusal(openTestStore(plain, { s3: server.bucket() }))).toMatch('this registry keeps its content in its data folder');
    expect((await readAll(await opened(s3, folder), '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824')).toString()).toBe(
      'hello',
    );
  });

  test('what is wrong with a bucket is said in words, without the keys', async () => {
    const s3 = server.bucket();
    const problem = (changes: Partial<S3Settings>) => refusal(openTestStore(tempFolder(), { s3: { ...s3, create: false, ...changes } }));
    const name = `the bucket ${s3.bucket} at ${server.endpoint}, keys blobs/* cannot be used`;
    expect(await problem({})).toBe(`${name}: it does not exist; create it, check its name, or start the registry with --s3-create-bucket`);
    expect(await problem({ credentials: { ...KEYS, secretKey: new Secret('wrong-secret') } })).toBe(
      `${name}: the secret key of MINIO_ACCESS_KEY and MINIO_SECRET_KEY is wrong`,
    );
    expect(await problem({ credentials: { ...KEYS, accessKey: 'wrong-key' } })).toBe(
      `${name}: the server does not know the access key of MINIO_ACCESS_KEY and MINIO_SECRET_KEY`,
    );
    expect(await problem({ endpoint: 'http://127.0.0.1:1' })).toMatch(
      `the bucket ${s3.bucket} at http://127.0.0.1:1, keys blobs/* cannot be used: nothing listens there (ECONNREFUSED); check that the server runs`,
    );
    const secure = server.endpoint.replace('http:', 'https:');
    expect(await problem({ endpoint: secure })).toBe(
      `the bucket ${s3.bucket} at ${secure}, keys blobs/* cannot be used: the server does not speak TLS; set MINIO_SECURE=false, or write the endpoint with http://`,
    );
  });

  test('while the bucket is away, small files are served from memory, all else answers 503, and nothing is half written', async () => {
    const { url } = await registry({ s3: server.bucket() });
    const put = (name: string, size: number) =>
      call('PUT', `${url}/api/v2/remotes/files/files/${name}`, { body: Buffer.alloc(size, name) });
    const get = (name: string) => call('GET', `${url}/api/v1/local/files/${name}`);
    await call('POST', `${url}/api/v2/remotes`, { body: { name: 'files', repo_type: 'local', package_type: 'generic' } });
    expect([(await put('small', 10)).status, (await put('large', 300_000)).status, (await get('small')).status]).toEqual([201, 201, 200]);
    await server.pause();
    const answers = [await get('small'), await get('large'), await put('new', 10)];
    await server.resume();
    for (const end = Date.now() + 5000; (await call('GET', `${url}/readyz`)).status !== 200 && Date.now() < end;) await sleep(50);
    expect(answers.map(({ status, header }) => [status, header('retry-after')])).toEqual([
      [200, null],
      [503, '5'],
      [503, '5'],
    ]);
    expect(answers[2]?.text).toMatch(/cannot be used: nothing listens there \(ECONNREFUSED\)/);
    expect([(await get('large')).status, (await get('new')).status, (await put('new', 10)).status]).toEqual([200, 404, 201]);
  });

  test('a connection that breaks off is made again, where it broke off', async () => {
    const s3 = server.bucket();
    const content = randomBytes(3 << 20);
    const store = await opened(s3);
    const { hash } = await receive(store, content);
    let cuts = 2;
    const { port, hostname } = new URL(server.endpoint);
    const proxy = createServer((client) => {
      const upstream = connect(Number(port), hostname);
      let sent = 0;
      client.pipe(upstream);
      upstream.on('data', (chunk: Buffer) => {
        sent += chunk.length;
        client.write(chunk);
        if (cuts > 0 && sent > 1 << 20) {
          cuts--;
          client.destroy();
        }
      });
      for (const [one, two] of [
        [client, upstream],
        [upstream, client],
      ] as const)
        one.on('error', () => undefined).on('close', () => two.destroy());
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => proxy.once('listening', resolve));
    afterwards(() => void proxy.close());
    const bucket = await S3Bucket.open({ ...s3, endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
    afterwards(() => bucket.close());
    const [key = ''] = objectsOf(s3).map((each) => each.slice('blobs/'.length));
    const get = async (range: { start: number; end: number }) => (await bucket.get(key, range)).body;
    const whole = { start: 0, end: content.length - 1 };
    const got = await buffer(steadyBody(whole, get, await get(whole)));
    expect([cuts, got.equals(content), hash.length]).toEqual([0, true, 64]);
  });

  test('an upload in parts that fails is aborted; one whose writer died is aborted by a sweep', async () => {
    const s3 = server.bucket();
    const bucket = await S3Bucket.open(s3);
    afterwards(() => bucket.close());
    await bucket.create();
    const path = join(tempFolder(), 'spooled');
    writeFileSync(path, Buffer.alloc(2 * PART));
    const file = await openFile(path);
    afterwards(() => file.close());
    const key = keyOf({ hash: 'a'.repeat(64), place: 'a'.repeat(16) });
    const send = () => bucket.put(key, { file, size: 2 * PART, hash: 'x' });
    const openUploads = async () => {
      const keys: string[] = [];
      for await (const upload of bucket.uploads()) keys.push(upload.key);
      return keys;
    };
    const dying = jest.spyOn(bucket, 'abort').mockResolvedValue();
    const failing = jest.spyOn(file, 'read').mockRejectedValue(new Error('EIO: i/o error, read') as never);
    await expect(send()).rejects.toThrow('EIO');
    expect(await openUploads()).toEqual([key]);
    dying.mockRestore();
    await expect(send()).rejects.toThrow('EIO');
    expect(await openUploads()).toEqual([key]);
    failing.mockRestore();
    const index = {
      giveUpBefore: () => Promise.resolve(),
      condemned: () => Promise.resolve([]),
      isLoose: () => Promise.resolve(false),
    } as unknown as ObjectIndex;
    const objects = new Objects({ bucket, index, explain: (cause) => explained(cause, s3) });
    expect([await objects.sweep(new Date(0)), await openUploads()]).toEqual([0, [key]]);
    expect([await objects.sweep(new Date('9999-01-01')), await openUploads()]).toEqual([1, []]);
  });
});

describe('what a server sends', () => {
  const never = () => Promise.reject(new Error('asked again'));
  const body = (...chunks: Buffer[]) => Readable.from(chunks);

  test('is not taken if it is more or less than was asked for', async () => {
    const range = { start: 0, end: 4 };
    expect((await buffer(steadyBody(range, never, body(Buffer.from('hel'), Buffer.from('lo'))))).toString()).toBe('hello');
    const again = () => Promise.resolve(body(Buffer.from('hello!')));
    expect(await refusal(buffer(steadyBody(range, again, body(Buffer.from('hello!')))))).toBe('the server sent more than was asked for');
    expect(await refusal(buffer(steadyBody(range, never, body(Buffer.from('hel')))))).toBe('asked again');
  });

  test('is given up when nothing comes for a while', async () => {
    jest.useFakeTimers();
    try {
      const stalls = () => Promise.resolve(new Readable({ read: () => undefined }));
      const reading = refusal(buffer(steadyBody({ start: 0, end: 4 }, stalls, await stalls())));
      for (let tries = 0; tries < 4; tries++) await jest.advanceTimersByTimeAsync(30_000);
      expect(await reading).toBe('the server sent nothing for 30 s');
    } finally {
      jest.useRealTimers();
    }
  });

  test('is let go of if nobody reads it', async () => {
    const first = body(Buffer.from('hello'));
    const stream = steadyBody({ start: 0, end: 4 }, never, first);
    stream.destroy();
    await new Promise((resolve) => stream.once('close', resolve));
    expect(first.destroyed).toBe(true);
  });
});
