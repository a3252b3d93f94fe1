import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Testing, TerraformStack } from 'cdktf';
import { ArtifactapiProvider, LocalAlpine, RemoteAlpine, Virtual } from '../../constructs/artifactapi';
import { apkPackage, type GivenApk } from '../registry/formats/apk-packages';
import { addRemote, addVirtual, call, cleanUp, registry, tempFolder } from '../registry/helpers';
import { apkMirror } from './apk-mirror';
import { describeClient, type Run } from './support';

afterEach(cleanUp);

type Options = Parameters<typeof registry>[0];

/** A registry with a local of packages. */
async function localWith(packages: readonly GivenApk[], options: Options = {}): Promise<string> {
  const { url } = await registry(options);
  await addRemote(url, { name: 'l', package_type: 'alpine', repo_type: 'local' });
  for (const given of packages) {
    const { file, content } = apkPackage(given);
    const answer = await call('PUT', `${url}/api/v2/remotes/l/files/x86_64/${file}`, { body: content });
    expect([file, answer.status, answer.status === 201 ? '' : answer.text]).toEqual([file, 201, '']);
  }
  return url;
}

/** The public key of a repository, under the name that clients know it by. */
async function keyOf(repository: string): Promise<string> {
  const answer = await fetch(`${repository}/keys/apk.rsa.pub`);
  const [, name = ''] = /filename="(.*)"/.exec(answer.headers.get('content-disposition') ?? '') ?? [];
  const file = join(tempFolder(), name);
  writeFileSync(file, await answer.text());
  return file;
}

/** What the constructs give for a local, a remote and a virtual: lines of `/etc/apk/repositories`. */
function repositories(endpoint: string): readonly string[] {
  const stack = new TerraformStack(Testing.app(), 's');
  new ArtifactapiProvider(stack, 'artifactapi', { endpoint });
  return [
    new LocalAlpine(stack, 'local', { name: 'l' }),
    new RemoteAlpine(stack, 'remote', { name: 'r', baseUrl: 'https://alpine.example.com' }),
    new Virtual(stack, 'virtual', { name: 'v', packageType: 'alpine', members: ['r', 'l'] }),
  ].map((repository) => repository.clientConfig().trim());
}

interface Found {
  readonly listed: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly installed: Readonly<Record<string, string>>;
}

// There is no apk for this system: this is go-apk, by which container images of Alpine packages are built.
describeClient('apk-reader', (reader) => {
  async function installed(repository: string, key: string, ...packages: string[]): Promise<Found & { root: string }> {
    const root = tempFolder();
    return { ...(JSON.parse(await reader([root, repository, 'x86_64', key, ...packages])) as Found), root };
  }

  test('go-apk installs from a local, a remote and a virtual, verifies their indexes, and an internal package stays one', async () => {
    const up = await localWith([
      { name: 'open', version: '3.0-r0', info: ['depend = acme'] },
      { name: 'acme', version: '9.9-r0' },
    ]);
    const url = await localWith([{ name: 'acme', version: '1.0-r0' }]);
    await addRemote(url, { name: 'r', package_type: 'alpine', base_url: `${up}/api/v1/local/l` });
    await addVirtual(url, { name: 'v', package_type: 'alpine', members: ['r', 'l'] });
    const [local = '', remote = '', virtual = ''] = repositories(url);
    const [ours, theirs] = [await keyOf(local), await keyOf(`${up}/api/v1/local/l`)];
    const own = await installed(local, ours, 'acme');
    expect(own.installed).toEqual({ acme: '1.0-r0' });
    expect(readFileSync(join(own.root, 'etc/acme'), 'utf8')).toBe('1.0-r0');
    expect((await installed(remote, theirs, 'open')).installed).toEqual({ acme: '9.9-r0', open: '3.0-r0' });
    const all = await installed(virtual, ours, 'open');
    expect([all.installed, Object.keys(all.listed).sort()]).toEqual([{ acme: '1.0-r0', open: '3.0-r0' }, ['acme 1.0-r0', 'open 3.0-r0']]);
    expect(readFileSync(join(all.root, 'etc/acme'), 'utf8')).toBe('1.0-r0');
    await expect(installed(virtual, theirs, 'open')).rejects.toThrow('no key found to verify signature');
    // A version that is published later is there at once.
    const next = apkPackage({ name: 'acme', version: '1.1-r0' });
    await call('PUT', `${url}/api/v2/remotes/l/files/x86_64/${next.file}`, { body: next.content });
    expect((await installed(virtual, ours, 'open')).installed['acme']).toBe('1.1-r0');
  });

  test('go-apk installs through a remote of a mirror whose index has every field that is documented', async () => {
    const mirror = await apkMirror();
    const { url } = await registry();
    await addRemote(url, { name: 'r', package_type: 'alpine', base_url: mirror.url });
    const [, remote = ''] = repositories(url);
    const found = await installed(remote, mirror.key, 'acme-app');
    expect(found.installed).toEqual({ 'acme-app': '2.1.0-r1', 'acme-libs': '1.4.2-r0' });
    expect(readFileSync(join(found.root, 'etc/acme-libs'), 'utf8')).toBe('1.4.2-r0');
    expect(found.listed['acme-app 2.1.0-r1']).toMatchObject(mirror.listed);
    expect(mirror.requests.map(({ url: path }) => path).sort()).toEqual(
      ['APKINDEX.tar.gz', 'acme-app-2.1.0-r1.apk', 'acme-libs-1.4.2-r0.apk'].map((name) => `/x86_64/${name}`),
    );
  });
});

