import { PACKAGE_TYPES } from '../../../src/registry/formats';
import { addRemote, call, cleanUp, registry, upstream } from '../helpers';

afterEach(cleanUp);

/** What each package type must never keep a web page as. The generic type has pages of its own. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  docker: ['library/x/manifests/latest', `library/x/manifests/sha256:${'0'.repeat(64)}`, 'library/x/tags/list'],
  helm: ['index.yaml', 'app-1.0.0.tgz', 'app-1.0.0.tgz.prov'],
  pypi: ['simple/', 'simple/pk/', 'packages/pk-1.0.zip', 'packages/pk-1.0-py3-none-any.whl.metadata'],
  npm: ['pk', '@s/pk', 'pk/1.0.0', 'pk/latest', 'pk/-/pk-1.0.0.tgz', '-/v1/search'],
  rpm: ['repodata/repomd.xml', 'repodata/repomd.xml.asc', `repodata/${'a'.repeat(64)}-primary.xml.gz`, 'Packages/a-1.0-1.noarch.rpm'],
  alpine: ['x86_64/APKINDEX.tar.gz', 'x86_64/a-1.0-r0.apk'],
  puppet: ['v3/releases', 'v3/modules/a-b', 'v3/files/a-b-1.0.0.tar.gz'],
  terraform: [
    'v1/providers/a/b/versions',
    'v1/providers/a/b/1.0.0/download/linux/amd64',
    'v1/modules/a/b/c/1.0.0/download',
    'f/terraform-provider-b_1.0.0_SHA256SUMS',
    'f/terraform-provider-b_1.0.0_SHA256SUMS.sig',
    'f/terraform-provider-b_1.0.0_linux_amd64.zip',
  ],
  goproxy: ['x.org/m/@v/list', 'x.org/m/@latest', 'x.org/m/@v/v1.0.0.info', 'x.org/m/@v/v1.0.0.mod', 'x.org/m/@v/v1.0.0.zip'],
};

test('a login page with status 200 is a 502 each time, whatever was asked for, and nothing is kept', async () => {
  const page = '<!DOCTYPE html>\n<html><body><h1>Sign in</h1><form><input name="user"></form></body></html>';
  const login = await upstream((_request, response) => response.setHeader('content-type', 'text/html').end(page));
  const { url } = await registry();
  expect(Object.keys(PATHS).sort()).toEqual(PACKAGE_TYPES.filter((type) => type !== 'generic').sort());
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
