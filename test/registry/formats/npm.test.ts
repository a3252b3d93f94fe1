import { addRemote, addVirtual, call, cleanUp, registry, upstream } from '../helpers';

afterEach(cleanUp);

/** An npm upstream that has some versions of one package, and their tarballs. */
function npmUpstream(versions: string[], latest: string) {
  return upstream((request, response) => {
    const root = `http://${request.headers.host}`;
    const path = decodeURIComponent(request.url ?? '');
    if (path.endsWith('.tgz')) return void response.end(`tarball at ${root}${path}`);
    if (path !== '/@s/pkg') return void response.writeHead(404).end();
    const entries = versions.map((version) => [version, { version, dist: { tarball: `${root}/@s/pkg/-/pkg-${version}.tgz` } }] as const);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ name: '@s/pkg', 'dist-tags': { latest }, versions: Object.fromEntries(entries) }));
  });
}

const tarballs = (json: unknown) =>
  Object.values((json as { versions: Record<string, { dist: { tarball: string } }> }).versions).map((version) => version.dist.tarball);

test('the tarball links of a remote lead through the registry, and not in the strict mode', async () => {
  const one = await npmUpstream(['1.0.0'], '1.0.0');
  for (const strict of [false, true]) {
    const { url } = await registry({ strict });
    await addRemote(url, { name: 'n', package_type: 'npm', base_url: one.url });
    const first = await call('GET', `${url}/api/v1/remote/n/@s%2fpkg`);
    expect(first.header('x-artifact-source')).toBe('remote');
    const root = strict ? `${one.url}/` : `${url}/api/v1/remote/n/`;
    expect(tarballs(first.json)).toEqual([`${root}@s/pkg/-/pkg-1.0.0.tgz`]);
    expect((await call('GET', `${url}/api/v1/remote/n/@s/pkg`)).header('x-artifact-source')).toBe('cache');
  }
});

test('full and abbreviated metadata are cached apart', async () => {
  const one = await upstream((request, response) => response.end(JSON.stringify({ name: request.headers.accept })));
  const { url } = await registry();
  await addRemote(url, { name: 'n', package_type: 'npm', base_url: one.url });
  const ask = async (accept: string) => (await call('GET', `${url}/api/v1/remote/n/pkg`, { headers: { accept } })).json;
  const short = 'application/vnd.npm.install-v1+json';
  expect([await ask(short), await ask('*/*'), await ask(short)]).toEqual([{ name: short }, { name: '*/*' }, { name: short }]);
  expect(one.requests).toHaveLength(2);
});

test('a virtual merges packages, the first member winning, and serves their tarballs', async () => {
  const one = await npmUpstream(['1.0.0', '1.1.0'], '1.1.0');
  const two = await npmUpstream(['1.0.0', '2.0.0'], '2.0.0');
  const { url } = await registry();
  await addRemote(url, { name: 'one', package_type: 'npm', base_url: one.url });
  await addRemote(url, { name: 'two', package_type: 'npm', base_url: two.url, blocklist: ['1\\.0\\.0'] });
  await addVirtual(url, { name: 'v', package_type: 'npm', members: ['one', 'two'] });
  const merged = await call('GET', `${url}/api/v1/virtual/v/@s%2fpkg`);
  expect(merged.json).toMatchObject({ name: '@s/pkg', 'dist-tags': { latest: '1.1.0' } });
  const prefix = `${url}/api/v1/virtual/v/@s/pkg/-/pkg-`;
  expect(tarballs(merged.json).sort()).toEqual(['1.0.0', '1.1.0', '2.0.0'].map((version) => `${prefix}${version}.tgz`));
  expect((await call('GET', `${prefix}1.0.0.tgz`)).text).toBe(`tarball at ${one.url}/@s/pkg/-/pkg-1.0.0.tgz`);
  expect((await call('GET', `${url}/api/v1/virtual/v/none`)).status).toBe(404);
});

test('in the strict mode a virtual of npm repositories has no index', async () => {
  const one = await npmUpstream(['1.0.0'], '1.0.0');
  const { url } = await registry({ strict: true });
  await addRemote(url, { name: 'one', package_type: 'npm', base_url: one.url });
  await addVirtual(url, { name: 'v', package_type: 'npm', members: ['one'] });
  expect((await call('GET', `${url}/api/v1/virtual/v/@s%2fpkg`)).status).toBe(404);
});
