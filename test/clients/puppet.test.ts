import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientFormats } from '../../src/common/client-config';
import { type RepositoryKind } from '../../src/common/repository-url';
import { addRemote, addVirtual, call, cleanUp, registry, tempFolder, upstream } from '../registry/helpers';
import { forge, type GivenRelease, moduleArchive, releaseOf } from './forge';
import { describeClient, type Run } from './support';

afterEach(cleanUp);

async function publish(url: string, repository: string, [slug, version, dependencies]: GivenRelease): Promise<void> {
  const path = `${url}/api/v2/remotes/${repository}/files/v3/files/${slug}-${version}.tar.gz`;
  const answer = await call('PUT', path, { body: moduleArchive(slug, version, dependencies) });
  expect([answer.status, answer.status === 201 ? '' : answer.text]).toEqual([201, '']);
}

/** A registry with a local repository of two modules, one of which needs the other. */
async function withModules(): Promise<string> {
  const { url } = await registry();
  await addRemote(url, { name: 'modules', package_type: 'puppet', repo_type: 'local' });
  await publish(url, 'modules', ['acme-base', '1.0.0']);
  await publish(url, 'modules', ['acme-base', '2.0.0']);
  await publish(url, 'modules', ['acme-base', '3.0.0-rc1']);
  await publish(url, 'modules', ['acme-ntp', '1.0.0', [{ name: 'acme/base', version_requirement: '>= 1.0.0 < 2.0.0' }]]);
  return url;
}

/** A registry with a remote of a Forge with more releases of a module than there are on a page. */
async function withForge() {
  const many = Array.from({ length: 25 }, (_, at): GivenRelease => ['acme-many', `1.${25 - at}.0`]);
  const theirs = await forge([['acme-ntp', '1.0.0', [{ name: 'acme/many', version_requirement: '<= 1.3.0' }]], ...many]);
  const { url } = await registry();
  await addRemote(url, { name: 'forge', package_type: 'puppet', base_url: theirs.url });
  return { forge: theirs, url };
}

/** An endpoint, and a repository there. */
type Place = readonly [string, RepositoryKind, string];

/** Puppet with what `clientConfig()` gives, and with modules in a folder of its own. */
function puppetFor(puppet: Run, [endpoint, kind, name]: Place) {
  const home = tempFolder();
  writeFileSync(join(home, 'puppet.conf'), clientFormats.find((format) => format.name === 'puppet')?.text({ endpoint, kind, name }) ?? '');
  const modules = join(home, 'modules');
  mkdirSync(modules);
  const common = ['--confdir', home, '--vardir', join(home, 'var'), '--modulepath', modules];
  return {
    run: (...args: string[]) => puppet(['module', ...args, ...common], { cwd: home, env: { HOME: home, LANG: 'C.UTF-8' } }),
    versionOf: (module: string) =>
      (JSON.parse(readFileSync(join(modules, module, 'metadata.json'), 'utf8')) as { version: string }).version,
  };
}

