import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeClient } from '../../clients/support';
import { zipOf } from '../../support/zip';
import { addRemote, addVirtual, type Answer, call, cleanUp, registry, tarball, tempFolder, upstream } from '../helpers';
import { Gpg } from '../openpgp/gpg';

afterEach(cleanUp);

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
const fileName = (version: string, platform = 'linux_amd64', type = 'net') => `terraform-provider-${type}_${version}_${platform}.zip`;
const pathOf = (version: string, platform?: string) => `acme/net/${fileName(version, platform)}`;
const provider = (text = 'run me') => zipOf({ 'terraform-provider-net_v1': text });

async function local(
  options: Parameters<typeof registry>[0] = {},
): Promise<{ url: string; put: (path: string, body: Buffer) => Promise<Answer> }> {
  const { url } = await registry(options);
  await addRemote(url, { name: 'tf', package_type: 'terraform', repo_type: 'local' });
  return { url, put: (path, body) => call('PUT', `${url}/api/v2/remotes/tf/files/${path}`, { body }) };
}

async function jsonAt(url: string): Promise<unknown> {
  return (await call('GET', url)).json;
}

describe('a local repository is a provider registry', () => {
  test('with the services that Terraform discovers, of which a strict one has no modules', async () => {
    const path = '/.well-known/terraform.json';
    expect(await jsonAt((await registry()).url + path)).toEqual({
      'providers.v1': '/terraform/v1/providers/',
      'modules.v1': '/terraform/v1/modules/',
    });
    expect(await jsonAt((await registry({ strict: true })).url + path)).toEqual({ 'providers.v1': '/terraform/v1/providers/' });
  });

  test.each([false, true])('with versions, packages, and checksums that are signed (strict: %s)', async (strict) => {
    const { url, put } = await local({ strict });
    const at = `${url}/terraform/v1/providers/tf/net`;
    expect((await call('GET', `${at}/versions`)).status).toBe(404);
    const [linux, mac] = [await provider('linux'), await provider('mac')];
    for (const [path, body] of [
      [pathOf('1.9.0'), linux],
      [pathOf('1.10.0'), linux],
      [pathOf('1.10.0', 'darwin_arm64'), mac],
      [pathOf('1.10.0-RC1'), linux],
      ['acme/other/terraform-provider-other_3.0.0_linux_amd64.zip', await zipOf({ 'terraform-provider-other': '' })],
    ] as const)
      expect((await put(path, body)).status).toBe(201);
    const protocols = ['5.0', '6.0'];
    const platforms = [{ os: 'linux', arch: 'amd64' }];
    expect(await jsonAt(`${at}/versions`)).toEqual({
      versions: [
        { version: '1.10.0', protocols, platforms: [{ os: 'darwin', arch: 'arm64' }, ...platforms] },
        { version: '1.10.0-RC1', protocols, platforms },
        { version: '1.9.0', protocols, platforms },
      ],
    });
    type Package = { signing_keys: { gpg_public_keys: [{ key_id: string; ascii_armor: string }] } } & Record<string, string>;
    const found = (await jsonAt(`${at}/1.10.0/download/darwin/arm64`)) as Package;
    const { signing_keys, ...facts } = found;
    expect(facts).toEqual({
      protocols,
      os: 'darwin',
      arch: 'arm64',
      filename: fileName('1.10.0', 'darwin_arm64'),
      download_url: `/api/v1/local/tf/${pathOf('1.10.0', 'darwin_arm64')}`,
      shasum: sha256(mac),
      shasums_url: '/terraform/v1/providers/tf/net/1.10.0/sha256sums',
      shasums_signature_url: '/terraform/v1/providers/tf/net/1.10.0/sha256sums.sig',
    });
    expect((await call('GET', url + facts['download_url'])).status).toBe(200);
    const sums = (await call('GET', url + facts['shasums_url'])).text;
    expect(sums).toBe(`${sha256(mac)}  ${fileName('1.10.0', 'darwin_arm64')}\n${sha256(linux)}  ${fileName('1.10.0')}\n`);
    const [key] = signing_keys.gpg_public_keys;
    expect(key).toEqual({
      key_id: expect.stringMatching(/^[0-9A-F]{16}$/) as string,
      ascii_armor: expect.stringContaining('PGP PUBLIC KEY') as string,
    });
    expect((await call('GET', url + facts['shasums_signature_url'])).status).toBe(200);
    for (const path of ['1.11.0/download/linux/amd64', '1.9.0/download/darwin/arm64', '1.11.0/sha256sums', '1.11.0/sha256sums.sig'])
      expect((await call('GET', `${at}/${path}`)).status).toBe(404);
    expect((await call('GET', `${at}/1.10.0-RC1/download/linux/amd64`)).status).toBe(200);
  });

  test('whose checksums and signature follow what is uploaded and removed', async () => {
    const { url, put } = await local();
    const at = `${url}/terraform/v1/providers/tf/net/1.0.0`;
    await put(pathOf('1.0.0'), await provider());
    const one = await call('GET', `${at}/sha256sums.sig`);
    await put(pathOf('1.0.0', 'linux_arm64'), await provider());
    expect((await call('GET', `${at}/sha256sums`)).text.split('\n')).toHaveLength(3);
    expect((await call('GET', `${at}/sha256sums.sig`)).text).not.toBe(one.text);
    await call('DELETE', `${url}/api/v2/remotes/tf/files/${pathOf('1.0.0', 'linux_arm64')}`);
    expect((await call('GET', `${at}/sha256sums`)).text.split('\n')).toHaveLength(2);
    expect((await call('GET', `${at}/download/linux/arm64`)).status).toBe(404);
  });

  test('where a version is of one namespace, whichever else has the type', async () => {
    const { url, put } = await local();
    const [mine, other] = [await provider('mine'), await provider('other')];
    await put(`zeta/net/${fileName('1.0.0')}`, other);
    await put(`zeta/net/${fileName('2.0.0')}`, other);
    await put(`acme/net/${fileName('1.0.0')}`, mine);
    const at = `${url}/terraform/v1/providers/tf/net`;
    expect((await call('GET', `${at}/1.0.0/sha256sums`)).text).toBe(`${sha256(mine)}  ${fileName('1.0.0')}\n`);
    expect((await call('GET', `${at}/2.0.0/sha256sums`)).text).toBe(`${sha256(other)}  ${fileName('2.0.0')}\n`);
  });

  describeClient('gpg', () => {
    type Package = { protocols: string[]; signing_keys: { gpg_public_keys: [{ ascii_armor: string }] } };

    async function signatureAt(environment: Record<string, string>): Promise<{ protocols: string[]; said: string }> {
      const { url, put } = await local({ environment });
      await put(pathOf('1.0.0'), await provider());
      const at = `${url}/terraform/v1/providers/tf/net/1.0.0`;
      const { protocols, signing_keys } = (await jsonAt(`${at}/download/linux/amd64`)) as Package;
      const signature = Buffer.from(await (await fetch(`${at}/sha256sums.sig`)).arrayBuffer());
      const sums = (await call('GET', `${at}/sha256sums`)).text;
      return { protocols, said: new Gpg().verify(signing_keys.gpg_public_keys[0].ascii_armor, signature, sums) };
    }

    test("takes the signature for one of the registry's own key", async () => {
      expect((await signatureAt({})).said).toMatch(/GOODSIG \w{16} repoform registry/);
    });

    test("takes the signature for one of the operator's key, and the operator's protocols are told", async () => {
      const path = join(tempFolder(), 'key.asc');
      writeFileSync(path, new Gpg().key('correct horse', ['ed25519', 'sign']));
      const given = { TF_SIGNING_KEY_PATH: path, TF_SIGNING_KEY_PASSPHRASE: 'correct horse', TF_PROVIDER_PROTOCOLS: '6.0' };
      const { protocols, said } = await signatureAt(given);
      expect(protocols).toEqual(['6.0']);
      expect(said).toMatch(/GOODSIG \w{16} Key <key@example.com>/);
    });
  });

  test('that does not start with protocols that are none', async () => {
    await expect(registry({ environment: { TF_PROVIDER_PROTOCOLS: '6' } })).rejects.toThrow(
      'TF_PROVIDER_PROTOCOLS: expected versions of the plugin protocol with commas between them, such as "5.0,6.0", got "6"',
    );
  });
});

