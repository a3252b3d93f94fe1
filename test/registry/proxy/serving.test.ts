import { randomBytes } from 'node:crypto';
import { type ServerResponse } from 'node:http';
import { addRemote, addVirtual, call, cleanUp, registry, upstream } from '../helpers';

afterEach(cleanUp);

const DATE = 'Mon, 01 Jan 2024 00:00:00 GMT';

test('a part of an object that is not cached yet is a 206, and the validators are the same from the first answer on', async () => {
  const body = randomBytes(300_000);
  const files = await upstream((request, response) => {
    if (request.url?.startsWith('/dated')) response.setHeader('last-modified', DATE);
    if (request.url?.startsWith('/tagged')) response.setHeader('etag', '"v1"');
    response.setHeader('content-length', body.length).end(body);
  });
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url });
  for (const kind of ['plain', 'dated', 'tagged']) {
    for (const [range, start, end] of [
      ['bytes=100-199', 100, 199],
      ['bytes=299990-', 299_990, 299_999],
      ['bytes=-10', 299_990, 299_999],
      ['bytes=0-0', 0, 0],
    ] as const) {
      const target = `${url}/api/v1/remote/a/${kind}${start}-${range.length}`;
      const cold = await fetch(target, { headers: { range } });
      expect([cold.status, cold.headers.get('content-range')]).toEqual([206, `bytes ${start}-${end}/300000`]);
      expect(Buffer.from(await cold.arrayBuffer()).equals(body.subarray(start, end + 1))).toBe(true);
      const warm = await fetch(target);
      for (const header of ['etag', 'accept-ranges', 'last-modified'])
        expect([header, warm.headers.get(header)]).toEqual([header, cold.headers.get(header)]);
      expect(Buffer.from(await warm.arrayBuffer()).equals(body)).toBe(true);
      const resumed = await call('GET', target, { headers: { range, 'if-range': cold.headers.get('etag') ?? '' } });
      expect(resumed.status).toBe(206);
    }
  }
  const beyond = await call('GET', `${url}/api/v1/remote/a/cold`, { headers: { range: 'bytes=300000-' } });
  expect([beyond.status, beyond.header('content-range')]).toEqual([416, 'bytes */300000']);
});

test('the unit of a range has no case, and only GET asks for a part (RFC 9110, 14.1 and 14.2)', async () => {
  const { url } = await registry();
  await addRemote(url, { name: 'l', repo_type: 'local' });
  await call('PUT', `${url}/api/v2/remotes/l/files/x`, { body: '0123456789' });
  const ask = (method: string) => call(method, `${url}/api/v1/local/l/x`, { headers: { range: 'BYTES=2-4' } });
  const part = await ask('GET');
  expect([part.status, part.text, part.header('content-range')]).toEqual([206, '234', 'bytes 2-4/10']);
  const head = await ask('HEAD');
  expect([head.status, head.header('content-length'), head.header('content-range')]).toEqual([200, '10', null]);
});

test('a part of an object whose length the upstream does not tell comes as a whole', async () => {
  const files = await upstream((_request, response) => void (response.write('01234'), response.end('56789')));
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url });
  const cold = await call('GET', `${url}/api/v1/remote/a/x`, { headers: { range: 'bytes=2-4' } });
  expect([cold.status, cold.text]).toEqual([200, '0123456789']);
  expect((await call('GET', `${url}/api/v1/remote/a/x`, { headers: { range: 'bytes=2-4' } })).text).toBe('234');
});

test.each(['remote', 'local', 'virtual'])('who knows dates only is told by 304 that nothing changed: %s', async (kind) => {
  const files = await upstream((_request, response) => response.setHeader('last-modified', DATE).end('x'));
  const { url } = await registry();
  await addRemote(url, { name: 'r', base_url: files.url });
  await addRemote(url, { name: 'l', repo_type: 'local' });
  await addVirtual(url, { name: 'v', package_type: 'generic', members: ['r'] });
  await call('PUT', `${url}/api/v2/remotes/l/files/x`, { body: 'x' });
  const target = `${url}/api/v1/${kind}/${kind.charAt(0)}/x`;
  const told = (await call('GET', target)).header('last-modified') ?? '';
  for (const method of ['GET', 'HEAD']) {
    const ask = async (headers: Record<string, string>) => (await call(method, target, { headers })).status;
    expect(await ask({ 'if-modified-since': told })).toBe(304);
    expect(await ask({ 'if-modified-since': new Date(Date.parse(told) + 60_000).toUTCString() })).toBe(304);
    expect(await ask({ 'if-modified-since': new Date(Date.parse(told) - 60_000).toUTCString() })).toBe(200);
    expect(await ask({ 'if-modified-since': 'yesterday' })).toBe(200);
    expect(await ask({ 'if-modified-since': told, 'if-none-match': '"other"' })).toBe(200);
  }
});

