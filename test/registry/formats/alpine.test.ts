import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readApk } from '../../../src/registry/formats/types/alpine/apk';
import { readIndex } from '../../../src/registry/formats/types/alpine/index-file';
import { memberAt } from '../../../src/registry/formats/types/alpine/members';
import { addRemote, addVirtual, call, cleanUp, registry, tarball, tempFolder, upstream } from '../helpers';
import { apkPackage, type GivenApk } from './apk-packages';

afterEach(cleanUp);

const bytesAt = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer());
const versionsAt = async (url: string) => (await readIndex(await bytesAt(url))).map(({ P, V }) => `${P} ${V}`);
const INDEX = 'x86_64/APKINDEX.tar.gz';

async function local(options: Parameters<typeof registry>[0] = {}) {
  const { url } = await registry(options);
  await addRemote(url, { name: 'l', package_type: 'alpine', repo_type: 'local' });
  const put = (path: string, body: Uint8Array) => call('PUT', `${url}/api/v2/remotes/l/files/${path}`, { body });
  const publish = async (given: GivenApk) => put(`x86_64/${apkPackage(given).file}`, apkPackage(given).content);
  return { url, put, publish, at: `${url}/api/v1/local/l` };
}

test('what is no package, is damaged, or is in another place than its own is refused with the reason', async () => {
  const { put } = await local();
  const { file, content } = apkPackage({ name: 'app' });
  const [noInfo, cut] = [tarball({ '.OTHER': 'x' }), content.subarray(0, content.length - 5)];
  for (const [path, body, reason] of [
    [`x86_64/${file}`, Buffer.from('content'), 'invalid file "x86_64/app-1.0-r0.apk": not an apk package: no gzip stream at byte 0'],
    [`x86_64/${file}`, noInfo, 'invalid file "x86_64/app-1.0-r0.apk": not an apk package: its control data has no .PKGINFO'],
    [`x86_64/${file}`, cut, expect.stringContaining('damaged or cut: the SHA-256 of its files is')],
    [`x86_64/${file}`, content.subarray(0, 30), expect.stringContaining('not an apk package: unexpected end of file')],
    ['x86_64/app-2.0-r0.apk', content, expect.stringContaining('it is version 1.0-r0 of app; upload it as app-1.0-r0.apk')],
    [`aarch64/${file}`, content, expect.stringContaining('it is for x86_64; upload it into the folder x86_64/')],
    [file, content, 'invalid file name: packages are kept in a folder for each architecture; upload it as, e.g., x86_64/app-1.0-r0.apk'],
    [
      'x86_64/a b-1-r0.apk',
      apkPackage({ name: 'a b', version: '1-r0' }).content,
      expect.stringContaining('invalid package name "a b" in .PKGINFO'),
    ],
    [
      'x86_64/app-1.0.apk',
      apkPackage({ name: 'app', version: '1.0' }).content,
      expect.stringContaining('invalid version "1.0" in .PKGINFO'),
    ],
  ] as const) {
    const refused = await put(path, body);
    expect([refused.status, refused.text.trim()]).toEqual([400, reason]);
  }
  expect((await put(`v3.22/main/x86_64/${file}`, content)).status).toBe(201);
});

test('an index has the packages of its folder, and is the same while they are', async () => {
  const { url, at, publish, put } = await local();
  const { file, content } = apkPackage({ name: 'any', arch: 'noarch' });
  await put(`aarch64/${file}`, content);
  expect(await versionsAt(`${at}/${INDEX}`)).toEqual([]);
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => publish({ name })));
  const first = await bytesAt(`${at}/${INDEX}`);
  expect(await versionsAt(`${at}/${INDEX}`)).toEqual(['a', 'b', 'c', 'd', 'e'].map((name) => `${name} 1.0-r0`));
  expect(first.equals(await bytesAt(`${at}/${INDEX}`))).toBe(true);
  expect(await readIndex(await bytesAt(`${at}/aarch64/APKINDEX.tar.gz`))).toMatchObject([{ P: 'any', A: 'aarch64' }]);
  await call('DELETE', `${url}/api/v2/remotes/l/files/x86_64/a-1.0-r0.apk`);
  expect(await versionsAt(`${at}/${INDEX}`)).not.toContain('a 1.0-r0');
  expect((await call('GET', `${at}/keys/other.rsa.pub`)).status).toBe(404);
});