describeClient('puppet', (puppet) => {
  test('installs a module of a local repository with what it depends on, and upgrades it', async () => {
    const url = await withModules();
    const client = puppetFor(puppet, [url, 'local', 'modules']);
    await client.run('install', 'acme-ntp');
    expect([client.versionOf('ntp'), client.versionOf('base')]).toEqual(['1.0.0', '1.0.0']);
    await publish(url, 'modules', ['acme-base', '1.5.0']);
    await publish(url, 'modules', ['acme-ntp', '1.1.0', [{ name: 'acme/base', version_requirement: '>= 1.5.0' }]]);
    await client.run('upgrade', 'acme-ntp');
    expect([client.versionOf('ntp'), client.versionOf('base')]).toEqual(['1.1.0', '1.5.0']);
  });

  test('says what is not there', async () => {
    const url = await withModules();
    const { run } = puppetFor(puppet, [url, 'local', 'modules']);
    const failure = (...args: string[]) => run(...args).catch(({ message }: Error) => message.replace(/\s+/g, ' '));
    expect(await failure('install', 'acme-other')).toMatch(/No releases are available from http/);
    expect(await failure('install', 'acme-ntp', '--version', '9.0.0')).toMatch(/No releases matching '9.0.0' are available/);
  });

  test('installs through a remote and a virtual, more pages than one, and from the cache', async () => {
    const url = await withModules();
    for (let minor = 1; minor <= 25; minor++) await publish(url, 'modules', ['acme-many', `1.${minor}.0`]);
    const near = await registry();
    await addRemote(near.url, { name: 'forge', package_type: 'puppet', base_url: `${url}/api/v1/local/modules` });
    await addRemote(near.url, { name: 'own', package_type: 'puppet', repo_type: 'local' });
    await publish(near.url, 'own', ['corp-app', '1.0.0', [{ name: 'acme/many', version_requirement: '1.1.0' }]]);
    await addVirtual(near.url, { name: 'all', package_type: 'puppet', members: ['own', 'forge'] });
    const all = puppetFor(puppet, [near.url, 'virtual', 'all']);
    await all.run('install', 'corp-app');
    expect([all.versionOf('app'), all.versionOf('many')]).toEqual(['1.0.0', '1.1.0']);
    const forge = puppetFor(puppet, [near.url, 'remote', 'forge']);
    await forge.run('install', 'acme-many', '--version', '1.25.0');
    expect(forge.versionOf('many')).toBe('1.25.0');
    const archive = await call('GET', `${near.url}/api/v1/virtual/all/v3/files/acme-many-1.1.0.tar.gz`);
    expect([archive.status, archive.header('x-artifact-source')]).toEqual([200, 'cache']);
  });

  test('takes an internal module from nowhere else, whatever the upstream has', async () => {
    const outside = await registry();
    await addRemote(outside.url, { name: 'modules', package_type: 'puppet', repo_type: 'local' });
    await publish(outside.url, 'modules', ['acme-ntp', '99.0.0']);
    await publish(outside.url, 'modules', ['else-thing', '1.0.0']);
    const url = await withModules();
    await addRemote(url, { name: 'forge', package_type: 'puppet', base_url: `${outside.url}/api/v1/local/modules` });
    await addVirtual(url, { name: 'all', package_type: 'puppet', members: ['forge', 'modules'] });
    const client = puppetFor(puppet, [url, 'virtual', 'all']);
    await client.run('install', 'acme-ntp');
    await client.run('install', 'else-thing');
    expect([client.versionOf('ntp'), client.versionOf('thing')]).toEqual(['1.0.0', '1.0.0']);
    const root = `${url}/api/v1/virtual/all/v3`;
    const statusOf = async (path: string) => (await call('GET', `${root}/${path}`)).status;
    const slugsAt = async (path: string) =>
      ((await call('GET', `${root}/${path}`)).json as { results: readonly { slug: string }[] }).results.map(({ slug }) => slug);
    for (const query of [
      'module=acme-ntp',
      'module=ACME-ntp',
      'module=acme/ntp',
      'module=acme-ntp&offset=20',
      'x=1&module=else-thing&module=acme-ntp',
    ])
      expect([query, (await slugsAt(`releases?${query}`)).filter((slug) => slug.includes('99'))]).toEqual([query, []]);
    expect(
      await Promise.all(['files/acme-ntp-99.0.0.tar.gz', 'releases/acme-ntp-99.0.0', 'files/Acme-ntp-99.0.0.tar.gz'].map(statusOf)),
    ).toEqual([404, 404, 404]);
    for (const list of ['modules?query=', 'releases?version=99.0.0', 'releases?offset=20', 'modules?exclude_fields=slug']) {
      const { results } = (await call('GET', `${root}/${list}`)).json as { results: unknown };
      expect([list, JSON.stringify(results)]).toEqual([list, expect.not.stringMatching(/99\.0\.0|else-thing/)]);
    }
  });

  test('installs through a remote of a Forge that answers as its API is documented, beyond the first page', async () => {
    const { forge: theirs, url } = await withForge();
    const client = puppetFor(puppet, [url, 'remote', 'forge']);
    await client.run('install', 'acme-ntp');
    expect([client.versionOf('ntp'), client.versionOf('many')]).toEqual(['1.0.0', '1.3.0']);
    expect(theirs.requests.some(({ url: path }) => path?.includes('offset=20'))).toBe(true);
    // What it says of a release comes through as it is.
    const answer = await call('GET', `${url}/api/v1/remote/forge/v3/releases/acme-many-1.25.0`);
    expect(answer.json).toEqual(releaseOf(['acme-many', '1.25.0']));
    await expect(client.run('install', 'acme-nothing')).rejects.toThrow(/No releases are available/);
  });

  test('refuses an archive that the upstream changed after it said what it is', async () => {
    const archive = moduleArchive('acme-ntp', '1.0.0');
    const release = {
      slug: 'acme-ntp-1.0.0',
      version: '1.0.0',
      metadata: { name: 'acme-ntp', version: '1.0.0' },
      file_uri: '/v3/files/acme-ntp-1.0.0.tar.gz',
      file_sha256: createHash('sha256').update(archive).digest('hex'),
    };
    const forge = await upstream((request, response) => {
      if (request.url?.endsWith('.tar.gz'))
        return response.end(moduleArchive('acme-ntp', '1.0.0', [{ name: 'x/y', version_requirement: '1' }]));
      response.setHeader('content-type', 'application/json');
      const one = request.url?.startsWith('/v3/releases/');
      return response.end(JSON.stringify(one ? release : { pagination: { next: null }, results: [release] }));
    });
    const { url } = await registry();
    await addRemote(url, { name: 'forge', package_type: 'puppet', base_url: forge.url });
    const { run } = puppetFor(puppet, [url, 'remote', 'forge']);
    const said = await run('install', 'acme-ntp').catch(({ message }: Error) => message.replace(/\s+/g, ' '));
    expect(said).toMatch(/502 Bad Gateway/);
    expect(said).toContain(release.file_sha256);
  });
});

