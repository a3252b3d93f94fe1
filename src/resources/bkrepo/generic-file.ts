import * as z from 'zod';
import { bkrepoUrl } from '../../common/repository-url';
import { attr } from '../../schema/define/attribute';
import type { ApiClient, Binding, ObjectKey, Write } from '../../schema/define/binding';
import type { JsonObject } from '../../schema/define/json';
import { defineResource } from '../../schema/define/resource';
import { notFoundIsNothing } from '../../schema/define/rest';
import { checkContent, contentAttributes, uploadOf } from '../content';
import { onceForgotten } from './after-create';
import { call, encodedPath, getObject, path, textOf } from './calls';
import { carry } from './file-notes';
import { filesOfRepository } from './files';
import { nodePath, projectId, repositoryName } from './names';
import { repositoryInfo } from './repository/binding';

const at = (base: string, [project = '', repository = '', file = '']: ObjectKey): string =>
  `${path(base, project, repository)}/${encodedPath(file)}`;

const decode = (node: JsonObject): JsonObject => ({
  projectId: node['projectId'] ?? null,
  repoName: node['repoName'] ?? null,
  path: textOf(node, 'fullPath').replace(/^\//, ''),
  sha256: node['sha256'] ?? null,
  size: node['size'] ?? null,
});

async function put(client: ApiClient, { key, values }: Write, headers: Readonly<Record<string, string>>): Promise<undefined> {
  const expires = values['expires_in_days'];
  // Without overwriting a second try would meet its own file, so a lost answer is looked into instead.
  const send = (): Promise<unknown> =>
    call(client, {
      method: 'PUT',
      path: at('/generic', key),
      upload: uploadOf(values),
      idempotent: 'x-bkrepo-overwrite' in headers,
      headers: { ...headers, ...(typeof expires === 'number' && { 'x-bkrepo-expires': String(expires) }) },
    });
  await onceForgotten(send, () => repositoryInfo(client, key));
}

/** Overwrites a file; its metadata, which that would lose, goes with the upload, or follows where the upload cannot take it. */
async function overwrite(client: ApiClient, write: Write): Promise<void> {
  const { key } = write;
  const { header, rest } = carry(await getObject(client, at('/generic/detail', key)));
  await put(client, write, { 'x-bkrepo-overwrite': 'true', ...(header !== undefined && { 'x-bkrepo-meta': header }) });
  if (rest.length > 0)
    await call(client, { method: 'POST', path: at('/repository/api/metadata', key), body: { nodeMetadata: rest }, idempotent: true });
}

const binding: Binding = {
  uidFields: ['sha256'],
  async read(client, key) {
    const node = await getObject(client, at('/generic/detail', key));
    return node && node['folder'] !== true ? decode(node) : undefined;
  },
  create: (client, write) => put(client, write, {}),
  async update(client, write) {
    const { key, values, prior } = write;
    if (values['sha256'] !== prior?.['sha256']) {
      await overwrite(client, write);
      return undefined;
    }
    const expires = values['expires_in_days'];
    await call(client, {
      method: 'POST',
      path: at('/repository/api/node/update', key),
      body: { expires: typeof expires === 'number' ? expires : 0 },
      idempotent: true,
    });
    return undefined;
  },
  async remove(client, key) {
    const send = (): Promise<unknown> => notFoundIsNothing(call(client, { method: 'DELETE', path: at('/generic', key) }));
    await onceForgotten(send, () => repositoryInfo(client, key));
  },
  list: {
    scope: ([project, repository]) => `files of ${project}/${repository}`,
    fetch: async (client, key) => (await filesOfRepository(client, key, 100_000)).map(decode),
    keyOf: (entry) => [String(entry['projectId']), String(entry['repoName']), String(entry['path'])],
  },
};

export const genericFile = defineResource({
  type: 'bkrepo_generic_file',
  description: 'A file in a repository of type GENERIC. Another content overwrites it and keeps its metadata.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project of the repository.', { api: 'projectId', forceNew: true }),
    repository: attr(repositoryName, 'Name of the repository.', { api: 'repoName', forceNew: true }),
    path: attr(nodePath, 'Path of the file in the repository.', { forceNew: true }),
    ...contentAttributes(),
    expiresInDays: attr(
      z.int().min(0).optional(),
      'Days after which the server removes the file, counted from the upload; 0 means never. The server does not tell it.',
      { notReturned: true },
    ),
    url: attr(z.string(), 'Where clients fetch the file.', {
      derive: ({ project, repository, path: file }, { endpoint }) =>
        bkrepoUrl(endpoint, 'GENERIC', `${String(project)}/${String(repository)}/${encodedPath(String(file))}`),
    }),
  },
  key: ['project', 'repository', 'path'],
  binding,
  checks: [checkContent],
  example: {
    minimal: {
      project: { ref: 'bkrepo_local_repository.example.project' },
      repository: { ref: 'bkrepo_local_repository.example.name' },
      path: 'docs/hello.txt',
      content: 'hello',
    },
    full: {
      project: { ref: 'bkrepo_local_repository.example.project' },
      repository: { ref: 'bkrepo_local_repository.example.name' },
      path: 'docs/hello.txt',
      contentBase64: 'aGVsbG8=',
      expiresInDays: 30,
    },
  },
});
