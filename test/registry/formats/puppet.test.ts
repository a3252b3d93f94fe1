import fc from 'fast-check';
import { canonical, readPath } from '../../../src/registry/formats/types/puppet/paths';
import { addRemote, addVirtual, call, cleanUp, registry, tarball, upstream } from '../helpers';

afterEach(cleanUp);

const archive = (metadata: unknown, folder = 'acme-ntp-1.0.0'): Buffer =>
  tarball({ [`${folder}/metadata.json`]: JSON.stringify(metadata) });
const metadataOf = (version: string, more = {}) => ({ name: 'acme-ntp', version, ...more });

async function local(): Promise<{ readonly url: string; readonly root: string }> {
  const { url } = await registry();
  await addRemote(url, { name: 'l', package_type: 'puppet', repo_type: 'local' });
  return { url, root: `${url}/api/v1/local/l/v3` };
}

describe('publishing', () => {
  test.each([
    ['as pdk sends it', (body: Buffer) => ({ body: { file: body.toString('base64') }, headers: { 'content-type': 'application/json' } })],
    ['as it is', (body: Buffer) => ({ body, headers: { 'content-type': 'application/gzip' } })],
  ])('an archive %s stores it where its metadata says, once', async (_how, sent) => {
    const { root } = await local();
    const content = archive(metadataOf('1.2.3', { summary: 'Time', tags: ['ntp'] }));
    const published = await call('POST', `${root}/releases`, sent(content));
    expect(published.status).toBe(201);
    expect(published.json).toMatchObject({
      slug: 'acme-ntp-1.2.3',
      file_uri: '/v3/files/acme-ntp-1.2.3.tar.gz',
      file_size: content.length,
      tags: ['ntp'],
    });
    expect((await call('POST', `${root}/releases`, sent(content))).status).toBe(409);
    expect((await call('GET', `${root}/modules/acme-ntp`)).json).toMatchObject({
      owner: { username: 'acme' },
      current_release: { version: '1.2.3', metadata: { summary: 'Time' } },
      releases: [{ version: '1.2.3' }],
    });
    expect((await call('DELETE', `${root}/releases/acme-ntp-1.2.3`)).status).toBe(204);
    expect((await call('GET', `${root}/releases/acme-ntp-1.2.3`)).json).toEqual({
      message: 'version 1.2.3 of the module acme-ntp is not in "l"',
      errors: ['version 1.2.3 of the module acme-ntp is not in "l"'],
    });
  });

  test.each([
    ['no archive', Buffer.from('x'), /not the archive of a module/],
    ['no metadata', tarball({ 'acme-ntp-1.0.0/README.md': '' }), /no metadata\.json in the folder that a module is in/],
    ['metadata that is no JSON', tarball({ 'acme-ntp-1.0.0/metadata.json': '{' }), /not the metadata\.json of a module/],
    ['no name', archive({ version: '1.0.0' }), /the name in its metadata\.json is undefined/],
    ['a name with a path', archive({ name: '../x-y', version: '1.0.0' }), /the name in its metadata\.json is "\.\.\/x-y"/],
    ['a version that is none', archive({ name: 'acme-ntp', version: 'latest' }), /the version in its metadata\.json is "latest"/],
    ['a link', tarball({ 'a/metadata.json': '{}', 'b/metadata.json': '{}' }), /more than one/],
  ])('%s is refused, and nothing is kept', async (_what, body, reason) => {
    const { url, root } = await local();
    const refusals = [
      await call('POST', `${root}/releases`, { body, headers: { 'content-type': 'application/gzip' } }),
      await call('PUT', `${url}/api/v2/remotes/l/files/v3/files/acme-ntp-1.0.0.tar.gz`, { body }),
    ];
    for (const refusal of refusals) expect([refusal.status, refusal.reason]).toEqual([400, expect.stringMatching(reason)]);
    expect((await call('GET', `${root}/releases`)).json).toMatchObject({ pagination: { total: 0 }, results: [] });
  });

  test('an archive under the name of another release, or in another place, is refused', async () => {
    const { url } = await local();
    const put = (path: string) => call('PUT', `${url}/api/v2/remotes/l/files/${path}`, { body: archive(metadataOf('1.0.0')) });
    expect((await put('v3/files/acme-ntp-2.0.0.tar.gz')).reason).toContain('upload it as v3/files/acme-ntp-1.0.0.tar.gz');
    expect((await put('v3/modules/acme-ntp')).reason).toContain('upload it as v3/files/OWNER-NAME-VERSION.tar.gz');
    expect((await put('acme-ntp-1.0.0.tar.gz')).status).toBe(201);
    expect((await call('GET', `${url}/api/v1/local/l/v3/files/acme-ntp-1.0.0.tar.gz`)).status).toBe(200);
  });
});