test('a local repository is a network mirror, for the address of each upload and for its own', async () => {
  const { url, put } = await local();
  const body = await provider();
  await put(pathOf('1.0.0'), body);
  const archives = { linux_amd64: { url: `/api/v1/local/tf/${pathOf('1.0.0')}`, hashes: [`zh:${sha256(body)}`] } };
  for (const address of ['registry.terraform.io/acme/net', '127.0.0.1:8000/tf/net', 'acme/net']) {
    expect(await jsonAt(`${url}/api/v1/local/tf/${address}/index.json`)).toEqual({ versions: { '1.0.0': {} } });
    expect(await jsonAt(`${url}/api/v1/local/tf/${address}/1.0.0.json`)).toEqual({ archives });
  }
  for (const path of ['registry.terraform.io/other/net/index.json', 'registry.terraform.io/acme/net/2.0.0.json'])
    expect((await call('GET', `${url}/api/v1/local/tf/${path}`)).status).toBe(404);
});

describe('a local repository is a module registry', () => {
  const archive = tarball({ 'main.tf': 'output "x" { value = 1 }\n' });

  test('of archives by name, system and version', async () => {
    const { url, put } = await local();
    for (const [path, body] of [
      ['modules/vpc/aws/1.9.0.tar.gz', archive],
      ['modules/vpc/aws/1.10.0.zip', await zipOf({ 'main.tf': '' })],
      ['modules/vpc/google/1.0.0.tgz', archive],
    ] as const)
      expect((await put(path, body)).status).toBe(201);
    const at = `${url}/terraform/v1/modules/tf/vpc`;
    expect(await jsonAt(`${at}/aws/versions`)).toEqual({ modules: [{ versions: [{ version: '1.10.0' }, { version: '1.9.0' }] }] });
    const found = await call('GET', `${at}/aws/1.10.0/download`);
    expect([found.status, found.text, found.header('x-terraform-get')]).toEqual([204, '', '/api/v1/local/tf/modules/vpc/aws/1.10.0.zip']);
    for (const path of ['azure/versions', 'aws/2.0.0/download']) expect((await call('GET', `${at}/${path}`)).status).toBe(404);
  });

  test('which a strict one does not have', async () => {
    const { url, put } = await local({ strict: true });
    expect((await put('modules/vpc/aws/1.0.0.tar.gz', archive)).text.trim()).toBe(
      'invalid file name: expected {namespace}/{type}/terraform-provider-{type}_{version}_{os}_{arch}.zip, got modules/vpc/aws/1.0.0.tar.gz',
    );
    expect((await call('GET', `${url}/terraform/v1/modules/tf/vpc/aws/versions`)).status).toBe(404);
  });
});

