import { request } from 'node:http';
import { addRemote, addVirtual, call, cleanUp, upstream } from '../helpers';
import { described, digestOf, errorOf, image, imageAt, INDEX, local } from './docker-image';

afterEach(cleanUp);

test('an image is pulled by tag and digest, its blobs in parts, by both of its addresses', async () => {
  const { url, app } = await local();
  const pushed = image();
  const put = await app.push('1.0', pushed);
  expect([put.status, put.header('location'), put.header('docker-content-digest')]).toEqual([
    201,
    '/v2/l/team/app/manifests/1.0',
    pushed.digest,
  ]);
  for (const place of [`${url}/v2/l/team/app`, `${url}/api/v1/local/l/v2/team/app`, `${url}/api/v1/local/l/team/app`]) {
    for (const reference of ['1.0', pushed.digest]) {
      const got = await call('GET', `${place}/manifests/${reference}`);
      expect([got.status, got.text, got.header('content-type'), got.header('docker-content-digest')]).toEqual([
        200,
        pushed.manifest,
        'application/vnd.oci.image.manifest.v1+json',
        pushed.digest,
      ]);
    }
  }
  const blob = `blobs/${digestOf(pushed.layer)}`;
  const head = await app.send('HEAD', blob);
  expect([head.status, head.header('content-length'), head.header('docker-content-digest')]).toEqual([
    200,
    String(pushed.layer.length),
    digestOf(pushed.layer),
  ]);
  const config = await app.send('GET', `blobs/${digestOf(pushed.config)}`, { headers: { range: 'bytes=2-5' } });
  expect([config.status, config.text]).toEqual([206, pushed.config.slice(2, 6)]);
  expect((await app.send('GET', blob, { headers: { range: 'bytes=20000-' } })).status).toBe(416);
});

test.each<[what: string, code: string, make: (good: Record<string, unknown>) => unknown]>([
  ['a missing layer', 'MANIFEST_BLOB_UNKNOWN', (good) => ({ ...good, layers: [described('missing')] })],
  ['another size', 'MANIFEST_INVALID', (good) => ({ ...good, config: { ...described('{}'), size: 7 } })],
  ['no parts', 'MANIFEST_INVALID', () => ({ schemaVersion: 2 })],
  ['another version', 'MANIFEST_INVALID', (good) => ({ ...good, schemaVersion: 1 })],
  ['a digest that is none', 'MANIFEST_INVALID', (good) => ({ ...good, layers: [{ ...described('{}'), digest: 'md5:00' }] })],
  ['a digest that leads away', 'MANIFEST_INVALID', (good) => ({ ...good, layers: [{ ...described('{}'), digest: '../../x' }] })],
  ['layers that are no list', 'MANIFEST_INVALID', (good) => ({ ...good, layers: 'x' })],
  ['a negative size', 'MANIFEST_INVALID', (good) => ({ ...good, layers: [{ ...described('{}'), size: -1 }] })],
  ['another mediaType', 'MANIFEST_INVALID', (good) => ({ ...good, mediaType: INDEX })],
  ['a missing manifest', 'MANIFEST_BLOB_UNKNOWN', () => ({ schemaVersion: 2, manifests: [described('missing')] })],
  ['something else', 'MANIFEST_INVALID', () => []],
])('a manifest with %s is refused', async (_what, code, make) => {
  const { app } = await local();
  await app.blob('{}');
  const good = { schemaVersion: 2, config: described('{}'), layers: [] };
  const content = JSON.stringify(make(good));
  expect((await app.manifest('good', JSON.stringify(good))).status).toBe(201);
  expect(errorOf(await app.manifest('bad', content))).toMatchObject({ code, message: expect.stringMatching(/manifest/) as string });
  expect((await app.send('HEAD', 'manifests/bad')).status).toBe(404);
  expect((await app.send('HEAD', `manifests/${digestOf(content)}`)).status).toBe(404);
});

