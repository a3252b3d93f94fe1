import { UnexpectedAnswer } from '../../schema/define/errors';
import * as z from 'zod';
import { artifactapiUrl } from '../../common/repository-url';
import { attr } from '../../schema/define/attribute';
import type { ApiClient, Binding, Digest, ObjectKey } from '../../schema/define/binding';
import { defineResource } from '../../schema/define/resource';
import { notFoundIsNothing } from '../../schema/define/rest';
import { repositoryName, text } from '../../schema/define/types';
import { checkContent, contentAttributes, uploadOf } from '../content';
import { filesAt, objectsPath } from './objects';

const pathProblem = (path: string): string | undefined =>
  /^(?!\/)(?!.*[\\\p{Cc}])(?!.*\/$)(?!.*\/\/)(?!(?:.*\/)?\.{1,2}(?:\/|$)).+$/u.test(path)
    ? undefined
    : `"${path}" is not a path in a repository; write it without "/" at the beginning or end, and without "." or ".." as a part, backslashes and control characters`;

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
const urlPath = ([repository = '', path = '']: ObjectKey): string => `${encodeURIComponent(repository)}/${encoded(path)}`;
const mostFiles = 100_000;
const filesPath = ([repository = '', path = '']: ObjectKey): string =>
  `/api/v2/remotes/${encodeURIComponent(repository)}/files/${path.split('/').map(encodeURIComponent).join('/')}`;

/** Whether the server lists a file of that content: any page that says "maintenance" has a digest too. */
async function isListed(client: ApiClient, [repository = '', path]: ObjectKey, { sha256, size }: Digest): Promise<boolean> {
  const file = (await filesAt(client, objectsPath('local', repository), mostFiles)).find((one) => one.path === path);
  return file !== undefined && (file.size === null || Number(file.size) === size) && (file.sha256 ?? sha256) === sha256;
}

const binding: Binding = {
  uidFields: ['sha256'],
  async read(client, key, known) {
    const at = `/api/v1/local/${urlPath(key)}`;
    const digest = (await notFoundIsNothing(client.send({ method: 'GET', path: at, digest: true })))?.digest;
    if (digest && digest.sha256 !== known?.['sha256'] && !(await isListed(client, key, digest)))
      throw new UnexpectedAnswer(`the answer to GET ${at} is no file that the server lists; is there a page in its place?`);
    return digest && { repository: key[0], path: key[1], ...digest };
  },
  async create(client, { key, values }) {
    const upload = uploadOf(values);
    // A second try would meet its own file as a 409, so the lost answer is looked into instead.
    await client.send({ method: 'PUT', path: filesPath(key), upload, idempotent: false });
    return undefined;
  },
  update: (client, { key }) => binding.read(client, key),
  async remove(client, key) {
    await notFoundIsNothing(client.send({ method: 'DELETE', path: filesPath(key) }));
  },
  list: {
    scope: ([repository]) => `files of ${repository}`,
    async fetch(client, [repository = '']) {
      const files = await filesAt(client, objectsPath('local', repository), mostFiles);
      return files.map((file) => ({ ...file, repository }));
    },
    keyOf: (entry) => [String(entry['repository']), String(entry['path'])],
  },
};

export const localFile = defineResource({
  type: 'artifactapi_local_file',
  description: 'A file in a local repository. Another content makes a new file, because the server overwrites none.',
  attributes: {
    repository: attr(repositoryName, 'Name of the local repository.', { forceNew: true }),
    path: attr(text(pathProblem), 'Path of the file in the repository.', { forceNew: true }),
    ...contentAttributes({ forceNew: true }),
    url: attr(z.string(), 'Where clients fetch the file.', {
      derive: ({ repository, path }, { endpoint }) => `${artifactapiUrl(endpoint, 'local', String(repository))}/${encoded(String(path))}`,
    }),
  },
  key: ['repository', 'path'],
  binding,
  checks: [checkContent],
  example: {
    minimal: { repository: { ref: 'artifactapi_local_generic.example.name' }, path: 'docs/hello.txt', content: 'hello' },
    full: { repository: { ref: 'artifactapi_local_generic.example.name' }, path: 'docs/hello.txt', contentBase64: 'aGVsbG8=' },
  },
});
