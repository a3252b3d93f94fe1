import fc from 'fast-check';
import { formatOf, PACKAGE_TYPES } from '../../../src/registry/formats';
import { decide } from '../../../src/registry/proxy/access';
import { unsetRemoteSettings } from '../../../src/registry/store/remote-settings';
import { type Remote } from '../../../src/registry/store/repositories';

const base: Remote = {
  ...unsetRemoteSettings,
  name: 'r',
  repo_type: 'remote',
  package_type: 'generic',
  base_url: 'http://x',
  created_at: '',
  updated_at: '',
};

// Patterns that RE2 and JavaScript read alike, so that the language's own engine can be the judge.
const piece = fc.constantFrom('a', 'b', 'c', '.', '/', 'a.c', '[ab]', 'b+', 'tgz');
const pattern = fc
  .tuple(fc.boolean(), fc.array(piece, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([start, pieces, end]) => `${start ? '^' : ''}${pieces.join('')}${end ? '$' : ''}`);
const patterns = fc.array(pattern, { maxLength: 3 });
const path = fc.array(fc.constantFrom('a', 'b', 'c', '/', '.', '.tgz', '@v/list'), { maxLength: 6 }).map((parts) => parts.join(''));

test('for every remote and path: block before allow before mutable before immutable before the type', () => {
  const fields = { blocklist: patterns, patterns, mutable_patterns: patterns, immutable_patterns: patterns };
  fc.assert(
    fc.property(fc.record(fields), path, fc.constantFrom(...PACKAGE_TYPES), (given, asked, packageType) => {
      const found = (list: readonly string[]) => list.some((text) => new RegExp(text).test(asked));
      const format = formatOf(packageType);
      const decision = decide({ ...base, ...given, package_type: packageType }, format, asked);
      if (found(given.blocklist)) expect(decision).toEqual({ denied: `path ${JSON.stringify(asked)} is blocked on remote "r"` });
      else if (given.patterns.length > 0 && !found(given.patterns)) {
        expect(decision).toEqual({ denied: `path ${JSON.stringify(asked)} is not allowed on remote "r"` });
      } else if (found(given.mutable_patterns)) expect(decision).toEqual({ mutability: 'mutable' });
      else if (found(given.immutable_patterns)) expect(decision).toEqual({ mutability: 'immutable' });
      else expect(decision).toEqual({ mutability: format.classify(asked) });
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['generic', 'a/b.tar.gz', 'immutable'],
  ['generic', 'index.html', 'immutable'],
  ['docker', 'library/x/manifests/latest', 'mutable'],
  ['docker', 'library/x/tags/list', 'mutable'],
  ['docker', 'library/x/manifests/sha256:00', 'immutable'],
  ['docker', 'library/x/blobs/sha256:00', 'immutable'],
  ['helm', 'index.yaml', 'mutable'],
  ['helm', 'charts/x-1.0.0.tgz', 'immutable'],
  ['pypi', 'simple/requests/', 'mutable'],
  ['pypi', 'packages/requests-1.0-py3-none-any.whl', 'immutable'],
  ['pypi', 'packages/requests-1.0.tar.gz', 'immutable'],
  ['npm', '@scope/name', 'mutable'],
  ['npm', 'name/-/name-1.0.0.tgz', 'immutable'],
  ['rpm', 'repodata/repomd.xml', 'mutable'],
  ['rpm', 'repodata/primary.xml.gz', 'mutable'],
  ['rpm', 'Packages/x.rpm', 'immutable'],
  ['alpine', 'x86_64/APKINDEX.tar.gz', 'mutable'],
  ['alpine', 'x86_64/x.apk', 'immutable'],
  ['puppet', 'v3/modules/a-b', 'mutable'],
  ['puppet', 'v3/releases?module=a-b', 'mutable'],
  ['puppet', 'v3/files/a-b-1.0.0.tar.gz', 'immutable'],
  ['terraform', 'v1/providers/a/b/versions', 'mutable'],
  // What tells where a version is may tell another address tomorrow; the seed's table means the file.
  ['terraform', 'v1/providers/a/b/1.0.0/download/linux/amd64', 'mutable'],
  ['terraform', 'v1/providers/a/b/1.0.0/download/linux/amd64/terraform-provider-b_1.0.0_linux_amd64.zip', 'immutable'],
  ['goproxy', 'x.org/m/@v/list', 'mutable'],
  ['goproxy', 'x.org/m/@latest', 'mutable'],
  ['goproxy', 'x.org/m/@v/v1.0.0.info', 'immutable'],
  ['goproxy', 'x.org/m/@v/v1.0.0.mod', 'immutable'],
  ['goproxy', 'x.org/m/@v/v1.0.0.zip', 'immutable'],
])('%s: %s is %s', (packageType, asked, mutability) => {
  expect(decide({ ...base, package_type: packageType }, formatOf(packageType), asked)).toEqual({ mutability });
});

test('a banned tag is refused, a digest never is', () => {
  const remote = { ...base, package_type: 'docker', ban_tags_enabled: true, ban_tags: ['^latest$', 'sha256'] };
  expect(decide(remote, formatOf('docker'), 'x/manifests/latest')).toEqual({ denied: 'tag "latest" is banned on remote "r"' });
  expect(decide(remote, formatOf('docker'), 'x/manifests/1.0')).toEqual({ mutability: 'mutable' });
  expect(decide(remote, formatOf('docker'), 'x/manifests/sha256:00')).toEqual({ mutability: 'immutable' });
  expect(decide({ ...remote, ban_tags_enabled: false }, formatOf('docker'), 'x/manifests/latest')).toEqual({ mutability: 'mutable' });
});