describe('an upload is refused with the reason', () => {
  test.each([
    [
      'acme/net/net.zip',
      'expected {namespace}/{type}/terraform-provider-{type}_{version}_{os}_{arch}.zip for a provider, or modules/{name}/{system}/{version}.tar.gz (or .zip) for a module',
    ],
    ['Acme/net/terraform-provider-net_1.0.0_linux_amd64.zip', 'the namespace of a provider is in lower case, got Acme/net/'],
    ['acme/other/terraform-provider-net_1.0.0_linux_amd64.zip', 'expected {namespace}/{type}/'],
    ['acme/net/terraform-provider-net_1.0.0_linux_amd64.tar.gz', 'expected {namespace}/{type}/'],
    ['acme/Net/terraform-provider-Net_1.0.0_linux_amd64.zip', 'the type of a provider has lower-case letters, digits and dashes'],
    ['acme/net/terraform-provider-net_1.0.0_Linux_amd64.zip', 'a platform is {os}_{arch} in lower case'],
    ...['1.0', 'v1.0.0', '01.0.0', '1.0.0+build', 'latest'].map((version) => [
      pathOf(version),
      `the version "${version}" is not one by the rules of semver.org`,
    ]),
    ['modules/vpc/aws/1.0.tar.gz', 'the version "1.0" is not one by the rules of semver.org'],
    ['modules/vpc/AWS/1.0.0.tar.gz', 'the system of a module has lower-case letters and digits'],
    ['modules/-vpc/aws/1.0.0.zip', 'the name of a module has letters, digits'],
  ] as [string, string][])('%s', async (path, reason) => {
    const { put } = await local();
    const answer = await put(path, await provider());
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(`invalid file name: ${reason}`)]);
    expect(answer.text).toContain(`got ${path}`);
  });

  test('when its content is not what Terraform reads', async () => {
    const { url, put } = await local();
    const whole = await provider();
    for (const [path, body, reason] of [
      [pathOf('1.0.0'), Buffer.from('no archive'), 'not a zip archive, or not all of one'],
      [pathOf('1.0.0'), Buffer.alloc(0), 'not a zip archive, or not all of one'],
      [pathOf('1.0.0'), whole.subarray(0, -30), 'not a zip archive, or not all of one'],
      [pathOf('1.0.0'), await zipOf({ README: '' }), 'the archive has no file whose name starts with terraform-provider-net'],
      ['modules/vpc/aws/1.0.0.tar.gz', Buffer.from('no archive'), 'not a gzipped tar archive'],
      ['modules/vpc/aws/1.0.0.tar.gz', tarball({ README: 'x' }), 'the archive has no .tf file'],
      ['modules/vpc/aws/1.0.0.zip', Buffer.from('no archive'), 'not a zip archive'],
    ] as const) {
      const answer = await put(path, body);
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(`invalid file "${path}": ${reason}`)]);
    }
    expect((await call('GET', `${url}/api/v2/locals/tf/objects`)).text).not.toContain('1.0.0');
  });

  test('when it is there already, and in remotes and virtuals', async () => {
    const { url, put } = await local();
    expect((await put(pathOf('1.0.0'), await provider())).status).toBe(201);
    expect((await put(pathOf('1.0.0'), await provider('other'))).status).toBe(409);
    await addRemote(url, { name: 'up', package_type: 'terraform', base_url: 'http://127.0.0.1:9' });
    await addVirtual(url, { name: 'all', package_type: 'terraform', members: ['tf', 'up'] });
    for (const [name, status] of [
      ['up', 400],
      ['all', 404],
    ] as const)
      expect((await call('PUT', `${url}/api/v2/remotes/${name}/files/${pathOf('1.0.0')}`, { body: await provider() })).status).toBe(status);
    for (const path of [
      `api/v1/remote/up/${pathOf('1.0.0')}`,
      `api/v1/virtual/all/${pathOf('1.0.0')}`,
      'terraform/v1/providers/up/net/versions',
    ])
      expect((await call('PUT', `${url}/${path}`, { body: await provider() })).status).toBe(405);
  });
});