test('a manifest of 4 MiB is taken, a larger one is a 413; one that is sent to another digest is refused', async () => {
  const { app } = await local();
  await app.blob('{}');
  const sized = (size: number) => {
    const text = JSON.stringify({ schemaVersion: 2, config: described('{}'), annotations: { a: '' } });
    return text.replace('"a":""', `"a":"${'x'.repeat(size - text.length)}"`);
  };
  expect((await app.manifest('full', sized(4 << 20))).status).toBe(201);
  expect(errorOf(await app.manifest('over', sized((4 << 20) + 1)))).toMatchObject({ status: 413, code: 'MANIFEST_INVALID' });
  for (const algorithm of ['sha256', 'sha512']) {
    const wrong = await app.manifest(digestOf('other', algorithm), sized(200));
    expect(errorOf(wrong)).toMatchObject({ status: 400, code: 'DIGEST_INVALID' });
    expect((await app.manifest(digestOf(sized(200), algorithm), sized(200))).status).toBe(201);
  }
});

test('tags are listed in pages, move, and go with their manifest', async () => {
  const { url, app } = await local();
  const [one, two] = [image(), image()];
  for (const tag of ['b', 'c', 'a', 'B']) await app.push(tag, one);
  await app.push('c', two);
  const list = async (query: string) => {
    const answer = await app.send('GET', `tags/list${query}`);
    return [(answer.json as { tags: string[] }).tags, answer.header('link')];
  };
  expect((await app.send('GET', 'tags/list')).json).toEqual({ name: 'l/team/app', tags: ['B', 'a', 'b', 'c'] });
  expect(await list('?n=2')).toEqual([['B', 'a'], '</v2/l/team/app/tags/list?n=2&last=a>; rel="next"']);
  expect(await list('?n=2&last=a')).toEqual([['b', 'c'], null]);
  expect(await list('?n=0')).toEqual([[], null]);
  expect(await list('?last=b')).toEqual([['c'], null]);
  expect(errorOf(await app.send('GET', 'tags/list?n=x')).status).toBe(400);
  expect((await app.send('DELETE', 'manifests/B')).status).toBe(202);
  expect((await app.send('DELETE', `manifests/${one.digest}`)).status).toBe(202);
  for (const gone of ['a', 'b', one.digest])
    expect(errorOf(await app.send('GET', `manifests/${gone}`))).toMatchObject({ status: 404, code: 'MANIFEST_UNKNOWN' });
  expect(await list('')).toEqual([['c'], null]);
  expect((await app.send('DELETE', `manifests/${one.digest}`)).status).toBe(404);
  expect(errorOf(await imageAt(`${url}/v2/l/none`).send('GET', 'tags/list'))).toMatchObject({ status: 404, code: 'NAME_UNKNOWN' });
});

test('what is about a manifest is listed with it, by its type where that is asked for', async () => {
  const { app } = await local();
  const { digest } = image();
  const signature = image(undefined, { subject: described('x'), artifactType: 'application/x-signature', annotations: { by: 'us' } });
  const about = (made: ReturnType<typeof image>) =>
    JSON.stringify({ ...(JSON.parse(made.manifest) as object), subject: { ...described('x'), digest } });
  const [signed, plain] = [about(signature), about(image())];
  await app.push('other', signature);
  const put = await app.manifest('signed', signed);
  expect([put.status, put.header('oci-subject')]).toEqual([201, digest]);
  const plainImage = JSON.parse(plain) as { layers: { digest: string }[] };
  expect(plainImage.layers).toHaveLength(1);
  const referrers = async (query = '') => (await app.send('GET', `referrers/${digest}${query}`)).json;
  const entry = {
    ...described(signed, 'application/vnd.oci.image.manifest.v1+json'),
    artifactType: 'application/x-signature',
    annotations: { by: 'us' },
  };
  expect(await referrers()).toEqual({ schemaVersion: 2, mediaType: INDEX, manifests: [entry] });
  expect(await referrers('?artifactType=application%2Fx-other')).toMatchObject({ manifests: [] });
  const filtered = await app.send('GET', `referrers/${digest}?artifactType=application%2Fx-signature`);
  expect([filtered.header('oci-filters-applied'), filtered.header('content-type')]).toEqual(['artifactType', INDEX]);
  await app.send('DELETE', `manifests/${digestOf(signed)}`);
  expect(await referrers()).toMatchObject({ manifests: [] });
  expect(errorOf(await app.send('GET', 'referrers/sha256:0')).status).toBe(400);
});

