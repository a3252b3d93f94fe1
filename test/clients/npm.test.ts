import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addRemote, addVirtual, call, cleanUp, registry, tarball, tempFolder, upstream } from '../registry/helpers';
import { addRepository, bkRepo } from '../registry/bkrepo/artifacts/support';
import { publish } from '../registry/formats/npm-publication';
import { installed, npmRepositories } from './npm-support';
import { describeClient, type Run } from './support';

afterEach(cleanUp);

/** A project folder with its `package.json`, where npm has no configuration but the text that it is given. */
function project(run: Run, npmrc: string, manifest: Record<string, unknown> = {}) {
  const cwd = tempFolder();
  const write = (content: Record<string, unknown>) => writeFileSync(join(cwd, 'package.json'), JSON.stringify(content));
  write({ name: 'x', version: '1.0.0', ...manifest });
  writeFileSync(join(cwd, '.npmrc'), npmrc);
  const env = { HOME: cwd, npm_config_cache: join(cwd, 'cache'), npm_config_update_notifier: 'false', npm_config_fund: 'false' };
  return { cwd, write, npm: (...args: string[]) => run(args, { cwd, env }) };
}

const json = async (text: Promise<string>) => JSON.parse(await text) as unknown;

describeClient('npm', (npm) => {
  test('publishes scoped and plain packages into a local, and installs them from it and from a virtual, whose own come first', async () => {
    const {
      url,
      open,
      npmrc: { local, virtual },
    } = await npmRepositories();
    const core = { name: '@acme/core', version: '1.0.0', description: 'of the team', bin: './cli.js', scripts: { install: 'node cli.js' } };
    const author = project(npm, local, core);
    writeFileSync(join(author.cwd, 'cli.js'), '');
    await author.npm('publish');
    author.write({ name: 'plain', version: '2.0.0', dependencies: { '@acme/core': '^1.0.0' } });
    await author.npm('publish');
    for (const [npmrc, place] of [
      [local, 'local/l'],
      [virtual, 'virtual/v'],
    ] as const) {
      const user = project(npm, npmrc, { dependencies: { plain: '^2.0.0' } });
      await user.npm('install');
      expect([installed(user.cwd, 'plain').version, installed(user.cwd, '@acme/core').description]).toEqual(['2.0.0', 'of the team']);
      const lock = readFileSync(join(user.cwd, 'package-lock.json'), 'utf8');
      expect(lock).toContain(`${url}/api/v1/${place}/@acme/core/-/core-1.0.0.tgz`);
      expect(lock).toContain('hasInstallScript');
    }
    const user = project(npm, virtual, { dependencies: { 'public-pad': '*' } });
    await user.npm('install');
    expect(installed(user.cwd, 'public-pad').description).toBe('of the public');
    expect(await json(user.npm('view', '@acme/core', '--json'))).toMatchObject({ version: '1.0.0', description: 'of the team' });
    await expect(user.npm('install', '@acme/core@9.9.9')).rejects.toThrow('No matching version found for @acme/core@9.9.9');
    await expect(user.npm('audit')).rejects.toThrow('1 high severity vulnerability');
    expect(open.audited.at(-1)).toEqual({ 'public-pad': ['1.0.0'] });
    expect(JSON.stringify(open.audited)).not.toContain('acme');
    expect(await json(user.npm('search', 'pad', '--json'))).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'public-pad' })]) as unknown,
    );
  });

  test('a version is published once, and another one moves the tag', async () => {
    const {
      npmrc: { local },
    } = await npmRepositories();
    const author = project(npm, local, { name: 'app', version: '1.0.0', description: 'an application', keywords: ['useful'] });
    await author.npm('publish');
    await expect(author.npm('publish')).rejects.toThrow(/previously published versions|over existing version|cannot be replaced/);
    // Which of two files npm unpacks is up to npm.
    const told = (name: string) => JSON.stringify({ name, version: '3.0.0' });
    writeFileSync(join(author.cwd, 'two.tgz'), tarball({ 'package/package.json': told('lib'), 'x/package.json': told('app') }));
    await expect(author.npm('publish', './two.tgz')).rejects.toThrow(/400 Bad Request[^]*it has more than one x\/package.json/);
    author.write({ name: 'app', version: '1.1.0', description: 'an application' });
    await author.npm('publish');
    author.write({ name: 'app', version: '2.0.0-beta.1' });
    await author.npm('publish', '--tag', 'beta');
    expect(await json(author.npm('view', 'app', 'versions', '--json'))).toEqual(['1.0.0', '1.1.0', '2.0.0-beta.1']);
    expect((await author.npm('dist-tag', 'ls', 'app')).trim().split('\n')).toEqual(['beta: 2.0.0-beta.1', 'latest: 1.1.0']);
    await author.npm('dist-tag', 'add', 'app@1.0.0', 'old');
    await author.npm('dist-tag', 'rm', 'app', 'beta');
    expect(await json(author.npm('view', 'app', 'dist-tags', '--json'))).toEqual({ latest: '1.1.0', old: '1.0.0' });
    expect((await author.npm('view', 'app@old', 'version')).trim()).toBe('1.0.0');
    expect(await json(author.npm('search', 'applic', '--json'))).toMatchObject([{ name: 'app', version: '1.1.0' }]);
    expect(await json(author.npm('search', 'nothing-like-it', '--json'))).toEqual([]);
    await expect(author.npm('dist-tag', 'add', 'app@9.9.9', 'none')).rejects.toThrow('app@9.9.9 is not published');
  });

  test('versions are deprecated and unpublished, and so is a package', async () => {
    const {
      url,
      npmrc: { local },
    } = await npmRepositories();
    const author = project(npm, local, { name: '@acme/app', version: '1.0.0' });
    await author.npm('publish');
    author.write({ name: '@acme/app', version: '1.1.0' });
    await author.npm('publish');
    await author.npm('deprecate', '@acme/app@1.0.0', 'use 1.1.0');
    expect((await author.npm('view', '@acme/app@1.0.0', 'deprecated')).trim()).toBe('use 1.1.0');
    expect((await author.npm('view', '@acme/app@1.1.0', 'deprecated')).trim()).toBe('');
    await author.npm('unpublish', '@acme/app@1.1.0');
    expect(await json(author.npm('view', '@acme/app', '--json'))).toMatchObject({ version: '1.0.0', deprecated: 'use 1.1.0' });
    const files = async () =>
      ((await call('GET', `${url}/api/v2/locals/l/objects`)).json as { items: { path: string }[] | null }).items?.map(({ path }) => path);
    expect(await files()).toEqual(['.npm/@acme/app/package.json', '@acme/app/-/app-1.0.0.tgz']);
    await author.npm('unpublish', '@acme/app', '--force');
    await expect(author.npm('view', '@acme/app')).rejects.toThrow('404');
    expect(await files()).toBeUndefined();
  });

  test('publishes into a local repository of BK-Repo and installs from there, with the password of a user', async () => {
    const admin = await bkRepo();
    await addRepository(admin, { name: 'npm', type: 'NPM' });
    const place = `${admin.url}/npm/pp/npm/`;
    const npmrc = `registry=${place}\n${place.replace('http:', '')}:_auth=${btoa('admin:password')}\n`;
    const author = project(npm, npmrc, { name: '@acme/app', version: '1.0.0', description: 'of the team' });
    await author.npm('publish');
    author.write({ name: '@acme/app', version: '1.1.0', description: 'of the team' });
    await author.npm('publish', '--tag', 'next');
    await author.npm('deprecate', '@acme/app@1.0.0', 'use 1.1.0');
    expect((await author.npm('dist-tag', 'ls', '@acme/app')).trim().split('\n')).toEqual(['latest: 1.0.0', 'next: 1.1.0']);
    const user = project(npm, npmrc, { dependencies: { '@acme/app': 'next' } });
    await user.npm('install');
    expect(installed(user.cwd, '@acme/app')).toMatchObject({ version: '1.1.0', description: 'of the team' });
    expect(await json(user.npm('search', 'team', '--json'))).toMatchObject([{ name: '@acme/app' }]);
    await author.npm('unpublish', '@acme/app@1.0.0');
    expect(await json(author.npm('view', '@acme/app', 'versions', '--json'))).toEqual(['1.1.0']);
    await expect(project(npm, `registry=${place}\n`).npm('view', '@acme/app')).rejects.toThrow('401');
  });

  test('of twenty versions that are published at once none is lost', async () => {
    const { url } = await npmRepositories();
    const versions = Array.from({ length: 20 }, (_, n) => `1.0.${n}`);
    const answers = await Promise.all(versions.map((version) => publish(url, { name: 'busy', version })));
    expect(answers.map(({ status }) => status)).toEqual(versions.map(() => 201));
    const { json: document } = await call('GET', `${url}/api/v1/local/l/busy`);
    expect(Object.keys((document as { versions: object }).versions).sort()).toEqual([...versions].sort());
  });

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
