import { type IncomingMessage, type ServerResponse } from 'node:http';
import { addRemote, addVirtual, call, cleanUp, registry, upstream } from '../helpers';
import { digestOf, errorOf, IMAGE, image, imageAt, INDEX } from './docker-image';

afterEach(cleanUp);

type Extra = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A registry with one image, `library/app:1.0`, and a remote of it. */
async function pulled(extra: Extra = () => false, fields: Record<string, unknown> = {}) {
  const there = image();
  const files: Record<string, [content: string | Buffer, type: string]> = {
    'manifests/1.0': [there.manifest, IMAGE],
    [`manifests/${there.digest}`]: [there.manifest, IMAGE],
    [`blobs/${digestOf(there.layer)}`]: [there.layer, 'application/octet-stream'],
    'tags/list': ['{"name":"library/app","tags":["1.0"]}', 'application/json'],
    [`referrers/${there.digest}`]: [JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [] }), INDEX],
  };
  const open = await upstream((request, response) => {
    if (extra(request, response)) return;
    const [, path = ''] = /^\/v2\/library\/app\/([^?]*)/.exec(decodeURIComponent(String(request.url))) ?? [];
    const [content, type] = files[path] ?? [];
    if (content === undefined || type === undefined) return void response.writeHead(404).end('{}');
    response.writeHead(200, { 'content-type': type, 'content-length': content.length, 'docker-content-digest': digestOf(content) });
    response.end(request.method === 'HEAD' ? undefined : content);
  });
  const { url } = await registry();
  await addRemote(url, { name: 'r', package_type: 'docker', base_url: open.url, mutable_ttl: 3600, ...fields });
  await addRemote(url, { name: 'l', package_type: 'docker', repo_type: 'local' });
  await addVirtual(url, { name: 'v', package_type: 'docker', members: ['l', 'r'] });
  return { url, open, there, app: imageAt(`${url}/v2/r/library/app`), both: imageAt(`${url}/v2/v/library/app`) };
}

test('an image is pulled by each of its addresses, and kept once', async () => {
  const { url, open, there } = await pulled();
  for (const place of [`${url}/v2/r`, `${url}/api/v1/remote/r/v2`, `${url}/api/v1/remote/r`, `${url}/v2/v`, `${url}/api/v1/virtual/v/v2`]) {
    const app = imageAt(`${place}/library/app`);
    for (const method of ['HEAD', 'GET']) {
      const manifest = await app.send(method, 'manifests/1.0', { headers: { accept: IMAGE } });
      expect([place, method, manifest.status, manifest.header('content-type'), manifest.header('docker-content-digest')]).toEqual([
        ...[place, method, 200],
        ...[IMAGE, there.digest],
      ]);
    }
    expect((await app.send('GET', `manifests/${there.digest}`)).text).toBe(there.manifest);
    const part = await app.send('GET', `blobs/${digestOf(there.layer)}`, { headers: { range: 'bytes=4-9' } });
    expect([part.status, part.header('content-range')]).toEqual([206, `bytes 4-9/${there.layer.length}`]);
  }
  const asked = open.requests.filter(({ method }) => method === 'GET').map((request) => String(request.url));
  expect(asked.sort()).toEqual([
    `/v2/library/app/blobs/${digestOf(there.layer)}`,
    '/v2/library/app/manifests/1.0',
    `/v2/library/app/manifests/${there.digest}`,
  ]);
});

test('an image whose name begins as the address does is one of its own', async () => {
  const { url, open } = await pulled();
  await call('GET', `${url}/v2/r/v2/app/manifests/1`);
  expect(open.requests.map((request) => request.url)).toEqual(['/v2/v2/app/manifests/1']);
});

test.each(['^library/', '^v2/library/', 'app/manifests/1\\.0$'])(
  'the blocklist %s keeps an image out, by each address',
  async (pattern) => {
    const { url, open } = await pulled(undefined, { blocklist: [pattern] });
    for (const place of ['v2/r', 'api/v1/remote/r/v2', 'api/v1/remote/r'])
      expect(errorOf(await call('GET', `${url}/${place}/library/app/manifests/1.0`))).toMatchObject({ status: 403, code: 'DENIED' });
    expect(open.requests).toEqual([]);
  },
);

test('the allowlist names images as the seed of the registry has it', async () => {
  const { app, url } = await pulled(undefined, { patterns: ['^library/app'] });
  expect((await app.send('GET', 'manifests/1.0')).status).toBe(200);
  expect(errorOf(await call('GET', `${url}/v2/r/library/other/manifests/1.0`))).toMatchObject({ status: 403, code: 'DENIED' });
});

