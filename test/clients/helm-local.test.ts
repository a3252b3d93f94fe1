import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Testing, TerraformStack } from 'cdktf';
import { ArtifactapiProvider, LocalHelm, RemoteHelm, Virtual } from '../../constructs/artifactapi';
import { addRepository, basic, bkRepo } from '../registry/bkrepo/artifacts/support';
import { chart, form } from '../registry/formats/helm-charts';
import { addRemote, addVirtual, call, cleanUp, registry, tempFolder, upstream } from '../registry/helpers';
import { Gpg } from '../registry/openpgp/gpg';
import { describeClient, type Run } from './support';

afterEach(cleanUp);

const PUBLIC = `apiVersion: v1
entries:
  app: [{ apiVersion: v2, name: app, version: 9.9.9, urls: [app-9.9.9.tgz] }]
  pub: [{ apiVersion: v2, name: pub, version: 1.0.0, urls: [charts/pub-1.0.0.tgz] }]
`;

/** Helm with folders of its own, where the repositories are those of a text. */
function client(helm: Run, repositories: string) {
  const cwd = tempFolder();
  mkdirSync(join(cwd, 'config'));
  writeFileSync(join(cwd, 'config', 'repositories.yaml'), repositories);
  const env = { HOME: cwd, HELM_CACHE_HOME: join(cwd, 'cache'), HELM_CONFIG_HOME: join(cwd, 'config'), HELM_DATA_HOME: join(cwd, 'data') };
  const run = (...args: string[]) => helm(args, { cwd, env });
  const versions = async (pattern: string) => {
    const found = JSON.parse(await run('search', 'repo', pattern, '--versions', '--devel', '--output', 'json')) as {
      name: string;
      version: string;
    }[];
    return found.map(({ name, version }) => `${name} ${version}`);
  };
  return { cwd, run, versions, read: (file: string) => readFileSync(join(cwd, file)) };
}

/** The configuration that the constructs give for all three kinds of repositories. */
function configuration(endpoint: string): string {
  const stack = new TerraformStack(Testing.app(), 's');
  new ArtifactapiProvider(stack, 'artifactapi', { endpoint });
  const texts = [
    new LocalHelm(stack, 'local', { name: 'l' }).clientConfig(),
    new RemoteHelm(stack, 'remote', { name: 'r', baseUrl: 'https://charts.example.com' }).clientConfig(),
    new Virtual(stack, 'virtual', { name: 'v', packageType: 'helm', members: ['l', 'r'] }).clientConfig(),
  ];
  const [head = ''] = texts[0]?.split('  - name') ?? [];
  return head + texts.map((text) => text.slice(head.length)).join('');
}

/** A chart that Helm packages and signs, and the keyring that verifies it. */
async function signedChart({ cwd, run }: ReturnType<typeof client>, version: string) {
  const gpg = new Gpg();
  gpg.key('', ['rsa2048', 'sign']);
  const [secret, open] = [join(cwd, 'secret.gpg'), join(cwd, 'public.gpg')];
  gpg.run(['--output', secret, '--export-secret-keys']);
  gpg.run(['--output', open, '--export']);
  await run('create', 'app');
  await run('package', 'app', '--version', version, '--sign', '--key', 'Key', '--keyring', secret);
  return { keyring: open, archive: join(cwd, `app-${version}.tgz`) };
}

