import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addRemote, addVirtual, cleanUp, registry, tarball, tempFolder, upstream } from '../registry/helpers';
import { describeClient } from './support';

afterEach(cleanUp);

describeClient('npm', (npm) => {
  test('installs a package whose tarball is on another host, and audits it, through a remote and a virtual', async () => {
    const archive = tarball({ 'package/package.json': '{"name":"@s/pk","version":"1.0.0"}' });
    const cdn = await upstream((_request, response) => void response.end(archive));
    const asked: string[] = [];
    const up = await upstream((request, response) => {
      response.setHeader('content-type', 'application/json');
      if (request.method === 'POST') {
        asked.push(String(request.url));
        return void response.end(
          JSON.stringify({ '@s/pk': [{ id: 1, url: 'https://example.com/1', title: 'bad', severity: 'high', vulnerable_versions: '<2' }] }),
        );
      }
      if (decodeURIComponent(String(request.url)) !== '/@s/pk') return void response.writeHead(404).end('{}');
      const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
      const version = { name: '@s/pk', version: '1.0.0', dist: { tarball: `${cdn.url}/x/pk-1.0.0.tgz`, integrity } };
      response.end(JSON.stringify({ name: '@s/pk', 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version } }));
    });
    const { url } = await registry();
    await addRemote(url, { name: 'r', package_type: 'npm', base_url: up.url, mutable_ttl: 3600 });
    await addVirtual(url, { name: 'v', package_type: 'npm', members: ['r'] });
    for (const place of ['remote/r', 'virtual/v']) {
      const cwd = tempFolder();
      writeFileSync(join(cwd, 'package.json'), '{"name":"x","version":"1.0.0","dependencies":{"@s/pk":"1.0.0"}}');
      const env = {
        HOME: cwd,
        npm_config_registry: `${url}/api/v1/${place}/`,
        npm_config_cache: join(cwd, 'cache'),
        npm_config_update_notifier: 'false',
      };
      await npm(['install', '--no-fund', '--no-audit'], { cwd, env });
      expect(readFileSync(join(cwd, 'package-lock.json'), 'utf8')).toContain(`${url}/api/v1/${place}/`);
      await expect(npm(['audit'], { cwd, env })).rejects.toThrow('1 high severity vulnerability');
    }
    expect(cdn.requests).toHaveLength(1);
    expect(asked).toEqual(Array(2).fill('/-/npm/v1/security/advisories/bulk'));
  });
});