test.each<[name: string, code: string]>([
  ['l/Team/app', 'NAME_INVALID'],
  ['l/team/App', 'NAME_INVALID'],
  ['l/a//..%2f..%2fb', 'NAME_INVALID'],
  ['l/a%2f..%2fb', 'NAME_INVALID'],
  ['l/%2e%2e/m/app', 'NAME_INVALID'],
  ['l/ａpp', 'NAME_INVALID'],
  [`l/${'a'.repeat(256)}`, 'NAME_INVALID'],
  ['l', 'NAME_INVALID'],
  ['none/app', 'NAME_UNKNOWN'],
])('nothing is pushed to %s', async (name, code) => {
  const { url } = await local();
  // `fetch` would resolve dot segments itself.
  const { host, port, hostname } = new URL(url);
  const answer = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const path = encodeURI(`/v2/${decodeURI(name)}`).replaceAll('%25', '%');
    const sent = request({ hostname, port, path: `${path}/blobs/uploads/`, method: 'POST', headers: { host } }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
  expect([answer.status, answer.body]).toEqual([code === 'NAME_UNKNOWN' ? 404 : 400, expect.stringContaining(`"code":"${code}"`)]);
});

test('a remote and a virtual take no image, and say where to push', async () => {
  const { url } = await local();
  await addRemote(url, { name: 'r', package_type: 'docker', base_url: 'http://127.0.0.1:9' });
  await addVirtual(url, { name: 'v', package_type: 'docker', members: ['l', 'r'] });
  const push = (name: string) => imageAt(`${url}/v2/${name}/app`).send('POST', 'blobs/uploads/');
  expect(errorOf(await push('r'))).toEqual({
    status: 405,
    code: 'UNSUPPORTED',
    message: 'repository "r" is remote and takes no changes; publish into a local repository',
  });
  expect(errorOf(await push('v')).message).toBe('repository "v" is virtual and takes no changes; publish into its local members: l');
});

test('in a virtual, no spelling of the address of an internal image leads to a public one', async () => {
  const { url, app } = await local();
  const open = await upstream((_request, response) => void response.end('{"tags":["public"]}'));
  await addRemote(url, { name: 'r', package_type: 'docker', base_url: open.url });
  await addVirtual(url, { name: 'v', package_type: 'docker', members: ['r', 'l'] });
  expect((await app.push('1.0')).status).toBe(201);
  for (const path of ['manifests/9.9', 'manifests/9.9/', 'manifests/9.9/more', 'tags/list/more', 'more'])
    expect([path, (await call('GET', `${url}/v2/v/team/app/${path}`)).status]).toEqual([path, 404]);
  expect(open.requests).toHaveLength(0);
  expect((await call('GET', `${url}/v2/v/team/other/tags/list`)).json).toEqual({ tags: ['public'] });
});

test('in the strict mode nothing is removed, mounted or listed by subject', async () => {
  const { app } = await local({ strict: true });
  const pushed = image();
  expect((await app.push('1.0', pushed)).status).toBe(201);
  expect(errorOf(await app.send('DELETE', 'manifests/1.0'))).toMatchObject({ status: 405, code: 'UNSUPPORTED' });
  expect(errorOf(await app.send('DELETE', `blobs/${digestOf(pushed.layer)}`)).status).toBe(405);
  expect(errorOf(await app.send('GET', `referrers/${pushed.digest}`)).status).toBe(404);
  expect((await app.send('POST', `blobs/uploads/?mount=${digestOf(pushed.layer)}&from=l/team/app`)).status).toBe(202);
  expect((await app.send('GET', 'tags/list')).json).toEqual({ name: 'l/team/app', tags: ['1.0'] });
});

test('what is no image is kept as it is, but nothing else stands where images are', async () => {
  const { url } = await local();
  const upload = (path: string) => call('PUT', `${url}/api/v2/remotes/l/files/${path}`, { body: 'text' });
  expect((await upload('docs/README.md')).status).toBe(201);
  expect((await call('GET', `${url}/api/v1/local/l/docs/README.md`)).text).toBe('text');
  const refused = await upload('team/app/manifests/1.0');
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('push them with a client')]);
});
