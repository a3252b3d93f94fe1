import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Testing, TerraformStack } from 'cdktf';
import { BkrepoProvider, CompositeRepository, LocalRepository, RemoteRepository, VirtualRepository } from '../../constructs/bkrepo';
import { cleanUp, tarball, tempFolder, upstream } from '../registry/helpers';
import { addRepository, basic, bkRepo, type Client } from '../registry/bkrepo/artifacts/support';
import { chart } from '../registry/formats/helm-charts';
import { publication } from '../registry/formats/npm-publication';
import { upload, wheel } from '../registry/formats/python-files';
import { installed } from './npm-support';
import { describeClient } from './support';

afterEach(cleanUp);

/**
 * Repositories of a type: `far`, whose upstream has something public, `near` with what is internal, `all` of both, and `own`, which has
 * files of its own and an upstream.
 */
async function repositories(type: string, url: string, credentials?: { username: string; password: string }): Promise<Client> {
  const admin = await bkRepo();
  const cache = { enabled: true, expiration: -1 };
  const add = (name: string, category: string, configuration: Record<string, unknown>) =>
    addRepository(admin, { name, type, category, configuration: { type: category.toLowerCase(), ...configuration } });
  await add('near', 'LOCAL', {});
  await add('far', 'REMOTE', { url, cache, ...(credentials && { credentials }) });
  await add('all', 'VIRTUAL', { repositoryList: ['far', 'near'].map((name) => ({ projectId: 'pp', name })) });
  await add('own', 'COMPOSITE', { proxy: { channelList: [{ name: 'far', url, ...credentials }], cache } });
  return admin;
}

const CLASSES = { near: LocalRepository, far: RemoteRepository, all: VirtualRepository, own: CompositeRepository };

/** The configuration that the construct of a repository gives to clients. */
function clientConfig(
  endpoint: string,
  place: string,
  { type, format }: { type: 'NPM' | 'PYPI'; format: 'npmrc' | 'pip' | 'pypirc' },
): string {
  const stack = new TerraformStack(Testing.app(), 's');
  new BkrepoProvider(stack, 'bkrepo', { endpoint });
  const given = {
    project: 'pp',
    name: place,
    type,
    upstreamUrl: 'https://upstream.example.com',
    members: [{ project: 'pp', name: 'near' }],
  };
  // As Terraform writes it: it reads `$${` as `${`.
  return new CLASSES[place as keyof typeof CLASSES](stack, 'it', given).clientConfig({ format }).replaceAll('$${', '${');
}

describeClient('npm', (npm) => {
  test('installs through a remote, a virtual and a composite, and gets no public version of an internal package', async () => {
    const manifest = (name: string) => ({ name, version: '9.9.9', description: 'of the public' });
    const open = await upstream((request, response) => {
      const path = decodeURIComponent(request.url ?? '').slice(1);
      const [name = ''] = path.split('/-/');
      if (!['pad', '@acme/app'].includes(name)) return response.writeHead(404).end('{}');
      if (path.endsWith('.tgz')) return response.end(tarball({ 'package/package.json': JSON.stringify(manifest(name)) }));
      const dist = { tarball: `${open.url}/${name}/-/x-9.9.9.tgz` };
      const versions = { '9.9.9': { ...manifest(name), dist } };
      return response.end(JSON.stringify({ name, 'dist-tags': { latest: '9.9.9' }, versions }));
    });
    const admin = await repositories('NPM', open.url);
    for (const place of ['near', 'own']) {
      const body = publication({
        name: '@acme/app',
        version: '1.0.0',
        inside: { name: '@acme/app', version: '1.0.0', description: 'ours' },
      });
      expect((await admin.send('PUT', `/npm/pp/${place}/@acme%2fapp`, { body })).status).toBe(201);
    }
    for (const [place, wanted] of [
      ['far', { pad: '*' }],
      ['all', { pad: '*', '@acme/app': '*' }],
      ['own', { pad: '*', '@acme/app': '*' }],
    ] as const) {
      const cwd = tempFolder();
      writeFileSync(join(cwd, '.npmrc'), clientConfig(admin.url, place, { type: 'NPM', format: 'npmrc' }));
      writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', dependencies: wanted }));
      const login = { BKREPO_USERNAME: 'admin', BKREPO_PASSWORD_BASE64: btoa('password') };
      await npm(['install', '--no-audit', '--no-fund'], { cwd, env: { HOME: cwd, npm_config_cache: join(cwd, 'cache'), ...login } });
      expect(installed(cwd, 'pad').description).toBe('of the public');
      if (place !== 'far') expect(installed(cwd, '@acme/app').description).toBe('ours');
    }
  });
});

