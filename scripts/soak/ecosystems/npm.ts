import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { tarball } from '../../../test/registry/helpers';
import { type Workspace } from '../client';
import { type Ecosystem, filling, type Item, type Place } from './ecosystem';

const OPTIONS = ['--no-audit', '--no-fund', '--fetch-retries=0', '--loglevel=http'];

/** npm, which publishes archives and gets them back. */
export const npm: Ecosystem = {
  name: 'npm',
  packageType: 'npm',
  programs: ['npm'],
  make: (name, random) => {
    const version = '1.0.0';
    const manifest = JSON.stringify({ name, version, description: random.words() });
    const body = tarball({ 'package/package.json': manifest, 'package/index.js': filling(name, random) });
    const file = `${name}-${version}.tgz`;
    return Promise.resolve({ name, file, version, contents: [{ path: `${name}/-/${file}`, body }] });
  },
  upstream: (items) => {
    const byName = new Map(items.map((item) => [item.name, item]));
    return Promise.resolve((path, host) => {
      const [, name = '', archive] = /^\/([\w-]+)(\/-\/.+\.tgz)?$/.exec(path) ?? [];
      const item = byName.get(name);
      if (!item) return undefined;
      if (archive) return { body: contentOf(item), isAnnounced: true };
      const { version, file } = item;
      const integrity = `sha512-${createHash('sha512').update(contentOf(item)).digest('base64')}`;
      const dist = { tarball: `http://${host}/${name}/-/${file}`, integrity };
      const document = { name, 'dist-tags': { latest: version }, versions: { [version]: { name, version, dist } } };
      return { body: Buffer.from(JSON.stringify(document)), type: 'application/json' };
    });
  },
  publish: async (place, item, work) => {
    writeFileSync(work.path(item.file), contentOf(item));
    await work.run('npm', ['publish', ...OPTIONS, `./${item.file}`], configured(place, work));
  },
  download: async (place, item, work) => {
    await work.run('npm', ['pack', ...OPTIONS, `${item.name}@${item.version}`], configured(place, work));
    return [readFileSync(work.path(item.file))];
  },
};

const contentOf = ({ contents }: Item): Buffer => contents[0]?.body ?? Buffer.alloc(0);

/** The environment in which npm uses a repository. */
function configured({ url, login }: Place, work: Workspace): Record<string, string> {
  const at = `${url.replace('http:', '')}/`;
  const secret = login ? `_auth=${btoa(`${login.user}:${login.password}`)}` : '_authToken=any';
  writeFileSync(work.path('.npmrc'), `registry=${url}/\n${at}:${secret}\n`);
  return { npm_config_cache: work.path('cache'), npm_config_update_notifier: 'false', NO_COLOR: '1' };
}