describeClient('r10k', (r10k) => {
  /** Deploys what a Puppetfile names; r10k knows its forge from its configuration alone. */
  async function install([endpoint, kind, name]: Place, puppetfile: string): Promise<string> {
    const home = tempFolder();
    const forge = clientFormats.find((format) => format.name === 'r10k')?.text({ endpoint, kind, name }) ?? '';
    writeFileSync(join(home, 'r10k.yaml'), `cachedir: ${home}/cache\n${forge}`);
    writeFileSync(join(home, 'Puppetfile'), puppetfile);
    const [file, into] = [join(home, 'Puppetfile'), join(home, 'modules')];
    await r10k(['puppetfile', 'install', '--puppetfile', file, '--moduledir', into, '--config', join(home, 'r10k.yaml')], {
      cwd: home,
      env: { HOME: home, LANG: 'C.UTF-8' },
    });
    return into;
  }
  const versionIn = (modules: string, name: string) =>
    (JSON.parse(readFileSync(join(modules, name, 'metadata.json'), 'utf8')) as { version: string }).version;

  test('deploys from a local repository, a remote and a virtual: the latest release and a fixed one', async () => {
    const url = await withModules();
    const near = await registry();
    await addRemote(near.url, { name: 'forge', package_type: 'puppet', base_url: `${url}/api/v1/local/modules` });
    await addVirtual(near.url, { name: 'all', package_type: 'puppet', members: ['forge'] });
    for (const from of [
      [url, 'local', 'modules'],
      [near.url, 'remote', 'forge'],
      [near.url, 'virtual', 'all'],
    ] as const) {
      const modules = await install(from, `mod 'acme-base', :latest\nmod 'acme-ntp', '1.0.0'\n`);
      expect([versionIn(modules, 'base'), versionIn(modules, 'ntp')]).toEqual(['2.0.0', '1.0.0']);
    }
  });

  test('deploys through a remote of a Forge that answers as its API is documented', async () => {
    const { forge: theirs, url } = await withForge();
    const modules = await install([url, 'remote', 'forge'], `mod 'acme-many', :latest\nmod 'acme-ntp', '1.0.0'\n`);
    expect([versionIn(modules, 'many'), versionIn(modules, 'ntp')]).toEqual(['1.25.0', '1.0.0']);
    expect(theirs.requests.map(({ url: path }) => path)).toContain('/v3/files/acme-many-1.25.0.tar.gz');
  });

  test('says which module is not there', async () => {
    const url = await withModules();
    await expect(install([url, 'local', 'modules'], `mod 'acme-nothing', :latest\n`)).rejects.toThrow(/acme-nothing does not exist/);
  });
});
