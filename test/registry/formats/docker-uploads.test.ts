import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { addRemote, call, cleanUp, registry, tempFolder } from '../helpers';
import { digestOf, errorOf, type imageAt, local } from './docker-image';

afterEach(cleanUp);

/** Begins an upload; the answer is its address. */
async function begin(url: string, { send }: ReturnType<typeof imageAt>) {
  const begun = await send('POST', 'blobs/uploads/');
  expect([begun.status, begun.header('range')]).toEqual([202, '0-0']);
  return url + String(begun.header('location'));
}

test('a blob arrives in parts that follow one another, and any process continues it', async () => {
  const folder = tempFolder();
  const { running, url, app } = await local({ data: folder });
  const content = randomBytes(300_000);
  const address = await begin(url, app);
  const part = (from: number, to: number, at = address) =>
    call('PATCH', at, { body: content.subarray(from, to), headers: { 'content-range': `${from}-${to - 1}` } });
  const first = await part(0, 100_000);
  expect([first.status, first.header('range'), url + String(first.header('location'))]).toEqual([202, '0-99999', address]);
  for (const from of [0, 50_000, 200_000]) {
    const refused = await part(from, from + 10);
    expect([errorOf(refused), refused.header('range')]).toEqual([
      {
        status: 416,
        code: 'BLOB_UPLOAD_INVALID',
        message: `the part begins at byte ${from}, but 100000 bytes have arrived: continue at byte 100000`,
      },
      '0-99999',
    ]);
  }
  await running.close();
  const again = await registry({ data: folder });
  const resumed = again.url + new URL(address).pathname;
  const shown = await call('GET', resumed);
  expect([shown.status, shown.header('range')]).toEqual([204, '0-99999']);
  expect((await part(100_000, 200_000, resumed)).status).toBe(202);
  const digest = digestOf(content);
  const ended = await call('PUT', `${resumed}?digest=${digest}`, {
    body: content.subarray(200_000),
    headers: { 'content-range': '200000-299999' },
  });
  expect([ended.status, ended.header('location')]).toEqual([201, `/v2/l/team/app/blobs/${digest}`]);
  const got = await fetch(`${again.url}/v2/l/team/app/blobs/${digest}`);
  expect(Buffer.from(await got.arrayBuffer()).equals(content)).toBe(true);
  expect((await call('GET', resumed)).status).toBe(404);
});

test('of two parts that arrive at once for one place there is one', async () => {
  const { url, app } = await local();
  const address = await begin(url, app);
  const parts = await Promise.all(
    ['aaaa', 'bbbb', 'cccc'].map((body) => call('PATCH', address, { body, headers: { 'content-range': '0-3' } })),
  );
  expect(parts.map(({ status }) => status).sort()).toEqual([202, 416, 416]);
  expect((await call('GET', address)).header('range')).toBe('0-3');
});

test('what arrived of a part that broke off is kept, and continued', async () => {
  const { url, app } = await local();
  const address = await begin(url, app);
  await new Promise<void>((resolve) => {
    const broken = request(address, { method: 'PATCH', headers: { 'content-length': 1000 } });
    broken.on('error', () => resolve());
    broken.write('first half, ', () => setTimeout(() => broken.destroy(), 50));
  });
  let range: string | null = '0-0';
  for (let turn = 0; turn < 50 && range === '0-0'; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    range = (await call('GET', address)).header('range');
  }
  expect(range).toBe('0-11');
  await call('PATCH', address, { body: 'second half', headers: { 'content-range': '12-22' } });
  expect((await call('PUT', `${address}?digest=${digestOf('first half, second half')}`)).status).toBe(201);
});

test('content that has another digest is refused, and its upload is over', async () => {
  const { url, app } = await local();
  const wrong = `sha256:${'0'.repeat(64)}`;
  const once = await app.send('POST', `blobs/uploads/?digest=${wrong}`, { body: 'content' });
  const message = `the 7 bytes that arrived have the digest ${digestOf('content')}, not ${wrong}`;
  expect(errorOf(once)).toEqual({ status: 400, code: 'DIGEST_INVALID', message });
  const address = await begin(url, app);
  expect(errorOf(await call('PUT', `${address}?digest=${digestOf('other', 'sha512')}`, { body: 'content' }))).toMatchObject({
    status: 400,
    code: 'DIGEST_INVALID',
  });
  expect(errorOf(await call('PATCH', address, { body: 'x' }))).toMatchObject({ status: 404, code: 'BLOB_UPLOAD_UNKNOWN' });
  expect((await app.send('HEAD', `blobs/${wrong}`)).status).toBe(404);
  const long = digestOf('content', 'sha512');
  expect((await app.send('POST', `blobs/uploads/?digest=${long}`, { body: 'content' })).status).toBe(201);
  expect((await app.send('GET', `blobs/${long}`)).text).toBe('content');
});

test('a blob is mounted from another image or repository, and pushed where that does not have it', async () => {
  const { url, app, at } = await local();
  await addRemote(url, { name: 'm', package_type: 'docker', repo_type: 'local' });
  await addRemote(url, { name: 'g', package_type: 'generic', repo_type: 'local' });
  await app.blob('layer');
  const digest = digestOf('layer');
  const mount = (from: string) => at('m/other').send('POST', `blobs/uploads/?mount=${digest}&from=${from}`);
  for (const from of ['l/none', 'none/team/app', 'g/team/app', 'l', '']) expect([from, (await mount(from)).status]).toEqual([from, 202]);
  const mounted = await mount('l/team/app');
  expect([mounted.status, mounted.header('location')]).toEqual([201, `/v2/m/other/blobs/${digest}`]);
  expect((await app.send('DELETE', `blobs/${digest}`)).status).toBe(202);
  expect([(await app.send('GET', `blobs/${digest}`)).status, (await at('m/other').send('GET', `blobs/${digest}`)).text]).toEqual([
    404,
    'layer',
  ]);
});