const EVERYTHING: GivenApk = {
  name: 'acme-all',
  version: '1.2.3_rc1-r4',
  isSigned: true,
  info: [
    ...['pkgdesc = Über: alles = "all"', 'url = https://example.com/?a=1', 'builddate = 1767225600', 'packager = P <p@example.com>'],
    ...['origin = acme', 'commit = 0123456789abcdef', 'maintainer = M <m@example.com>', 'license = MIT AND BSD-2-Clause'],
    ...[
      'depend = so:libc.musl-x86_64.so.1',
      'depend = !other',
      'depend = bash>=5',
      'provides = acme=1.2.3',
      'provides = cmd:acme=1.2.3_rc1-r4',
    ],
    ...['replaces = old', 'install_if = acme-core=1 docs', 'provider_priority = 10', 'replaces_priority = 5', 'triggers = /usr/*'],
  ],
};

// There is no apk for this system: this reader was written for the test, from the format alone.
describeClient('python3', (python) => {
  const reader = (...args: string[]) => read(python, args);

  test.each(['RSA', 'RSA256'])(
    'an independent reader finds in an index what is in the packages, signed by a key of the user (%s)',
    async (algorithm) => {
      const packages = [EVERYTHING, { name: 'plain', arch: 'noarch' }];
      const key = join(tempFolder(), 'ci@example.com-5f3a.rsa');
      execFileSync('openssl', ['genrsa', '-out', key, '2048'], { stdio: 'ignore' });
      const url = await localWith(packages, { environment: { APK_SIGNING_KEY_PATH: key, APK_SIGNING_ALGORITHM: algorithm } });
      const folder = tempFolder();
      const files = packages.map((given) => {
        const { file, content } = apkPackage(given);
        writeFileSync(join(folder, file), content);
        return join(folder, file);
      });
      const open = join(folder, 'ci@example.com-5f3a.rsa.pub');
      writeFileSync(open, (await call('GET', `${url}/api/v1/local/l/keys/ci@example.com-5f3a.rsa.pub`)).text);
      const index = join(folder, 'APKINDEX.tar.gz');
      writeFileSync(index, Buffer.from(await (await fetch(`${url}/api/v1/local/l/x86_64/APKINDEX.tar.gz`)).arrayBuffer()));
      const expected = (await reader('packages', ...files)) as Record<string, string>[];
      expect(await reader('index', index, open)).toEqual({ algorithm, entries: expected.map((each) => ({ ...each, A: 'x86_64' })) });
      expect(
        Object.keys(expected[0] ?? {})
          .sort()
          .join(''),
      ).toBe('ACDILPSTUVcikmopqrt');
    },
  );
});

async function read(python: Run, args: readonly string[]): Promise<unknown> {
  return JSON.parse(await python([join(__dirname, 'apk_reader.py'), ...args]));
}