describeClient('helm', (helm) => {
  test('finds, verifies and renders what was uploaded and pushed, from a local and a virtual, where the own chart stays the own', async () => {
    const open = await upstream(
      (request, response) => void response.end(request.url === '/index.yaml' ? PUBLIC : chart('pub', '1.0.0', 'description: public')),
    );
    const { url } = await registry();
    await addRemote(url, { name: 'l', package_type: 'helm', repo_type: 'local' });
    await addRemote(url, { name: 'r', package_type: 'helm', base_url: open.url });
    await addVirtual(url, { name: 'v', package_type: 'helm', members: ['l', 'r'] });
    // A remote whose upstream is an OCI registry, for which this one does.
    await addRemote(url, { name: 'far', package_type: 'helm', base_url: url });
    const user = client(helm, configuration(url));
    const { archive, keyring } = await signedChart(user, '1.0.0');
    const uploaded = await form({ chart: readFileSync(archive), prov: readFileSync(`${archive}.prov`) });
    expect((await call('POST', `${url}/api/v1/local/l/api/charts`, uploaded)).status).toBe(201);
    const registryHost = `oci://${new URL(url).host}`;
    await user.run('package', 'app', '--version', '2.0.0-rc.1+b.5');
    const next = join(user.cwd, 'app-2.0.0-rc.1+b.5.tgz');
    await user.run('push', next, `${registryHost}/l`, '--plain-http');
    await expect(user.run('push', next, `${registryHost}/v`, '--plain-http')).rejects.toThrow('publish into its local members: l');
    await user.run('repo', 'update');
    expect(await user.versions('l/')).toEqual(['l/app 2.0.0-rc.1+b.5', 'l/app 1.0.0']);
    expect(await user.versions('v/')).toEqual(['v/app 2.0.0-rc.1+b.5', 'v/app 1.0.0', 'v/pub 1.0.0']);
    for (const [place, ...more] of [
      ['l/app'],
      ['v/app'],
      [`${registryHost}/l/app`, '--plain-http'],
      [`${registryHost}/v/app`, '--plain-http'],
      [`${registryHost}/far/l/app`, '--plain-http'],
    ] as const) {
      const folder = tempFolder();
      await user.run('pull', place, '--version', '1.0.0', '--verify', '--keyring', keyring, '--destination', folder, ...more);
      expect(readFileSync(join(folder, 'app-1.0.0.tgz')).equals(readFileSync(archive))).toBe(true);
    }
    await user.run('pull', 'v/app', '--version', '2.0.0-rc.1+b.5', '--destination', user.cwd);
    await user.run('pull', 'v/pub');
    expect(existsSync(join(user.cwd, 'pub-1.0.0.tgz'))).toBe(true);
    expect(await user.run('template', 'it', 'v/app')).toContain('helm.sh/chart: app-1.0.0');
    await expect(user.run('pull', 'v/app', '--version', '9.9.9')).rejects.toThrow('no chart version found for app-9.9.9');
  });

  test('pushes into a repository of BK-Repo and pulls from it, with the password of a user', async () => {
    const admin = await bkRepo();
    await addRepository(admin, { name: 'charts', type: 'HELM' });
    const user = client(helm, 'apiVersion: ""\nrepositories: []\n');
    const uploaded = await form({ chart: chart('app', '1.0.0', 'description: of the team') });
    const headers = { ...uploaded.headers, authorization: basic('admin', 'password') };
    expect((await call('POST', `${admin.url}/helm/api/pp/charts/charts`, { body: uploaded.body, headers })).status).toBe(201);
    const credentials = ['--username', 'admin', '--password', 'password'];
    await user.run('repo', 'add', 'bk', `${admin.url}/helm/pp/charts`, ...credentials);
    expect(await user.versions('bk/')).toEqual(['bk/app 1.0.0']);
    await user.run('pull', 'bk/app');
    const { host } = new URL(admin.url);
    await user.run('registry', 'login', host, ...credentials, '--plain-http');
    writeFileSync(join(user.cwd, 'app-1.1.0.tgz'), chart('app', '1.1.0'));
    await user.run('push', 'app-1.1.0.tgz', `oci://${host}/pp/charts`, '--plain-http');
    await user.run('repo', 'update');
    expect(await user.versions('bk/')).toEqual(['bk/app 1.1.0', 'bk/app 1.0.0']);
    expect(await user.run('show', 'chart', `oci://${host}/pp/charts/app`, '--version', '1.0.0', '--plain-http')).toContain('of the team');
    await expect(user.run('repo', 'add', 'open', `${admin.url}/helm/pp/charts`)).rejects.toThrow('401');
  });
});
