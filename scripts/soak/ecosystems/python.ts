import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { wheel } from '../../../test/registry/formats/python-files';
import { type Ecosystem, filling } from './ecosystem';

/** pip, and twine to publish. */
export const python: Ecosystem = {
  name: 'pip/twine',
  packageType: 'pypi',
  programs: ['pip', 'twine'],
  make: async (name, random) => {
    const version = '1.0';
    const { file, content } = await wheel({ name, version, files: { 'filling.txt': filling(name, random) } });
    return { name, file, version, contents: [{ path: `${name}/${file}`, body: content }] };
  },
  upstream: (items) =>
    Promise.resolve((path) => {
      const [, project] = /^\/simple\/([\w-]+)\/$/.exec(path) ?? [];
      const item = items.find(({ name, file }) => (project === undefined ? path === `/packages/${file}` : name === project));
      const [content] = item?.contents ?? [];
      if (!item || !content) return undefined;
      if (project === undefined) return { body: content.body, isAnnounced: true };
      const sha256 = createHash('sha256').update(content.body).digest('hex');
      const page = `<!DOCTYPE html><html><body><a href="../../packages/${item.file}#sha256=${sha256}">${item.file}</a></body></html>`;
      return { body: Buffer.from(page), type: 'text/html' };
    }),
  publish: async ({ url }, { file, contents }, work) => {
    writeFileSync(work.path(file), contents[0]?.body ?? '');
    const login = ['-u', 'any', '-p', 'any'];
    await work.run('twine', ['upload', '--non-interactive', '--disable-progress-bar', ...login, '--repository-url', `${url}/`, file]);
  },
  download: async ({ url }, { name, version, file }, work) => {
    const options = ['--no-deps', '--no-cache-dir', '--disable-pip-version-check', '--retries', '0', '-q', '-d', 'out'];
    await work.run('pip', ['download', ...options, '--index-url', `${url}/simple/`, `${name}==${version}`]);
    return [readFileSync(work.path('out', file))];
  },
};
