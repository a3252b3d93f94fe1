import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageVersion } from '../../../constructs/base/package';
import { addressText, parseAddress } from '../../../constructs/provider/address';
import { bundleOf, packageHash } from '../../../constructs/provider/bundle';
import { ownPackage } from '../../../constructs/provider/provider-package';
import { installLocally } from '../../../constructs/provider/install-locally';
import { executionProblem } from '../../../constructs/provider/files';
import { defaultPlatforms, hostPlatform } from '../../../constructs/provider/platforms';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'repoform-root-'));
  folder = join(root, 'stack');
  mkdirSync(join(root, 'dist/provider'), { recursive: true });
  writeFileSync(join(root, 'dist/provider/terraform-provider-artifactapi'), '#!/bin/sh\nexit 0\n', { mode: 0o644 });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const version = packageVersion();
const place = (platform: string): string =>
  join(folder, `terraform.d/plugins/example.com/acme/artifactapi/${version}/${platform}/terraform-provider-artifactapi_v${version}`);
const lay = (): string | undefined =>
  installLocally({
    folder,
    bundle: bundleOf(ownPackage('artifactapi', () => root)),
    address: parseAddress('example.com/acme/artifactapi'),
    platforms: ['linux_amd64', 'linux_arm64'],
    others: [],
  });

test('the executable is laid down for each platform and can be run', () => {
  lay();
  for (const platform of ['linux_amd64', 'linux_arm64']) {
    expect(readFileSync(place(platform), 'utf8')).toBe('#!/bin/sh\nexit 0\n');
    expect(statSync(place(platform)).mode & 0o777).toBe(0o755);
  }
  expect(readFileSync(join(folder, '.terraform.lock.hcl'), 'utf8')).toContain(
    `provider "example.com/acme/artifactapi" {\n  version     = "${version}"`,
  );
});

test('a file that the system refuses to run is told of, one that it runs is not', () => {
  expect(lay()).toBeUndefined();
  // Where a file system keeps no modes, or is mounted noexec, access(2) answers the same.
  chmodSync(place('linux_amd64'), 0o644);
  expect(executionProblem(place('linux_amd64'))).toBe(
    `${place('linux_amd64')} cannot be run there: the file system is mounted noexec or does not keep file modes, so Terraform will fail with "permission denied"`,
  );
});

test('what is there already is not written again', () => {
  lay();
  const before = statSync(place('linux_amd64')).ino;
  lay();
  expect(statSync(place('linux_amd64')).ino).toBe(before);
});

test('a damaged or changed executable is replaced', () => {
  lay();
  rmSync(place('linux_arm64'));
  writeFileSync(place('linux_arm64'), 'broken');
  chmodSync(place('linux_amd64'), 0o600);
  lay();
  expect(readFileSync(place('linux_arm64'), 'utf8')).toBe('#!/bin/sh\nexit 0\n');
  expect(statSync(place('linux_amd64')).mode & 0o777).toBe(0o755);
});

test('the bundle itself is neither changed nor linked to', () => {
  lay();
  const source = statSync(join(root, 'dist/provider/terraform-provider-artifactapi'));
  expect(source.nlink).toBe(1);
  expect(source.mode & 0o777).toBe(0o644);
});

test('a bundle that was built anew is read anew', () => {
  const first = bundleOf(ownPackage('artifactapi', () => root)).hash;
  rmSync(join(root, 'dist/provider/terraform-provider-artifactapi'));
  writeFileSync(join(root, 'dist/provider/terraform-provider-artifactapi'), 'another build');
  expect(bundleOf(ownPackage('artifactapi', () => root)).hash).not.toBe(first);
});

test('a missing bundle says what to do', () => {
  expect(() => bundleOf(ownPackage('nothing', () => root))).toThrow(
    `the provider executable ${join(root, 'dist/provider/terraform-provider-nothing')} is missing; in the source tree of repoform run "npm run build", else install the package again`,
  );
  expect(existsSync(folder)).toBe(false);
});

test('the hash is the one Terraform computes', () => {
  // Taken from a lock file that `terraform init` wrote for a provider of this content.
  expect(packageHash('terraform-provider-artifactapi_v0.1.0', Buffer.from('#!/bin/sh\nexit 1\n'))).toBe(
    'h1:ISAJ1LIc2I8j0B4G5y/kv6VqkUMIffyaJ33XgrcLmw0=',
  );
});

test('platforms by default are this machine and Linux, each once', () => {
  expect(defaultPlatforms()).toEqual([...new Set([hostPlatform(), 'linux_amd64', 'linux_arm64'])]);
});

const sources: readonly (readonly [string, string | undefined])[] = [
  ['acme/artifactapi', 'registry.terraform.io/acme/artifactapi'],
  ['example.com:8443/acme/artifactapi', 'example.com:8443/acme/artifactapi'],
  ['artifactapi', undefined],
  ['a/b/c/d', undefined],
  ['../x/y', undefined],
];

test.each(sources)('the source %s', (source, full) => {
  if (full === undefined) expect(() => parseAddress(source)).toThrow(`"${source}" is not a provider source address`);
  else expect(addressText(parseAddress(source))).toBe(full);
});