test('pages of tags lead from one to the next through the remote and the virtual', async () => {
  const { url, app, both } = await pulled((request, response) => {
    const { pathname, searchParams } = new URL(String(request.url), 'http://x');
    if (!pathname.endsWith('/tags/list') || searchParams.get('n') !== '1') return false;
    const [tag, next] = searchParams.get('last') === '1.0' ? ['2.0'] : ['1.0', '1.0'];
    if (next) response.setHeader('link', `<https://evil.example.com/v2/library/app/tags/list?n=1&last=${next}>; rel="next"`);
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ name: 'library/app', tags: [tag] }));
    return true;
  });
  for (const [at, place] of [
    [app, 'remote/r'],
    [both, 'virtual/v'],
  ] as const) {
    const first = await at.send('GET', 'tags/list?n=1');
    const link = first.header('link');
    expect([(first.json as { tags: string[] }).tags, link]).toEqual([
      ['1.0'],
      `<${url}/api/v1/${place}/library/app/tags/list?n=1&last=1.0>; rel="next"`,
    ]);
    const second = await call('GET', String(/<(.*)>/.exec(String(link))?.[1]));
    expect([(second.json as { tags: string[] }).tags, second.header('link')]).toEqual([['2.0'], null]);
  }
});

test.each<[what: string, header: string]>([
  ['spaces', 'a b c'],
  ['no query', '<https://x.example.com/v2/library/app/tags/list>; rel="next"'],
  ['a broken escape', '<?last=%zz&n=1>; rel="next"'],
  ['characters of no header', '<?last=\u00ff>; rel="next"'],
])('a link with %s breaks nothing', async (_what, header) => {
  const { app } = await pulled((request, response) => {
    if (request.url?.endsWith('/tags/list')) response.setHeader('link', Buffer.from(header, 'latin1').toString('latin1'));
    return false;
  });
  expect((await app.send('GET', 'tags/list')).status).toBe(200);
});

test('what is about a manifest is asked of the upstream', async () => {
  const { app, there } = await pulled();
  const referrers = await app.send('GET', `referrers/${there.digest}`);
  expect([referrers.status, referrers.header('content-type')]).toEqual([200, INDEX]);
});

test.each<[what: string, content: string, digest: string]>([
  ['of another digest than announced', '{"schemaVersion":2}', `sha256:${'0'.repeat(64)}`],
  ['that is no JSON', 'manifest', ''],
  ['that is a page', '<html></html>', ''],
])('a manifest %s is a 502, and not kept', async (_what, content, digest) => {
  const { url, app } = await pulled((request, response) => {
    if (!request.url?.includes('/manifests/')) return false;
    response.writeHead(200, { 'content-type': IMAGE, ...(digest && { 'docker-content-digest': digest }) }).end(content);
    return true;
  });
  for (const reference of ['1.0', digestOf('other')]) {
    const answer = await app.send('GET', `manifests/${reference}`);
    expect(errorOf(answer)).toMatchObject({ status: 502, code: 'UNKNOWN' });
  }
  expect((await call('GET', `${url}/api/v2/remotes/r/objects`)).json).toMatchObject({ total: 0 });
});

test('what the upstream does not have is said in the words of the protocol', async () => {
  const { app, url } = await pulled();
  expect(errorOf(await app.send('GET', 'manifests/none'))).toMatchObject({ status: 404, code: 'MANIFEST_UNKNOWN' });
  expect(errorOf(await app.send('GET', `blobs/${digestOf('none')}`))).toMatchObject({ status: 404, code: 'BLOB_UNKNOWN' });
  expect(errorOf(await call('GET', `${url}/v2/v/library/app/manifests/none`))).toMatchObject({ status: 404, code: 'MANIFEST_UNKNOWN' });
});

test('an image that a member has comes from members alone, even where they lack what is asked for, or the upstream is faster', async () => {
  const { url, open, both } = await pulled();
  const ours = image();
  await imageAt(`${url}/v2/l/library/app`).push('2.0', ours);
  expect((await both.send('GET', 'manifests/2.0')).text).toBe(ours.manifest);
  expect(errorOf(await both.send('GET', 'manifests/1.0'))).toMatchObject({ status: 404, code: 'MANIFEST_UNKNOWN' });
  expect((await both.send('GET', 'tags/list')).json).toMatchObject({ tags: ['2.0'] });
  expect(open.requests).toEqual([]);
  await imageAt(`${url}/v2/l/library/app`).send('DELETE', `manifests/${ours.digest}`);
  expect((await both.send('GET', 'manifests/1.0')).status).toBe(200);
});

test('a member that fails is not passed over', async () => {
  const { url, both } = await pulled();
  await addRemote(url, { name: 'down', package_type: 'docker', base_url: 'http://127.0.0.1:9' });
  await call('PUT', `${url}/api/v2/virtuals/v`, { body: { package_type: 'docker', members: ['down', 'r'] } });
  const answer = errorOf(await both.send('GET', 'manifests/1.0'));
  expect([answer.status, answer.message]).toEqual([502, expect.stringContaining('member "down" of virtual "v" failed')]);
});
