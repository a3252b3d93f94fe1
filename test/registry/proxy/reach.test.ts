import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Fetcher } from '../../../src/registry/backends/kubesphere/index/fetch';
import { isPublic, Reach, type Resolve } from '../../../src/registry/proxy/reach';
import { Upstream } from '../../../src/registry/proxy/upstream';
import { Secret } from '../../../src/registry/store/secret';
import { addRemote, afterwards, call, cleanUp, registry, upstream } from '../helpers';

const before = { ...process.env };

afterEach(async () => {
  await cleanUp();
  for (const name of ['http_proxy', 'no_proxy']) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

// RFC 6890 and its successors, not the list of the code.
test.each([
  ['8.8.8.8', true],
  ['172.32.0.1', true],
  ['2001:4860:4860::8888', true],
  ['::ffff:8.8.8.8', true],
  ['64:ff9b::808:808', true],
  ['2002:808:808::1', true],
  ['0.0.0.0', false],
  ['10.1.2.3', false],
  ['100.127.255.255', false],
  ['127.8.9.10', false],
  ['169.254.169.254', false],
  ['172.31.255.255', false],
  ['192.168.0.1', false],
  ['224.0.0.251', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', false],
  ['::7f00:1', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:a9fe:a9fe', false],
  ['64:ff9b::a9fe:a9fe', false],
  ['64:ff9b::10.0.0.1', false],
  ['2002:7f00:1::', false],
  ['2002:a00::1', false],
  ['fd00:ec2::254', false],
  ['fe80::1%eth0', false],
  ['ff02::1', false],
  ['localhost', false],
])('%s is public: %s', (address, expected) => expect(isPublic(address)).toBe(expected));

/** What stands for the internet: a proxy that answers for the hosts of it, beside this machine, which is reached directly. */
async function internet(
  answers: Readonly<Record<string, (location: string) => { status: number; headers: Record<string, string>; body?: string }>>,
) {
  const inner = await upstream((_request, response) => response.end('secret of this machine'));
  const { port } = inner.server.address() as AddressInfo;
  const proxy = createServer((request, response) => {
    const { host, pathname } = new URL(request.url ?? '');
    const { status, headers, body } = answers[pathname]?.(`http://${host}`) ?? { status: 404, headers: {} };
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  afterwards(() => void proxy.close());
  process.env['http_proxy'] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  process.env['no_proxy'] = '127.0.0.1,[::1],localhost,named.example';
  return { inner, port };
}

const REFUSED = /leads to "[^"]+", whose address is private; if that is right, name the host with --internal-hosts/;

test.each(['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '0.0.0.0', 'localhost.', 'a.localhost'])(
  'an upstream of the internet does not lead to %s by a redirect',
  async (host) => {
    const { inner, port } = await internet({ '/x': () => ({ status: 302, headers: { location: `http://${host}:${port}/secret` } }) });
    const { url } = await registry();
    await addRemote(url, { name: 'a', base_url: 'http://files.example' });
    const answer = await call('GET', `${url}/api/v1/remote/a/x`);
    expect([answer.status, answer.reason]).toEqual([502, expect.stringMatching(REFUSED)]);
    expect(inner.requests).toEqual([]);
  },
);

test('it does not lead there as the place of tokens, nor in an index', async () => {
  let port = 0;
  const net = await internet({
    '/v2/app/manifests/1': () => ({
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="http://127.0.0.1:${port}/token",service="x"` },
    }),
    '/left': (origin) => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'left',
        'dist-tags': { latest: '1.0.0' },
        versions: {
          '1.0.0': { name: 'left', version: '1.0.0', dist: { tarball: `http://127.0.0.1:${port}/left-1.0.0.tgz`, shasum: 'a'.repeat(40) } },
        },
        origin,
      }),
    }),
  });
  port = net.port;
  const { url } = await registry();
  await addRemote(url, { name: 'images', package_type: 'docker', base_url: 'http://images.example' });
  await addRemote(url, { name: 'npm', package_type: 'npm', base_url: 'http://npm.example' });
  expect((await call('GET', `${url}/v2/images/app/manifests/1`)).text).toMatch(/whose address is private/);
  const document = (await call('GET', `${url}/api/v1/remote/npm/left`)).json as { versions: Record<string, { dist: { tarball: string } }> };
  const tarball = await call('GET', document.versions['1.0.0']?.dist.tarball ?? '');
  expect([tarball.status, tarball.text]).toEqual([502, expect.stringMatching(/whose address is private/)]);
  expect(net.inner.requests).toEqual([]);
});

test('hosts that are named may be led to, and a strict registry follows as a real one does', async () => {
  const { port } = await internet({ '/x': () => ({ status: 302, headers: { location: `http://127.0.0.1:${port}/secret` } }) });
  for (const options of [{ internalHosts: ['other.example', '127.0.0.1'] }, { strict: true }]) {
    const { url } = await registry(options);
    await addRemote(url, { name: 'a', base_url: 'http://files.example' });
    expect((await call('GET', `${url}/api/v1/remote/a/x`)).text).toBe('secret of this machine');
  }
});

/** Asks for a redirect from a host of the internet to a name. */
async function redirected(resolve: Resolve) {
  const { inner, port } = await internet({ '/x': () => ({ status: 302, headers: { location: `http://named.example:${port}/secret` } }) });
  const asking = new Upstream({ reach: new Reach({ resolve }) });
  afterwards(() => asking.close());
  const remote = { name: 'a', base_url: 'http://files.example', username: '', password: new Secret(''), updated_at: '' };
  const answer = asking.send({ remote, url: 'http://files.example/x', method: 'GET', accept: '*/*', admit: () => undefined });
  return { inner, answer };
}

test('what counts is the address that a name has when it is connected to', async () => {
  const asked: string[] = [];
  // As a server of names does whose owner wants to get past a check that is made before.
  const { inner, answer } = await redirected((name) => {
    asked.push(name);
    return Promise.resolve([{ address: asked.length > 1 ? '127.0.0.1' : '198.51.100.7', family: 4 }]);
  });
  await expect(answer).rejects.toThrow(/leads to "named.example", whose address is private/);
  expect([asked, inner.requests]).toEqual([['files.example', 'named.example'], []]);
});

test('a host of a private network leads anywhere', async () => {
  const addresses: Record<string, string> = { 'files.example': '10.0.0.1' };
  const { answer } = await redirected((name) => Promise.resolve([{ address: addresses[name] ?? '127.0.0.1', family: 4 }]));
  // That name is known to the test alone.
  await expect(answer).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
});

test('a host that has answered at a public address stays one of the internet', async () => {
  const reach = new Reach({ resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]) });
  const [home, told] = [new URL('http://files.example'), new URL('http://127.0.0.1:1')];
  expect(await reach.isFree(home, told)).toBe(true);
  reach.saw(home, '198.51.100.7');
  await expect(reach.isFree(home, told)).rejects.toThrow(/private/);
});

test('chart repositories of KubeSphere do not lead there either', async () => {
  const inner = await upstream((_request, response) => response.end('secret of this machine'));
  const charts = await upstream((_request, response) => response.writeHead(302, { location: inner.url }).end());
  const { port } = charts.server.address() as AddressInfo;
  const reach = new Reach({ resolve: () => Promise.resolve([{ address: '198.51.100.7', family: 4 }]) });
  const asked = new Fetcher(1000, reach).get(`http://localhost:${port}/index.yaml`);
  await expect(asked).rejects.toThrow(/leads to "127.0.0.1:\d+", whose address is private/);
  expect(inner.requests).toEqual([]);
  expect((await new Fetcher(1000, new Reach()).get(`http://localhost:${port}/index.yaml`)).body.toString()).toBe('secret of this machine');
});
