import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { chart } from '../../../test/registry/formats/helm-charts';
import { type Workspace } from '../client';
import { type Ecosystem } from './ecosystem';

/** Helm, which pushes charts as images and gets them by the index. */
export const helm: Ecosystem = {
  name: 'helm',
  packageType: 'helm',
  programs: ['helm'],
  make: (name, random) => {
    const version = '1.0.0';
    const body = chart(name, version, `description: ${JSON.stringify(random.words())}`);
    const file = `${name}-${version}.tgz`;
    return Promise.resolve({ name, file, version, contents: [{ path: file, body }] });
  },
  upstream: (items) => {
    const entries = items.flatMap(({ name, version, file, contents: [content] }) => {
      const digest = createHash('sha256')
        .update(content?.body ?? '')
        .digest('hex');
      return [`  ${name}:`, `  - {apiVersion: v2, name: ${name}, version: ${version}, digest: ${digest}, urls: [${file}]}`];
    });
    const index = Buffer.from(['apiVersion: v1', 'entries:', ...entries, ''].join('\n'));
    return Promise.resolve((path) => {
      if (path === '/index.yaml') return { body: index, type: 'application/yaml' };
      const found = items.find(({ file }) => path === `/${file}`)?.contents[0];
      return found && { body: found.body, isAnnounced: true };
    });
  },
  publish: async ({ url, name }, { file, contents }, work) => {
    writeFileSync(work.path(file), contents[0]?.body ?? '');
    await work.run('helm', ['push', file, `oci://${new URL(url).host}/${name}`, '--plain-http'], folders(work));
  },
  download: async ({ url }, { name, version, file }, work) => {
    await work.run('helm', ['pull', name, '--repo', url, '--version', version], folders(work));
    return [readFileSync(work.path(file))];
  },
};

const folders = (work: Workspace): Record<string, string> => ({
  HELM_CACHE_HOME: work.path('cache'),
  HELM_CONFIG_HOME: work.path('config'),
  HELM_DATA_HOME: work.path('data'),
});