describeClient('crane', (crane) => {
  test('pushes images into a local and a composite, and pulls them and those of a private upstream', async () => {
    const source = await bkRepo();
    await addRepository(source, { name: 'images', type: 'DOCKER' });
    const admin = await repositories('DOCKER', `${source.url}/docker/pp/images`, { username: 'admin', password: 'password' });
    const home = tempFolder();
    const env = { HOME: home, DOCKER_CONFIG: home };
    const [host, far] = [new URL(admin.url).host, new URL(source.url).host];
    for (const each of [host, far]) await crane(['auth', 'login', each, '-u', 'admin', '-p', 'password'], { env });
    const push = async (image: string) => {
      const layer = join(home, 'layer.tar.gz');
      writeFileSync(layer, tarball({ name: image }));
      await crane(['append', '--oci-empty-base', '--new_layer', layer, '--new_tag', image], { env });
    };
    for (const image of [`${far}/pp/images/base:1`, `${host}/pp/near/team/app:1`, `${host}/pp/own/app:1`]) await push(image);
    for (const image of ['far/base', 'all/base', 'all/team/app', 'own/base', 'own/app']) {
      const file = join(home, `${image.replaceAll('/', '-')}.tar`);
      await crane(['pull', `${host}/pp/${image}:1`, file], { env });
      expect(existsSync(file)).toBe(true);
    }
    expect(await crane(['ls', `${host}/pp/all/team/app`], { env })).toBe('1\n');
    const { data } = await admin.tell('GET', '/repository/api/package/page/pp/near');
    expect(data).toMatchObject({ records: [{ key: 'docker://team/app', name: 'team/app', versions: 1 }] });
    await expect(crane(['pull', `${host}/pp/near/team/app:1`, join(home, 'x')], { env: { HOME: tempFolder() } })).rejects.toThrow(
      /UNAUTHORIZED|401/,
    );
  });
});

describeClient('helm', (helm) => {
  test('finds and pulls charts of a remote, a virtual and a composite', async () => {
    const entry = (name: string) => `  ${name}:\n  - {apiVersion: v2, name: ${name}, version: 9.9.9, urls: [${name}-9.9.9.tgz]}`;
    const open = await upstream((request, response) => {
      if (request.url === '/index.yaml') return response.end(`apiVersion: v1\nentries:\n${entry('pad')}\n${entry('app')}\n`);
      return response.end(chart(request.url?.includes('pad') ? 'pad' : 'app', '9.9.9'));
    });
    const admin = await repositories('HELM', open.url);
    for (const place of ['near', 'own']) {
      const body = chart('app', '1.0.0');
      const pushed = await admin.send('POST', `/helm/api/pp/${place}/charts`, { body, headers: { 'content-type': 'application/gzip' } });
      expect([pushed.status, pushed.text]).toEqual([201, expect.anything()]);
    }
    const home = tempFolder();
    const env = { HOME: home, HELM_CACHE_HOME: join(home, 'c'), HELM_CONFIG_HOME: join(home, 'f'), HELM_DATA_HOME: join(home, 'd') };
    for (const place of ['far', 'all', 'own']) {
      mkdirSync(join(home, place));
      await helm(['repo', 'add', place, `${admin.url}/helm/pp/${place}`, '--username', 'admin', '--password', 'password'], { env });
      for (const name of place === 'far' ? ['pad'] : ['pad', 'app'])
        await helm(['pull', `${place}/${name}`, '-d', join(home, place)], { env });
    }
    expect(['far', 'all', 'own'].map((place) => readdirSync(join(home, place)))).toEqual([
      ['pad-9.9.9.tgz'],
      ['app-1.0.0.tgz', 'pad-9.9.9.tgz'],
      ['app-1.0.0.tgz', 'pad-9.9.9.tgz'],
    ]);
    const { data } = await admin.tell('GET', '/repository/api/package/page/pp/near');
    expect(data).toMatchObject({ records: [{ key: 'helm://app', latest: '1.0.0' }] });
  });
});

describeClient('pip', (pip) => {
  describeClient('twine', (twine) => {
    test('installs through a remote, a virtual and a composite what twine uploaded and what is public', async () => {
      const folder = tempFolder();
      const open = await bkRepo();
      await addRepository(open, { name: 'index', type: 'PYPI', public: true });
      const [app, headers] = [await wheel({ name: 'app', version: '1.0.0' }), { authorization: basic('admin', 'password') }];
      for (const name of ['pad', 'app']) await upload(`${open.url}/pypi/pp/index/`, await wheel({ name, version: '9.9.9' }), { headers });
      const admin = await repositories('PYPI', `${open.url}/pypi/pp/index`);
      await upload(`${admin.url}/pypi/pp/near`, app, { headers });
      writeFileSync(join(folder, app.file), app.content);
      writeFileSync(join(folder, '.pypirc'), clientConfig(admin.url, 'own', { type: 'PYPI', format: 'pypirc' }));
      const login = { TWINE_USERNAME: 'admin', TWINE_PASSWORD: 'password' };
      await twine(['upload', '--non-interactive', '-r', 'own', app.file], { cwd: folder, env: { HOME: folder, ...login } });
      writeFileSync(join(folder, '.netrc'), 'machine 127.0.0.1 login admin password password\n', { mode: 0o600 });
      for (const place of ['far', 'all', 'own']) {
        const target = join(folder, place);
        const config = join(folder, 'pip.conf');
        writeFileSync(config, clientConfig(admin.url, place, { type: 'PYPI', format: 'pip' }));
        const options = ['--no-cache-dir', '--no-deps', '--disable-pip-version-check', '-d', target];
        const env = { HOME: folder, PIP_CONFIG_FILE: config };
        await pip(['download', ...options, 'pad', ...(place === 'far' ? [] : ['app'])], { env });
      }
      expect(['far', 'all', 'own'].map((place) => readdirSync(join(folder, place)).map((name) => name.slice(0, 9)))).toEqual([
        ['pad-9.9.9'],
        ['app-1.0.0', 'pad-9.9.9'],
        ['app-1.0.0', 'pad-9.9.9'],
      ]);
      const { data } = await admin.tell('GET', '/repository/api/package/page/pp/near');
      expect(data).toMatchObject({ records: [{ key: 'pypi://app', latest: '1.0.0' }] });
    });
  });
});
