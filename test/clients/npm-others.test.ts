import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { call, cleanUp, tempFolder } from '../registry/helpers';
import { installed, npmInBkRepo, npmRepositories } from './npm-support';
import { describeClient, type Run } from './support';

afterEach(cleanUp);

const CORE = { name: '@acme/core', version: '1.0.0', description: 'of the team', license: 'MIT' };

/** A project folder with its `package.json` and one file of configuration, and nothing else that a client could read. */
function project(run: Run, [file, configuration]: readonly [file: string, text: string], manifest: object) {
  const cwd = tempFolder();
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(cwd, file), configuration);
  return { cwd, run: (...args: string[]) => run(args, { cwd, env: { HOME: cwd, YARN_ENABLE_TELEMETRY: '0' } }) };
}

const user = (dependencies: object) => ({ name: 'user', version: '1.0.0', license: 'MIT', dependencies });

describeClient('pnpm', (pnpm) => {
  test('publishes into a local, installs through all kinds of repositories, and audits without naming what is internal', async () => {
    const { npmrc, open, url } = await npmRepositories();
    const author = project(pnpm, ['.npmrc', npmrc.local], CORE);
    await author.run('publish', '--no-git-checks');
    await expect(author.run('publish', '--no-git-checks', '--force')).rejects.toThrow('@acme/core@1.0.0 is already published');
    const inside = project(pnpm, ['.npmrc', npmrc.local], user({ '@acme/core': '^1.0.0' }));
    await inside.run('install');
    expect(installed(inside.cwd, '@acme/core')).toMatchObject(CORE);
    const outside = project(pnpm, ['.npmrc', npmrc.remote], user({ 'public-pad': '^1.0.0' }));
    await outside.run('install');
    expect(installed(outside.cwd, 'public-pad').version).toBe('1.0.0');
    const both = project(pnpm, ['.npmrc', npmrc.virtual], user({ '@acme/core': '*', 'public-pad': '^1.0.0' }));
    await both.run('install');
    expect([installed(both.cwd, '@acme/core').description, installed(both.cwd, 'public-pad').version]).toEqual(['of the team', '1.0.0']);
    await expect(both.run('add', '@acme/core@9.9.9')).rejects.toThrow('9.9.9');
    await expect(both.run('audit')).rejects.toThrow('1 vulnerabilities found');
    expect(open.audited).toEqual([{ 'public-pad': ['1.0.0'] }]);
    await author.run('dist-tag', 'add', '@acme/core@1.0.0', 'stable');
    expect((await call('GET', `${url}/api/v1/local/l/-/package/@acme%2fcore/dist-tags`)).json).toEqual({
      latest: '1.0.0',
      stable: '1.0.0',
    });
  });
});

describeClient('yarn1', (yarn) => {
  test('publishes into a local, and installs through all kinds of repositories', async () => {
    const { npmrc, url } = await npmRepositories();
    const author = project(yarn, ['.npmrc', npmrc.local], CORE);
    await author.run('publish', '--non-interactive');
    await expect(author.run('publish', '--non-interactive')).rejects.toThrow('@acme/core@1.0.0 is already published');
    const inside = project(yarn, ['.npmrc', npmrc.local], user({ '@acme/core': '^1.0.0' }));
    await inside.run('install');
    expect(installed(inside.cwd, '@acme/core')).toMatchObject(CORE);
    const outside = project(yarn, ['.npmrc', npmrc.remote], user({ 'public-pad': '^1.0.0' }));
    await outside.run('install');
    expect(installed(outside.cwd, 'public-pad').version).toBe('1.0.0');
    const both = project(yarn, ['.npmrc', npmrc.virtual], user({ '@acme/core': '*', 'public-pad': '^1.0.0' }));
    await both.run('install');
    expect([installed(both.cwd, '@acme/core').description, installed(both.cwd, 'public-pad').version]).toEqual(['of the team', '1.0.0']);
    expect(readFileSync(join(both.cwd, 'yarn.lock'), 'utf8')).toContain(`${url}/api/v1/virtual/v/@acme/core/-/core-1.0.0.tgz`);
    await expect(both.run('add', '@acme/core@9.9.9', '--non-interactive')).rejects.toThrow('9.9.9');
    expect(await both.run('tag', 'list', '@acme/core')).toContain('latest: 1.0.0');
  });
});

