import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addRemote, cleanUp, registry, tempFolder, upstream } from '../registry/helpers';
import { describeClient } from './support';

afterEach(cleanUp);

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
    const list = async (version: string) => {
      const home = tempFolder();
      // A go that counts its calls leaves a process behind, which would write into the folder while it is removed.
      const telemetry = join(home, '.config/go/telemetry');
      mkdirSync(telemetry, { recursive: true });
      writeFileSync(join(telemetry, 'mode'), 'off');
      const env = {
        HOME: home,
        XDG_CONFIG_HOME: join(home, '.config'),
        GOPATH: join(home, 'p'),
        GOCACHE: join(home, 'c'),
        GOFLAGS: '-modcacherw',
        GOPROXY: `${url}/api/v1/remote/g`,
        GONOSUMDB: '*',
        GONOSUMCHECK: '1',
        GOTOOLCHAIN: 'local',
      };
      return (await go(['list', '-m', '-f', '{{.Version}}', `example.com/Mod@${version}`], { cwd: home, env })).trim();
    };
    expect(await list('main')).toBe(tip);
    tip = 'v0.0.0-20240202000000-bbbbbbbbbbbb';
    expect(await list('main')).toBe(tip);
    expect([await list('v1.2.3'), await list('v1.2.3')]).toEqual(['v1.2.3', 'v1.2.3']);
    const count = (path: string) => up.requests.filter((request) => request.url === path).length;
    expect([count('/example.com/!mod/@v/main.info'), count('/example.com/!mod/@v/v1.2.3.info')]).toEqual([2, 1]);
  });
});
