import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostPlatform } from '../../constructs/provider/platforms';
import { clientFormats } from '../../src/common/client-config';
import { type RepositoryKind } from '../../src/common/repository-url';
import { version } from '../../package.json';
import { BuiltCommand } from '../cli/command';
import { addRemote, addVirtual, afterwards, call, cleanUp, registry, tarball, tempFolder } from '../registry/helpers';
import { type TlsFront, tlsFront } from '../support/tls-front';
import { zipOf } from '../support/zip';
import { describeClient, type Run } from './support';

const [os, arch] = hostPlatform().split('_') as [string, string];

/** The configuration that `clientConfig()` gives. */
function clientConfig(endpoint: string, kind: RepositoryKind, name: string): string {
  return clientFormats.find((format) => format.name === 'terraform')?.text({ endpoint, kind, name }) ?? '';
}

const requirement = (source: string, more = '') =>
  `terraform {\n  required_providers {\n    it = { source = "${source}" }\n  }\n}\n${more}`;
const moduleOf = (source: string) => `module "m" {\n  source  = "${source}"\n  version = "~> 1.0"\n}\n`;

describeClient('terraform', (terraform) => {
  let url: string;
  let front: TlsFront;

  /** A registry behind a front that ends TLS, with a provider and a module of two versions each. */
  beforeAll(async () => {
    ({ url } = await registry());
    front = await tlsFront(url, tempFolder());
    afterwards(() => front.stop());
    await addRemote(url, { name: 'internal', package_type: 'terraform', repo_type: 'local' });
    for (const each of ['1.0.0', '1.1.0']) {
      const provider = await zipOf({ [`terraform-provider-net_v${each}`]: '#!/bin/sh\n' });
      await put(url, `acme/net/terraform-provider-net_${each}_${os}_${arch}.zip`, provider);
      await put(url, `modules/vpc/aws/${each}.tar.gz`, tarball({ 'main.tf': `output "version" {\n  value = "${each}"\n}\n` }));
    }
  });
  afterAll(cleanUp);

  async function put(root: string, path: string, body: Buffer): Promise<void> {
    expect((await call('PUT', `${root}/api/v2/remotes/internal/files/${path}`, { body })).status).toBe(201);
  }

  /** Terraform in a folder with this configuration, and this one of its own. */
  function working(configuration: string, own = ''): (...args: string[]) => ReturnType<Run> {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'main.tf'), configuration);
    writeFileSync(join(cwd, 'rc'), own);
    const env = { HOME: cwd, TF_CLI_CONFIG_FILE: join(cwd, 'rc'), SSL_CERT_FILE: front.authority, CHECKPOINT_DISABLE: '1' };
    return (...args) => terraform([...args, '-no-color'], { cwd, env });
  }

  describe('with a local repository, over TLS and without configuration', () => {
    test('installs a provider by its address, verifies the signature, and finds a newer version', async () => {
      const run = working(requirement(`${front.host}/internal/newer`));
      const publish = async (each: string) =>
        put(url, `acme/newer/terraform-provider-newer_${each}_${os}_${arch}.zip`, await zipOf({ 'terraform-provider-newer': each }));
      await publish('1.9.0');
      const { key_id } = await signingKey();
      expect(await run('init')).toContain(`Installed ${front.host}/internal/newer v1.9.0 (self-signed, key ID ${key_id})`);
      await publish('1.10.0');
      expect(await run('init', '-upgrade')).toContain(`Installed ${front.host}/internal/newer v1.10.0`);
    });

    test('gets a module by its address', async () => {
      const run = working(`${moduleOf(`${front.host}/internal/vpc/aws`)}output "version" {\n  value = module.m.version\n}\n`);
      await run('init');
      expect(await run('apply', '-auto-approve')).toContain('version = "1.1.0"');
    });

    test('says what is not there', async () => {
      const failure = (text: string) => working(text)('init').catch((cause: Error) => cause.message.replace(/\s+/g, ' '));
      expect(await failure(requirement(`${front.host}/internal/other`))).toContain(
        `does not have a provider named ${front.host}/internal/other`,
      );
      expect(await failure(requirement(`${front.host}/nowhere/net`))).toContain(`does not have a provider named ${front.host}/nowhere/net`);
      expect(await failure(moduleOf(`${front.host}/internal/other/aws`))).toContain('cannot be found in the module registry');
    });

    test('uses it as a network mirror', async () => {
      const mirror = `provider_installation {\n  network_mirror {\n    url = "${front.url}/api/v1/local/internal/"\n  }\n}\n`;
      expect(await working(requirement('acme/net', ''), mirror)('init')).toContain('Installed acme/net v1.');
    });
  });

  async function signingKey(): Promise<{ key_id: string }> {
    const { json } = await call('GET', `${url}/terraform/v1/providers/internal/net/1.0.0/download/${os}/${arch}`);
    return (json as { signing_keys: { gpg_public_keys: [{ key_id: string }] } }).signing_keys.gpg_public_keys[0];
  }

  test('installs from a local repository without TLS with the configuration that clientConfig gives', async () => {
    const { host } = new URL(url);
    const configuration = requirement(`${host}/internal/net`, moduleOf(`${host}/internal/vpc/aws`));
    expect(await working(configuration, clientConfig(url, 'local', 'internal'))('init')).toContain(`Installed ${host}/internal/net v1.`);
  });

  test('installs through a remote and a virtual with the configuration that clientConfig gives, and from the cache', async () => {
    const near = await registry();
    await addRemote(near.url, { name: 'up', package_type: 'terraform', base_url: `${url}/terraform`, mutable_ttl: 0 });
    await addRemote(near.url, { name: 'internal', package_type: 'terraform', repo_type: 'local' });
    await put(near.url, `corp/own/terraform-provider-own_1.0.0_${os}_${arch}.zip`, await zipOf({ 'terraform-provider-own': '' }));
    await addVirtual(near.url, { name: 'all', package_type: 'terraform', members: ['up', 'internal'] });
    const { key_id } = await signingKey();
    for (const [kind, name] of [
      ['remote', 'up'],
      ['virtual', 'all'],
    ] as const) {
      // At the upstream, the namespace is the name of a repository.
      const configuration = requirement('internal/net', moduleOf('internal/vpc/aws'));
      const own = clientConfig(near.url, kind, name);
      expect(await working(configuration, own)('init')).toMatch(
        new RegExp(`Installed internal/net v1\\.1\\.0 \\(self-signed, key ID ${key_id}\\)`),
      );
    }
    for (const path of [
      `v1/providers/internal/net/1.1.0/download/${os}/${arch}/terraform-provider-net_1.1.0_${os}_${arch}.zip`,
      'v1/modules/internal/vpc/aws/1.1.0/download/1.1.0.tar.gz',
    ])
      expect((await call('HEAD', `${near.url}/api/v1/remote/up/${path}`)).header('x-artifact-source')).toBe('cache');
    expect(await working(requirement('corp/own'), clientConfig(near.url, 'virtual', 'all'))('init')).toContain('Installed corp/own v1.0.0');
  });

  describe('with what repoform provider publish has put there', () => {
    let command: BuiltCommand;
    beforeAll(async () => {
      command = new BuiltCommand();
      command.addProvider();
      await addRemote(url, { name: 'tools', package_type: 'terraform', repo_type: 'local' });
    });
    afterAll(() => command.remove());

    test('installs our provider by its address and applies with it; publishing it again changes nothing', async () => {
      const args = ['provider', 'publish', '--to', `${url}/tools`, '--platform', hostPlatform(), '--platform', 'darwin_arm64'];
      const first = await command.run(...args);
      expect([first.code, first.stderr]).toEqual([0, '']);
      const paths = ['artifactapi', 'bkrepo', 'kubesphere'].flatMap((type) =>
        [hostPlatform(), 'darwin_arm64'].map((platform) => `repoform/${type}/terraform-provider-${type}_${version}_${platform}.zip`),
      );
      expect([...first.stdout.matchAll(/^ {2}(\S+) {2}uploaded$/gm)].map(([, path]) => path)).toEqual(paths);
      const again = await command.run(...args);
      expect([again.code, again.stdout]).toEqual([0, first.stdout.replaceAll('uploaded', 'already published, with the same content')]);

      const [printed = ''] = /^terraform \{[^]*?^\}$/m.exec(first.stdout) ?? [];
      const resource = `provider "artifactapi" {\n  endpoint = "${url}"\n}\nresource "artifactapi_local_generic" "files" {\n  name = "files"\n}\n`;
      const run = working(`${printed.replaceAll(new URL(url).host, front.host)}\n${resource}`);
      expect(await run('init')).toContain(`Installed ${front.host}/tools/artifactapi v${version} (self-signed, key ID`);
      expect(await run('apply', '-auto-approve')).toContain('1 added');
      expect((await call('GET', `${url}/api/v2/remotes/files`)).status).toBe(200);
    });

    test("publishes a package's own provider, and stops at one that is there with other content", async () => {
      const folder = join(command.folder, 'acme');
      mkdirSync(join(folder, 'dist'), { recursive: true });
      const about = { name: 'acme', version: '1.0.0', source: 'registry.terraform.io/acme/acme', executable: 'terraform-provider-acme' };
      writeFileSync(join(folder, 'package.json'), '{ "name": "terraform-provider-acme" }');
      writeFileSync(join(folder, 'dist/provider.json'), JSON.stringify(about));
      writeFileSync(join(folder, 'dist/terraform-provider-acme'), '#!/bin/sh\n');
      const args = [
        'provider',
        'publish',
        '--to',
        `${url}/api/v2/remotes/tools/files`,
        '--package',
        './acme',
        '--platform',
        hostPlatform(),
      ];
      expect((await command.run(...args)).code).toBe(0);
      expect(await working(requirement(`${front.host}/tools/acme`))('init')).toContain(`Installed ${front.host}/tools/acme v1.0.0`);
      writeFileSync(join(folder, 'dist/terraform-provider-acme'), '#!/bin/sh\nexit 1\n');
      const { code, stderr } = await command.run(...args);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^repoform: acme\/acme\/terraform-provider-acme_1\.0\.0_\w+\.zip is already published with different content \(SHA-256 \w{64}, here \w{64}\); [^\n]+: publish a new version\n$/,
      );
    });

    test('says what is wrong with where it should publish', async () => {
      await addRemote(url, { name: 'proxy', package_type: 'terraform', base_url: 'http://127.0.0.1:9' });
      for (const [to, reason] of [
        [url, 'is not the URL of a repository; expected https://HOST/NAME'],
        ['tools', '"tools" is not the URL of a repository'],
        [`${url}/none`, `there is no repository "none" at ${url}; create a local one of type terraform`],
        [`${url}/proxy`, 'repository "proxy" is a remote repository of type terraform; create a local one'],
      ] as const) {
        const { code, stderr } = await command.run('provider', 'publish', '--to', to, '--token', 'sesame-sesame');
        expect([code, stderr]).toEqual([1, expect.stringContaining(reason)]);
        expect(stderr).not.toContain('sesame-sesame');
      }
    });
  });
});