describeClient('yarn4', (yarn) => {
  test('publishes into a local, installs through all kinds of repositories, and audits without naming what is internal', async () => {
    const { yarnrc, open } = await npmRepositories();
    // The page of the package type says how what was published a moment ago is installed at once.
    const page = readFileSync(join(__dirname, '../../docs/artifactapi/resources/local_npm.md'), 'utf8');
    const [, own = ''] = /`npmPreapprovedPackages`, such as `([^`]+)`/.exec(page) ?? [];
    const rc = (text: string) => ['.yarnrc.yml', `${text}nodeLinker: node-modules\nnpmPreapprovedPackages: ${own}\n`] as const;
    const author = project(yarn, rc(yarnrc.local), CORE);
    await author.run('install');
    await author.run('npm', 'publish');
    await expect(author.run('npm', 'publish')).rejects.toThrow('@acme/core@1.0.0 is already published');
    await author.run('npm', 'tag', 'add', '@acme/core@1.0.0', 'stable');
    const inside = project(yarn, rc(yarnrc.local), user({ '@acme/core': 'stable' }));
    await inside.run('install');
    expect(installed(inside.cwd, '@acme/core')).toMatchObject(CORE);
    const outside = project(yarn, rc(yarnrc.remote), user({ 'public-pad': '^1.0.0' }));
    await outside.run('install');
    expect(installed(outside.cwd, 'public-pad').version).toBe('1.0.0');
    const both = project(yarn, rc(yarnrc.virtual), user({ '@acme/core': '*', 'public-pad': '^1.0.0' }));
    await both.run('install');
    expect([installed(both.cwd, '@acme/core').description, installed(both.cwd, 'public-pad').version]).toEqual(['of the team', '1.0.0']);
    await expect(both.run('add', '@acme/core@9.9.9')).rejects.toThrow('9.9.9');
    await expect(both.run('npm', 'audit')).rejects.toThrow('public-pad');
    expect(open.audited).toEqual([{ 'public-pad': ['1.0.0'] }]);
  });
});

describe.each([
  { client: 'pnpm', file: 'npmrc', publish: ['publish', '--no-git-checks'] },
  { client: 'yarn1', file: 'npmrc', publish: ['publish', '--non-interactive'] },
  { client: 'yarn4', file: 'yarnrc', publish: ['npm', 'publish'] },
] as const)('repositories of BK-Repo', ({ client, file, publish }) => {
  describeClient(client, (run) => {
    test('take a package, and give it out through a virtual repository, with the password of a user', async () => {
      const { open, local, virtual } = await npmInBkRepo();
      const configuration = (place: typeof local) =>
        file === 'npmrc'
          ? (['.npmrc', place.npmrc] as const)
          : (['.yarnrc.yml', `${place.yarnrc}nodeLinker: node-modules\nnpmMinimalAgeGate: 0\n`] as const);
      const author = project(run, configuration(local), CORE);
      await author.run('install');
      await author.run(...publish);
      const both = project(run, configuration(virtual), user({ '@acme/core': '*', 'public-pad': '^1.0.0' }));
      await both.run('install');
      expect([installed(both.cwd, '@acme/core').description, installed(both.cwd, 'public-pad').version]).toEqual(['of the team', '1.0.0']);
      const stranger = project(
        run,
        [configuration(virtual)[0], configuration(virtual)[1].replace(/.*_auth=.*|npmAuthIdent.*|.*[aA]lways.*/g, '')],
        CORE,
      );
      await expect(stranger.run('add', 'public-pad')).rejects.toThrow(/401|[Aa]uth/);
      expect(open.requests.map(({ url }) => decodeURIComponent(String(url)))).not.toContainEqual(expect.stringContaining('acme'));
    });
  });
});
