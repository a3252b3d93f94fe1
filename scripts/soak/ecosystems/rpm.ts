import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { small } from '../../../test/clients/rpm-support';
import { type Ecosystem, shelfOf } from './ecosystem';

/** dnf; packages are uploaded by curl, and createrepo_c makes the index of the upstream. */
export const rpm: Ecosystem = {
  name: 'dnf',
  packageType: 'rpm',
  programs: ['dnf', 'rpmbuild', 'createrepo_c', 'curl'],
  make: async (name, _random, work) => {
    const version = '1.0';
    writeFileSync(work.path('it.spec'), small(name, version));
    await work.run('rpmbuild', ['-bb', '--quiet', '--define', `_topdir ${work.folder}`, 'it.spec']);
    const file = `${name}-${version}-1.noarch.rpm`;
    return { name, file, version, contents: [{ path: file, body: readFileSync(work.path('RPMS', 'noarch', file)) }] };
  },
  upstream: async (items, work) => {
    const folder = work.path('repository');
    mkdirSync(folder);
    for (const { file, contents } of items) writeFileSync(join(folder, file), contents[0]?.body ?? '');
    await work.run('createrepo_c', ['--quiet', '--no-database', folder]);
    const all = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const files = all.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [`/${relative(folder, path)}`, { body: readFileSync(path), isAnnounced: /^[0-9a-f]{64}-/.test(name) }] as const;
    });
    return shelfOf(new Map(files));
  },
  publish: async ({ uploadUrl }, { file, contents }, work) => {
    writeFileSync(work.path(file), contents[0]?.body ?? '');
    await work.run('curl', ['-q', '-fsS', '-T', file, `${uploadUrl}/${file}`]);
  },
  download: async ({ url }, { name, file }, work) => {
    for (const folder of ['log', 'cache', 'persist', 'repos', 'root']) mkdirSync(work.path(folder));
    const places = ['log', 'cache', 'persist'].map((each) => `${each}dir=${work.path(each)}`);
    const options = [`reposdir=${work.path('repos')}`, 'plugins=0', 'retries=1', 'timeout=60', 'zchunk=0'];
    writeFileSync(work.path('dnf.conf'), ['[main]', ...places, ...options, ''].join('\n'));
    writeFileSync(work.path('repos', 'it.repo'), `[it]\nname=it\nbaseurl=${url}\ngpgcheck=0\n`);
    const own = ['-c', work.path('dnf.conf'), '--installroot', work.path('root'), '--releasever', '9', '-y', '-q'];
    await work.run('dnf', [...own, 'install', '--downloadonly', '--downloaddir', work.path('out'), name]);
    return [readFileSync(work.path('out', file))];
  },
};
