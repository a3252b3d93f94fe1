import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { packageTypesOf } from '../../../src/registry/formats';
import { addRemote, call, cleanUp, registry, upstream } from '../helpers';

afterEach(cleanUp);

/** What each package type must never keep a web page as. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  docker: ['library/x/blobs/list', 'library/x/manifests/latest', `library/x/manifests/sha256:${'0'.repeat(64)}`, 'library/x/tags/list'],
  helm: ['index.yaml', 'app-1.0.0.tgz', 'app-1.0.0.tgz.prov'],
  pypi: ['simple/', 'simple/pk/', 'packages/pk-1.0.zip', 'packages/pk-1.0-py3-none-any.whl.metadata', 'pypi/pk/json'],
  npm: ['pk', '@s/pk', 'pk/1.0.0', 'pk/latest', 'pk/-/pk-1.0.0.tgz', '-/v1/search', 'download/@s/pk/1.0.0/pk.tgz'],
  rpm: [
    'repodata/repomd.xml',
    'repodata/repomd.xml.asc',
    `repodata/${'a'.repeat(64)}-primary.xml.zck`,
    'comps.xml',
    'Packages/a-1.0-1.noarch.rpm',
  ],
  alpine: ['x86_64/APKINDEX.tar.gz', 'x86_64/a-1.0-r0.apk'],
  puppet: ['v3/releases', 'v3/modules/a-b', 'v3/files/a-b-1.0.0.tar.gz'],
  terraform: [
    'v1/providers/a/b/versions',
    'v1/providers/a/b/1.0.0/download/linux/amd64',
    'v1/modules/a/b/c/1.0.0/download',
    'registry.example.com/a/b/index.json',
    'f/terraform-provider-b_1.0.0_SHA256SUMS',
    'f/terraform-provider-b_1.0.0_SHA256SUMS.sig',
    'f/terraform-provider-b_1.0.0_linux_amd64.zip',
  ],
  goproxy: [
    'x.org/m/@v/list',
    'x.org/m/@latest',
    'x.org/m/@v/v1.0.0.info',
    'x.org/m/@v/v1.0.0.mod',
    'x.org/m/@v/v1.0.0.zip',
    'sumdb/s.org/latest',
    'sumdb/s.org/tile/8/0/001',
  ],
  generic: ['a.json', 'f/a.tar.gz', 'f/a.7z', 'f/a.sha256', 'dists/x/InRelease', 'dists/x/Release.gpg'],
};

const PAGE = '<!DOCTYPE html>\n<html><body><h1>Sign in</h1><form><input name="user"></form></body></html>';

test.each([
  ['text/html', ''],
  ['application/octet-stream', ''],
  ['', 'gzip'],
])('a login page with status 200, of type %j and encoding %j, is a 502 each time, and nothing is kept', async (type, encoding) => {
  const login = await upstream((_request, response) => {
    if (type) response.setHeader('content-type', type);
    if (encoding) response.setHeader('content-encoding', encoding);
    response.end(encoding ? gzipSync(PAGE) : PAGE);
  });
  const { url } = await registry();
  expect(Object.keys(PATHS).sort()).toEqual([...packageTypesOf('artifactapi')].sort());
  for (const [packageType, paths] of Object.entries(PATHS)) {
    await addRemote(url, { name: packageType, package_type: packageType, base_url: login.url, mutable_ttl: 3600 });
    for (const path of paths) {
      const statuses = [];
      for (let turn = 0; turn < 2; turn++) statuses.push((await call('GET', `${url}/api/v1/remote/${packageType}/${path}`)).status);
      expect([packageType, path, statuses]).toEqual([packageType, path, [502, 502]]);
    }
    expect((await call('GET', `${url}/api/v2/remotes/${packageType}/objects`)).json).toMatchObject({ total: 0 });
  }
});

test.each(['docs/', 'docs/guide', 'docs/index.html', 'docs/v1.2'])('a page at %s of a generic remote is a page', async (path) => {
  const site = await upstream((_request, response) => response.setHeader('content-type', 'text/html').end(PAGE));
  const { url } = await registry();
  await addRemote(url, { name: 'g', base_url: site.url });
  expect((await call('GET', `${url}/api/v1/remote/g/${path}`)).text).toBe(PAGE);
});

test.each([
  ['small', 'layer', 502],
  ['large', 'x'.repeat(3 << 20), 'broken off'],
])('a %s layer of an image that has another digest is neither kept nor read to its end', async (_size, layer, outcome) => {
  const one = await upstream((_request, response) => response.end(layer));
  const { url } = await registry();
  await addRemote(url, { name: 'd', package_type: 'docker', base_url: one.url });
  const blob = (digest: string) => call('GET', `${url}/api/v1/remote/d/library/x/blobs/sha256:${digest}`);
  const status = await blob('0'.repeat(64)).then(
    (answer) => answer.status,
    () => 'broken off',
  );
  expect(status).toBe(outcome);
  expect((await call('GET', `${url}/api/v2/remotes/d/objects`)).json).toMatchObject({ total: 0 });
  expect((await blob(createHash('sha256').update(layer).digest('hex'))).text).toBe(layer);
});