test('204 and headers that mean something pass, from the cache too; what concerns the connection or its users does not', async () => {
  const files = await upstream((request, response) => {
    response.setHeader('content-disposition', 'attachment; filename="a"').setHeader('link', '</next>; rel="next"');
    response.setHeader('set-cookie', 'session=1').setHeader('www-authenticate', 'Basic').setHeader('x-checksum-sha256', 'abc');
    response.setHeader('clear-site-data', '"*"').setHeader('content-language', 'de');
    response.writeHead(request.url === '/none' ? 204 : 200).end();
  });
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url });
  for (const [path, status] of [
    ['none', 204],
    ['some', 200],
  ] as const) {
    for (const source of ['remote', 'cache']) {
      const answer = await call('GET', `${url}/api/v1/remote/a/${path}`);
      expect([answer.status, answer.header('x-artifact-source')]).toEqual([status, source]);
      const names = [
        'content-disposition',
        'link',
        'x-checksum-sha256',
        'content-language',
        'set-cookie',
        'www-authenticate',
        'clear-site-data',
      ];
      expect(names.map((name) => answer.header(name))).toEqual([
        'attachment; filename="a"',
        '</next>; rel="next"',
        'abc',
        'de',
        null,
        null,
        null,
      ]);
    }
  }
  expect((await call('GET', `${url}/api/v2/remotes/a/objects`)).json).toMatchObject({ total: 2 });
});

test('a login page is a 502 each time and is not kept; the good copy is there again while it lasts', async () => {
  const page = (text: string) => (_request: unknown, response: ServerResponse) =>
    void response.setHeader('content-type', 'text/html; charset=utf-8').end(text);
  const login = await upstream(page('\n<!DOCTYPE html>\n<html><title>Sign in</title></html>'));
  const { url } = await registry();
  for (const [type, path] of [
    ['npm', 'lodash'],
    ['npm', 'lodash/-/lodash-1.0.0.tgz'],
    ['helm', 'index.yaml'],
    ['generic', 'tool.zip'],
    ['rpm', 'Packages/a-1.0-1.noarch.rpm'],
    ['pypi', 'packages/a-1.0-py3-none-any.whl'],
  ] as const) {
    await addRemote(url, { name: type + path.length, package_type: type, base_url: login.url });
    for (let time = 0; time < 2; time++) {
      const answer = await call('GET', `${url}/api/v1/remote/${type + path.length}/${path}`);
      expect([path, answer.status, answer.reason]).toEqual([
        path,
        502,
        expect.stringContaining(`upstream of remote "${type + path.length}" sent something other than ${JSON.stringify(path)}`),
      ]);
    }
    expect((await call('GET', `${url}/api/v2/remotes/${type + path.length}/objects`)).json).toMatchObject({ total: 0 });
  }
  await addRemote(url, { name: 'pages', base_url: login.url });
  expect((await call('GET', `${url}/api/v1/remote/pages/manual.html`)).status).toBe(200);
  await login.stop();
  let text = 'entries: {}';
  const changing = await upstream((_request, response) => response.end(text));
  await addRemote(url, { name: 'h', package_type: 'helm', base_url: changing.url, mutable_ttl: 0 });
  const good = await call('GET', `${url}/api/v1/remote/h/index.yaml`);
  text = '<html>log in</html>';
  const stale = await call('GET', `${url}/api/v1/remote/h/index.yaml`);
  expect([good.status, stale.status, stale.text, stale.header('warning')]).toEqual([200, 200, good.text, '110 - "Response is Stale"']);
});

test("an upstream's refusal of the registry's own credentials is not the client's, and Retry-After passes", async () => {
  let status = 401;
  const files = await upstream((_request, response) => {
    response.setHeader('www-authenticate', 'Basic realm="upstream"').setHeader('retry-after', '17').writeHead(status).end();
  });
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url });
  for (const [theirs, ours] of [
    [401, 502],
    [407, 502],
    [429, 429],
    [503, 502],
  ] as const) {
    status = theirs;
    for (const method of ['GET', 'HEAD']) {
      const answer = await call(method, `${url}/api/v1/remote/a/x`);
      expect([answer.status, answer.header('www-authenticate'), answer.header('retry-after')]).toEqual([ours, null, '17']);
    }
  }
});

test('links begin with the public URL, or with what a front says when it is believed', async () => {
  const package_ = (base: string) => JSON.stringify({ versions: { '1.0.0': { dist: { tarball: `${base}/pk/-/pk-1.0.0.tgz` } } } });
  const npm = await upstream((request, response) => response.end(package_(`http://${request.headers.host}`)));
  const headers = {
    'x-forwarded-proto': 'https, http',
    'x-forwarded-host': 'packages.example.com, inner.example.com',
    'x-forwarded-prefix': '/registry/',
  };
  const linkOf = async (options: Parameters<typeof registry>[0], sent: Record<string, string>) => {
    const { url } = await registry(options);
    await addRemote(url, { name: 'n', package_type: 'npm', base_url: npm.url });
    const { versions } = (await call('GET', `${url}/api/v1/remote/n/pk`, { headers: sent })).json as {
      versions: Record<string, { dist: { tarball: string } }>;
    };
    return versions['1.0.0']?.dist.tarball.replace(url, 'SELF');
  };
  const path = '/api/v1/remote/n/pk/-/pk-1.0.0.tgz';
  expect(await linkOf({}, headers)).toBe(`SELF${path}`);
  expect(await linkOf({ trustForwarded: true }, headers)).toBe(`https://packages.example.com/registry${path}`);
  expect(
    await linkOf({ trustForwarded: true }, { 'x-forwarded-proto': 'javascript', 'x-forwarded-host': 'a/b', 'x-forwarded-prefix': '/../x' }),
  ).toBe(`SELF${path}`);
  expect(await linkOf({ trustForwarded: true, publicUrl: 'https://p.example.com/x/' }, headers)).toBe(`https://p.example.com/x${path}`);
});