test('lists have pages that together are everything, in the order of versions', async () => {
  const { root } = await local();
  const versions = ['1.0.0', '1.10.0', '1.9.0', '2.0.0-rc1', '1.2.0'];
  for (const version of versions)
    await call('POST', `${root}/releases`, { body: archive(metadataOf(version)), headers: { 'content-type': 'application/gzip' } });
  const found: string[] = [];
  for (let next: string | null = '/v3/releases?module=acme-ntp&limit=2&exclude_fields=readme,metadata'; next !== null;) {
    const { json } = await call('GET', `${root.replace(/\/v3$/, '')}${next}`);
    const page = json as { pagination: { next: string | null; total: number }; results: { version: string; metadata?: unknown }[] };
    expect([page.pagination.total, page.results.some(({ metadata }) => metadata !== undefined)]).toEqual([5, false]);
    found.push(...page.results.map(({ version }) => version));
    next = page.pagination.next;
  }
  expect(found).toEqual(['1.10.0', '1.9.0', '1.2.0', '1.0.0', '2.0.0-rc1']);
  expect((await call('GET', `${root}/releases?limit=x`)).reason).toBe('limit is not a whole number: "x"');
});

test('archives that an upstream has elsewhere are fetched from there, under the path of this registry', async () => {
  const content = archive(metadataOf('1.0.0'));
  const files = await upstream((request, response) => response.writeHead(request.url === '/blobs/7' ? 200 : 404).end(content));
  const forge = await upstream((_request, response) => {
    const release = { slug: 'acme-ntp-1.0.0', version: '1.0.0', file_uri: `${files.url}/blobs/7` };
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ ...release, results: [release], current_release: release }));
  });
  const { url } = await registry();
  await addRemote(url, { name: 'forge', package_type: 'puppet', base_url: forge.url });
  await addVirtual(url, { name: 'all', package_type: 'puppet', members: ['forge'] });
  for (const root of [`${url}/api/v1/remote/forge`, `${url}/api/v1/virtual/all`]) {
    const { json } = await call('GET', `${root}/v3/releases/acme-ntp-1.0.0`);
    expect(json).toMatchObject({ file_uri: '/v3/files/acme-ntp-1.0.0.tar.gz' });
    expect((await call('GET', `${root}/v3/files/acme-ntp-1.0.0.tar.gz`)).status).toBe(200);
  }
});

test('an upstream that answers with a page, or with what nobody could read, is a failure of it', async () => {
  for (const body of ['<html>', '[]', `{"current_release":${'{"current_release":'.repeat(50_000)}1${'}'.repeat(50_000)}}`]) {
    const forge = await upstream((_request, response) => response.setHeader('content-type', 'application/json').end(body));
    const { url } = await registry();
    await addRemote(url, { name: 'forge', package_type: 'puppet', base_url: forge.url });
    expect((await call('GET', `${url}/api/v1/remote/forge/v3/modules/acme-ntp`)).status).toBe(502);
    expect((await call('GET', `${url}/api/v2/remotes`)).status).toBe(200);
  }
});

test('a path has one meaning, in whichever case it is written', () => {
  const names = fc.stringMatching(/^[a-z0-9]{1,8}-[a-z]\w{0,8}$/);
  const versions = fc.stringMatching(/^\d\.\d{1,2}\.\d(?:-[a-zA-Z]{1,4}\d?)?$/).filter((version) => !/\.0\d/.test(version));
  fc.assert(
    fc.property(names, versions, fc.constantFrom('modules', 'releases', 'files'), (slug, version, kind) => {
      const path = (name: string) => `v3/${kind}/${name}${kind === 'modules' ? '' : `-${version}`}${kind === 'files' ? '.tar.gz' : ''}`;
      expect(canonical(path(slug.toUpperCase()))).toBe(path(slug.toLowerCase()));
      expect(readPath(canonical(path(slug)))).toMatchObject({ owner: slug.split('-')[0], name: slug.split('-')[1]?.toLowerCase() });
    }),
  );
});

test('a page of an upstream has no more results in a virtual than it says itself, or than a Forge allows', async () => {
  const results = Array.from({ length: 500 }, (_, index) => ({ slug: `acme-m${index}-1.0.0` }));
  let limit: unknown = 20;
  const forge = await upstream((_request, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ pagination: { limit, offset: 0, total: 500 }, results })),
  );
  const { url } = await registry();
  await addRemote(url, { name: 'forge', package_type: 'puppet', base_url: forge.url, mutable_ttl: 0 });
  await addVirtual(url, { name: 'all', package_type: 'puppet', members: ['forge'] });
  for (const [said, count] of [
    [20, 20],
    [1e9, 100],
    ['x', 100],
  ] as const) {
    limit = said;
    const { json } = await call('GET', `${url}/api/v1/virtual/all/v3/releases?limit=20&said=${said}`);
    expect((json as { results: unknown[] }).results).toEqual(results.slice(0, count).map(({ slug }) => ({ slug })));
  }
});
