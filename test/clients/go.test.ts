import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Testing, TerraformStack } from 'cdktf';
import { ArtifactapiProvider, GoFront, LocalGoproxy, RemoteGoproxy } from '../../constructs/artifactapi';
import { addRemote, addVirtual, call, cleanUp, registry, tempFolder, upstream } from '../registry/helpers';
import { filesOf, goProject, publicProxy } from './go-support';
import { describeClient } from './support';

afterEach(cleanUp);

/** A local, a remote and a virtual of both, with the configurations that their constructs give. */
async function repositories() {
  const { url } = await registry();
  const open = await publicProxy();
  await addRemote(url, { name: 'l', package_type: 'goproxy', repo_type: 'local' });
  await addRemote(url, { name: 'r', package_type: 'goproxy', base_url: open.url, blocklist: ['/@v/v1\\.0\\.0\\.zip$'] });
  await addVirtual(url, { name: 'v', package_type: 'goproxy', members: ['l', 'r'] });
  const stack = new TerraformStack(Testing.app(), 's');
  new ArtifactapiProvider(stack, 'artifactapi', { endpoint: url });
  const config = {
    local: new LocalGoproxy(stack, 'local', { name: 'l' }).clientConfig(),
    remote: new RemoteGoproxy(stack, 'remote', { name: 'r', baseUrl: 'https://go.example.com' }).clientConfig(),
    virtual: new GoFront(stack, 'front', {
      name: 'v',
      upstream: 'https://go.example.com',
      privateNames: ['git.acme.example/'],
    }).clientConfig(),
  };
  const upload = (path: string, body: Buffer) => call('PUT', `${url}/api/v2/remotes/l/files/${path}`, { body });
  return { url, open, config, upload };
}

const TOOL = 'git.acme.example/Tool';
const user = (module: string) => `package user\n\nimport a "${module}"\n\nvar From = a.From\n`;

describeClient('go', (go) => {
  test('sees a branch move, and asks for a version once', async () => {
    let tip = 'v0.0.0-20240101000000-aaaaaaaaaaaa';
    const up = await upstream((request, response) => {
      const [, name = '', end = ''] = /^\/example\.com\/!mod\/@v\/(.+)\.(info|mod)$/.exec(String(request.url)) ?? [];
      if (end === 'mod') return void response.end('module example.com/Mod\n');
      if (end === 'info') return void response.end(JSON.stringify({ Version: name === 'main' ? tip : name, Time: '2024-01-01T00:00:00Z' }));
      response.writeHead(404).end('not found');
    });
    const { url } = await registry();
    await addRemote(url, { name: 'g', package_type: 'goproxy', base_url: up.url, mutable_ttl: 0, immutable_ttl: 0 });
    const list = async (version: string) =>
      (
        await goProject(go, `GOPROXY=${url}/api/v1/remote/g\n`, 'off').go('list', '-m', '-f', '{{.Version}}', `example.com/Mod@${version}`)
      ).trim();
    expect(await list('main')).toBe(tip);
    tip = 'v0.0.0-20240202000000-bbbbbbbbbbbb';
    expect(await list('main')).toBe(tip);
    expect([await list('v1.2.3'), await list('v1.2.3')]).toEqual(['v1.2.3', 'v1.2.3']);
    const count = (path: string) => up.requests.filter((request) => request.url === path).length;
    expect([count('/example.com/!mod/@v/main.info'), count('/example.com/!mod/@v/v1.2.3.info')]).toEqual([2, 1]);
  });

  describeClient('git', (git) => {
    /** An archive of a version as Git makes it from a tag. */
    const archive = async (version: string) => {
      const cwd = tempFolder();
      for (const [name, text] of Object.entries(filesOf(TOOL, `the team, ${version}`))) writeFileSync(join(cwd, name), text);
      const run = (...args: string[]) => git(['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd, env: { HOME: cwd } });
      await run('init', '-q');
      await run('add', '.');
      await run('commit', '-qm', 'a');
      await run('tag', version);
      await run('archive', '--format=zip', `--prefix=${TOOL}@${version}/`, '--output=m.zip', version);
      return readFileSync(join(cwd, 'm.zip'));
    };

    test('gets and builds modules from a local, a remote, and a virtual in which an internal module is internal', async () => {
      const { open, config, upload } = await repositories();
      for (const version of ['v1.0.0', 'v1.2.0', 'v1.10.0-rc.1'])
        expect((await upload(`${TOOL}/@v/${version}.zip`, await archive(version))).status).toBe(201);

      const local = goProject(go, config.local);
      local.write('user.go', user(TOOL));
      await local.go('get', `${TOOL}@latest`);
      await local.go('build', './...');
      expect((await local.go('list', '-m', '-versions', TOOL)).trim()).toBe(`${TOOL} v1.0.0 v1.2.0 v1.10.0-rc.1`);
      expect(await local.go('list', '-m', TOOL)).toBe(`${TOOL} v1.2.0\n`);

      const remote = goProject(go, config.remote, open.verifier);
      remote.write('user.go', user('example.org/Pub'));
      await remote.go('get', 'example.org/Pub');
      await remote.go('build', './...');
      expect(readFileSync(join(remote.cwd, 'go.sum'), 'utf8')).toContain('example.org/Pub v1.1.0 h1:');
      expect(open.asked()).toContain('/sumdb/sum.example/lookup/example.org/!pub@v1.1.0');

      open.requests.length = 0;
      const virtual = goProject(go, config.virtual, open.verifier);
      virtual.write('user.go', user(TOOL));
      virtual.write('pub.go', user('example.org/Pub').replace('From =', 'Pub ='));
      await virtual.go('get', TOOL, 'example.org/Pub');
      await virtual.go('build', './...');
      expect(await virtual.go('list', '-m', 'all')).toBe(`example.net/user\nexample.org/Pub v1.1.0\n${TOOL} v1.2.0\n`);
      await expect(virtual.go('get', `${TOOL}@v9.9.9`)).rejects.toThrow('404 Not Found');
      await expect(virtual.go('get', `${TOOL}/sub`)).rejects.toThrow('but does not contain package');
      expect(open.asked().filter((path) => path.includes('!tool'))).toEqual([]);
    });
  });

  test('asks the next proxy of its list for what one does not have, and not for what it refuses or fails at', async () => {
    const { url, open } = await repositories();
    const download = async (first: string, version: string) =>
      goProject(go, `GOPROXY=${url}/api/v1/${first},${open.url}\n`, 'off').go('mod', 'download', `example.org/Pub@${version}`);
    await download('local/l', 'v1.0.0');
    await download('virtual/v', 'v1.1.0');
    await expect(download('remote/r', 'v1.0.0')).rejects.toThrow(
      /403 Forbidden\s+server response:\s+path "example.org\/!pub\/@v\/v1.0.0.zip" is blocked/,
    );
    await open.stop();
    await expect(download('remote/r', 'v1.2.0')).rejects.toThrow('502 Bad Gateway');
  });
});
