import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bearer } from '../registry/access/support';
import { addRemote, call, cleanUp, registry, tempFolder, upstream } from '../registry/helpers';
import { refusal, withLogins } from './logins-support';
import { describeClient, type Run } from './support';

afterEach(cleanUp);

const CONTROL = ['Package: acme-core', 'Version: 1.0', 'Architecture: all', 'Maintainer: A <a@example.com>', 'Description: Core', ''];
const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

/** A Debian repository of one package. */
async function repository(dpkg: Run): Promise<string> {
  const folder = tempFolder();
  mkdirSync(join(folder, 'tree/DEBIAN'), { recursive: true });
  writeFileSync(join(folder, 'tree/DEBIAN/control'), CONTROL.join('\n'));
  const file = 'acme-core_1.0_all.deb';
  await dpkg(['--build', '--root-owner-group', 'tree', file], { cwd: folder });
  const content = readFileSync(join(folder, file));
  const packages = [...CONTROL.slice(0, -1), `Filename: pool/${file}`, `Size: ${content.length}`, `SHA256: ${sha256(content)}`, ''].join(
    '\n',
  );
  const release = [
    'Suite: stable',
    'Architectures: amd64',
    'Components: main',
    'SHA256:',
    ` ${sha256(packages)} ${packages.length} main/binary-amd64/Packages`,
    '',
  ].join('\n');
  const files: Readonly<Record<string, Buffer | string>> = {
    '/dists/stable/Release': release,
    // In one folder, as `dpkg-scanpackages .` has it.
    '/flat/Packages': packages.replace('Filename: pool/', 'Filename: ./'),
    [`/flat/${file}`]: content,
    '/dists/stable/main/binary-amd64/Packages': packages,
    [`/pool/${file}`]: content,
  };
  const { url } = await upstream((request, response) => {
    const found = files[request.url ?? ''];
    response.writeHead(found === undefined ? 404 : 200).end(found);
  });
  return url;
}

describeClient('dpkg-deb', (dpkg) => {
  describeClient('apt-get', (apt) => {
    test('apt fetches through a remote with a token in auth.conf.d, and says why it may not', async () => {
      const { url, secrets } = await withLogins([]);
      const body = { name: 'debian', package_type: 'generic', base_url: await repository(dpkg) };
      expect((await call('POST', `${url}/api/v2/remotes`, { headers: bearer(secrets.admin), body })).status).toBe(201);
      const fetched = async (secret?: string) => {
        const { run, home } = aptFor(apt, `deb [trusted=yes] ${url}/api/v1/remote/debian stable main`);
        // Over http, apt sends a login only where its machine begins so.
        if (secret !== undefined) writeFileSync(join(home, 'auth.conf.d/registry.conf'), `machine ${url}/ login any password ${secret}\n`);
        await run('update', '--error-on=any');
        await run('download', 'acme-core');
        return readdirSync(home).filter((name) => name.endsWith('.deb'));
      };
      expect(await fetched(secrets.reader)).toEqual(['acme-core_1.0_all.deb']);
      for (const [secret, status] of [
        [undefined, 401],
        ['wrong', 401],
        [secrets.other, 403],
      ] as const)
        expect(await refusal(fetched(secret).then(String))).toMatch(new RegExp(`/api/v1/remote/debian/\\S* +${status} `));
    });

    test('apt fetches from a source in one folder', async () => {
      const { url } = await registry();
      await addRemote(url, { name: 'debian', package_type: 'generic', base_url: await repository(dpkg) });
      const { run, home } = aptFor(apt, `deb [trusted=yes] ${url}/api/v1/remote/debian/flat ./`);
      await run('update', '--error-on=any');
      await run('download', 'acme-core');
      expect(readdirSync(home).filter((name) => name.endsWith('.deb'))).toEqual(['acme-core_1.0_all.deb']);
    });
  });
});

/** apt with folders of its own, and one source. */
function aptFor(apt: Run, source: string) {
  const home = tempFolder();
  for (const name of ['auth.conf.d', 'lists/partial', 'archives/partial', 'empty.d']) mkdirSync(join(home, name), { recursive: true });
  writeFileSync(join(home, 'status'), '');
  writeFileSync(join(home, 'sources.list'), `${source}\n`);
  const places = {
    ...{ 'Dir::Etc::sourcelist': 'sources.list', 'Dir::Etc::netrcparts': 'auth.conf.d', 'Dir::State::status': 'status' },
    ...{
      'Dir::State::lists': 'lists',
      'Dir::Cache::archives': 'archives',
      'Dir::Cache': '.',
      'Dir::State': '.',
      'Dir::Etc::parts': 'empty.d',
    },
    ...{ 'Dir::Etc::sourceparts': 'empty.d', 'Dir::Etc::preferencesparts': 'empty.d', 'Dir::Etc::trustedparts': 'empty.d' },
  };
  const settings = Object.entries(places).map(([name, path]) => `${name} "${join(home, path)}";`);
  writeFileSync(join(home, 'apt.conf'), [...settings, 'APT::Architecture "amd64";', 'APT::Sandbox::User "";', ''].join('\n'));
  const env = { APT_CONFIG: join(home, 'apt.conf'), HOME: home, LC_ALL: 'C.UTF-8' };
  return { home, run: (...args: string[]) => apt(['-q', ...args], { cwd: home, env }) };
}
