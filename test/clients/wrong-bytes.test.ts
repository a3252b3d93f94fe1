import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chart } from '../registry/formats/helm-charts';
import { wheel } from '../registry/formats/python-files';
import { addRemote, cleanUp, registry, tarball, tempFolder, upstream } from '../registry/helpers';
import { describeClient } from './support';

afterEach(cleanUp);

const digest = (content: Buffer, encoding: 'hex' | 'base64', algorithm = 'sha256') =>
  createHash(algorithm).update(content).digest(encoding);

/** An upstream whose file has a wrong byte at first, and a remote of it. */
async function damaged(packageType: string, { file, content, index }: { file: string; content: Buffer; index: (host: string) => string }) {
  const wrong = Buffer.from(content);
  wrong.writeUInt8(wrong.readUInt8(content.length >> 1) ^ 1, content.length >> 1);
  const state: { body: Buffer } = { body: wrong };
  const server = await upstream((request, response) => {
    if (request.url === `/${file}`) return void response.end(state.body);
    response.setHeader('content-type', packageType === 'npm' ? 'application/json' : 'text/html');
    response.end(index(server.url));
  });
  const { url } = await registry();
  await addRemote(url, { name: 'r', package_type: packageType, base_url: server.url, mutable_ttl: 3600 });
  return { url: `${url}/api/v1/remote/r`, mend: () => (state.body = content) };
}

describeClient('helm', (helm) => {
  test('is not given a chart with a wrong byte, which it would not notice itself, and gets the right one after', async () => {
    const content = chart('app', '1.0.0');
    const file = 'charts/app-1.0.0.tgz';
    const index = () =>
      `apiVersion: v1\nentries: {app: [{apiVersion: v2, name: app, version: 1.0.0, digest: ${digest(content, 'hex')}, urls: [${file}]}]}\n`;
    const { url, mend } = await damaged('helm', { file, content, index });
    const home = tempFolder();
    const env = { HOME: home, HELM_CACHE_HOME: join(home, 'c'), HELM_CONFIG_HOME: join(home, 'f'), HELM_DATA_HOME: join(home, 'd') };
    const pull = () => helm(['pull', 'app', '--repo', url, '--version', '1.0.0', '-d', home], { env });
    await expect(pull()).rejects.toThrow('502 Bad Gateway');
    mend();
    await pull();
    expect(readFileSync(join(home, 'app-1.0.0.tgz')).equals(content)).toBe(true);
  });
});

describeClient('npm', (npm) => {
  test('gets the right archive after one with a wrong byte', async () => {
    const content = tarball({ 'package/package.json': '{"name":"pk","version":"1.0.0"}' });
    const file = 'pk/-/pk-1.0.0.tgz';
    const index = (host: string) => {
      const dist = { tarball: `${host}/${file}`, integrity: `sha512-${digest(content, 'base64', 'sha512')}` };
      return JSON.stringify({
        name: 'pk',
        'dist-tags': { latest: '1.0.0' },
        versions: { '1.0.0': { name: 'pk', version: '1.0.0', dist } },
      });
    };
    const { url, mend } = await damaged('npm', { file, content, index });
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'package.json'), '{"name":"x","version":"1.0.0"}');
    const env = { HOME: cwd, npm_config_registry: `${url}/`, npm_config_cache: join(cwd, 'cache'), npm_config_update_notifier: 'false' };
    const pack = () => npm(['pack', '--fetch-retries=0', 'pk@1.0.0'], { cwd, env });
    await expect(pack()).rejects.toThrow('502 Bad Gateway');
    mend();
    await pack();
    expect(readFileSync(join(cwd, 'pk-1.0.0.tgz')).equals(content)).toBe(true);
  });
});

describeClient('pip', (pip) => {
  test('gets the right archive after one with a wrong byte', async () => {
    const { file: name, content } = await wheel({ name: 'pk', version: '1.0', files: {} });
    const index = () => `<a href="../../files/${name}#sha256=${digest(content, 'hex')}">${name}</a>`;
    const { url, mend } = await damaged('pypi', { file: `files/${name}`, content, index });
    const folder = tempFolder();
    const options = ['--no-cache-dir', '--no-deps', '--disable-pip-version-check', '--isolated', '--retries', '0', '-d', folder];
    const download = () => pip(['download', ...options, '-i', `${url}/simple`, 'pk'], { env: { HOME: folder } });
    await expect(download()).rejects.toThrow('502');
    mend();
    await download();
    expect(readFileSync(join(folder, name)).equals(content)).toBe(true);
  });
});