test('in a virtual, nothing of an upstream shadows a provider or a module that a local member has', async () => {
  const asked: string[] = [];
  const up = await upstream((request, response) => {
    asked.push(String(request.url));
    response.end(String(request.url).endsWith('.json') ? '{"versions":{"9.9.9":{}},"archives":{}}' : '{"versions":[],"modules":[]}');
  });
  const { url, put } = await local();
  await put(pathOf('1.0.0'), await provider());
  await put('modules/vpc/aws/1.0.0.tar.gz', tarball({ 'main.tf': 'locals {}' }));
  await addRemote(url, { name: 'up', package_type: 'terraform', base_url: up.url });
  // The upstream is the first.
  await addVirtual(url, { name: 'all', package_type: 'terraform', members: ['up', 'tf'] });
  const at = `${url}/api/v1/virtual/all`;
  expect(await jsonAt(`${at}/registry.terraform.io/acme/net/index.json`)).toEqual({ versions: { '1.0.0': {} } });
  for (const path of [
    'registry.terraform.io/acme/net/9.9.9.json',
    'v1/providers/acme/net/9.9.9/download/linux/amd64',
    'v1/modules/tf/vpc/aws/9.9.9/download',
    `acme/net/${fileName('9.9.9')}`,
    'Registry.Terraform.io/Acme/net/9.9.9.json',
    'registry.terraform.io/acme/net/9.9.9.json/evil.zip',
    `registry.terraform.io/acme/net/${fileName('9.9.9')}`,
    'registry.terraform.io/acme/net/9.9.9.json/',
    'v1/providers/acme/net/versions/',
    'mirror/registry.terraform.io/acme/net/9.9.9.json',
    `mirror/v1/providers/acme/net/9.9.9/download/linux/amd64/${fileName('9.9.9')}`,
    'modules/vpc/aws/latest.tar.gz',
  ])
    expect([path, (await call('GET', `${at}/${path}`)).status]).toEqual([path, 404]);
  expect(asked).toEqual([]);
  expect((await call('GET', `${at}/registry.terraform.io/acme/other/index.json`)).status).toBe(200);
  expect(asked).toEqual(['/registry.terraform.io/acme/other/index.json']);
});

test('a provider that is not what its hash says is never served through a remote', async () => {
  const file = fileName('1.0.0');
  const [good, wrong] = [await provider('good'), await provider('wrong')];
  let sent = wrong;
  const up = await upstream((request, response) => {
    if (String(request.url).includes('.zip?')) return void response.end(sent);
    response.end(JSON.stringify({ download_url: `/elsewhere/${file}?signed=1`, shasum: sha256(good) }));
  });
  const { url } = await registry();
  await addRemote(url, { name: 'up', package_type: 'terraform', base_url: `${up.url}/base` });
  const at = `${url}/api/v1/remote/up/v1/providers/acme/net/1.0.0/download/linux/amd64`;
  expect((await jsonAt(at)) as object).toMatchObject({ download_url: `${at}/${file}` });
  for (let turn = 0; turn < 2; turn++) expect((await fetch(`${at}/${file}`)).status).toBe(502);
  sent = good;
  expect(sha256(Buffer.from(await (await fetch(`${at}/${file}`)).arrayBuffer()))).toBe(sha256(good));
});