test('an upstream adds no version to an internal package, does not stand for one, and is not asked for one', async () => {
  const up = await local();
  const evil = { name: 'evil', info: ['provides = app=9', 'provides = cmd:evil=1', 'replaces = app'] };
  for (const given of [evil, { name: 'app', version: '9.9-r0' }, { name: 'open', version: '2.0-r0' }]) await up.publish(given);
  const { url, publish } = await local();
  await publish({ name: 'app' });
  await publish({ name: 'open', version: '2.0-r0', arch: 'noarch' });
  await call('DELETE', `${url}/api/v2/remotes/l/files/x86_64/open-2.0-r0.apk`);
  await addRemote(url, { name: 'r', package_type: 'alpine', base_url: up.at });
  await addVirtual(url, { name: 'v', package_type: 'alpine', members: ['r', 'l'] });
  const v = `${url}/api/v1/virtual/v`;
  expect(await versionsAt(`${v}/${INDEX}`)).toEqual(['evil 1.0-r0', 'open 2.0-r0', 'app 1.0-r0']);
  const [entry] = await readIndex(await bytesAt(`${v}/${INDEX}`));
  expect([entry?.['p'], entry?.['r']]).toEqual(['cmd:evil=1', undefined]);
  for (const path of ['x86_64/app-9.9-r0.apk', 'x86_64/app-9.9-r0.apk/', 'x86_64/app-9.9.apk', 'y/app-9.9-r0.apk.sig'])
    expect([path, (await call('GET', `${v}/${path}`)).status]).toEqual([path, 404]);
  expect((await bytesAt(`${v}/x86_64/app-1.0-r0.apk`)).equals(apkPackage({ name: 'app' }).content)).toBe(true);
  expect((await bytesAt(`${v}/x86_64/open-2.0-r0.apk`)).equals(apkPackage({ name: 'open', version: '2.0-r0' }).content)).toBe(true);
});

test('a member whose index cannot be read is named', async () => {
  const files = await upstream((_request, response) => void response.end(tarball({ OTHER: 'x' })));
  const { url } = await local();
  await addRemote(url, { name: 'r', package_type: 'alpine', base_url: files.url });
  await addVirtual(url, { name: 'v', package_type: 'alpine', members: ['l', 'r'] });
  const answer = await call('GET', `${url}/api/v1/virtual/v/${INDEX}`);
  expect([answer.status, answer.text]).toEqual([
    502,
    'member "r" of virtual "v" failed: its APKINDEX.tar.gz cannot be merged: it has no APKINDEX\n',
  ]);
});

test.each([
  ['', 'is not a private key in PEM, as abuild-keygen and "openssl genrsa" write it'],
  ['ec', 'is a key of the type ec; apk verifies RSA only'],
  ['encrypted', 'is protected by a passphrase; remove it, e.g. with "openssl rsa"'],
])('a key that cannot sign is refused at the start, with the setting (%s)', async (kind, reason) => {
  const file = join(tempFolder(), 'a.rsa');
  const ec = ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  if (kind === '') writeFileSync(file, 'no key');
  else
    execFileSync('openssl', kind === 'ec' ? [...ec, '-out', file] : ['genrsa', '-aes128', '-passout', 'pass:x', '-out', file, '2048'], {
      stdio: 'ignore',
    });
  await expect(registry({ environment: { APK_SIGNING_KEY_PATH: file } })).rejects.toThrow(reason);
  await expect(registry({ environment: { APK_SIGNING_KEY_PATH: `${file}.none` } })).rejects.toThrow(/^APK_SIGNING_KEY_PATH: cannot read/);
  await expect(registry({ environment: { APK_SIGNING_ALGORITHM: 'DSA' } })).rejects.toThrow(
    'unknown algorithm "DSA"; expected one of RSA, RSA256',
  );
});

test('gzip streams are told apart, whatever their headers have', () => {
  const [one, two] = [gzipSync('one'), gzipSync('two')];
  const named = Buffer.concat([
    Buffer.from('1f8b081c00000000000003'.slice(0, 20), 'hex'),
    Buffer.from([3, 0, 1, 2, 3]),
    Buffer.from('name\0comment\0'),
    one.subarray(10),
  ]);
  const first = memberAt(Buffer.concat([named, two]), 0, 100);
  expect([String(first.content), first.end]).toEqual(['one', named.length]);
  expect(String(memberAt(Buffer.concat([named, two]), first.end, 100).content)).toBe('two');
  expect(() => memberAt(gzipSync(Buffer.alloc(1000)), 0, 100)).toThrow('larger than 100 bytes');
});

test('a package that is changed or cut anywhere is taken or refused with a reason, and nothing else happens', async () => {
  const { content } = apkPackage({ name: 'app', isSigned: true, info: ['depend = a'] });
  const place = fc.nat(content.length - 1);
  const outcome = (bytes: Buffer) =>
    readApk({
      size: bytes.length,
      open: ({ start, end } = { start: 0, end: bytes.length - 1 }) => Promise.resolve(Readable.from([bytes.subarray(start, end + 1)])),
    });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 4 }), fc.option(place), async (changes, end) => {
      const bytes = Buffer.from(content);
      for (const [at, byte] of changes) bytes.writeUInt8(byte, at);
      await outcome(bytes.subarray(0, end ?? content.length)).catch((cause: Error) => {
        expect(cause.message).toMatch(/^(?:not an apk package|damaged or cut|invalid (?:package name|version|architecture)) ?/);
      });
    }),
    { numRuns: 300 },
  );
  expect(await outcome(content)).toMatchObject({ P: 'app', D: 'a' });
  expect(gunzipSync(content).length).toBeGreaterThan(0);
});
