import { bkrepoUrl } from '../../common/repository-url';
import { type ApiClient, attr, defineResource, type JsonObject, notFoundIsNothing, type Upload, z } from '../../schema/define';
import { checkContent, contentAttributes, derivedContent, uploadOf } from '../content';
import { onceForgotten } from './after-create';
import { call, encodedPath, getObject, path } from './calls';
import { carry } from './file-notes';
import { filesOfRepository, pagesOfRepository, pathOf } from './files';
import { inProject, nodePath, ofRepository, projectId, repositoryName } from './names';
import { repositoryInfo } from './repository/hooks';
import { deleteFiles, downloadFiles, readFiles, updateFiles, writeFiles } from './rights';

interface FileKey {
  readonly project: string;
  readonly repository: string;
  readonly path: string;
}

const at = (base: string, { project, repository, path: file }: FileKey): string =>
  `${path(base, project, repository)}/${encodedPath(file)}`;

const decode = (node: JsonObject): JsonObject => ({
  projectId: node.projectId ?? null,
  repoName: node.repoName ?? null,
  path: pathOf(node),
  sha256: node.sha256 ?? null,
  size: node.size ?? null,
});

interface FileUpload {
  readonly client: ApiClient;
  readonly key: FileKey;
  readonly upload: Upload;
  readonly expiresInDays: number | undefined;
}

/** Writes to a file, once the server knows the repository as it is. */
const writing = (client: ApiClient, { project, repository }: FileKey, write: () => Promise<unknown>): Promise<unknown> =>
  onceForgotten(client, {
    repository: `${project}/${repository}`,
    write,
    look: () => repositoryInfo(client, { project, name: repository }),
  });

async function put({ client, key, upload, expiresInDays }: FileUpload, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  // Without overwriting a second try would meet its own file, so a lost answer is looked into instead.
  const send = (): Promise<unknown> =>
    call(client, {
      method: 'PUT',
      path: at('/generic', key),
      upload,
      idempotent: 'x-bkrepo-overwrite' in headers,
      headers: { ...headers, ...(expiresInDays !== undefined && { 'x-bkrepo-expires': `${expiresInDays}` }) },
    });
  await writing(client, key, send);
}

/** Overwrites a file; its metadata, which that would lose, goes with the upload, or follows where the upload cannot take it. */
async function overwrite(write: FileUpload): Promise<void> {
  await putWithNotes(write, await getObject(write.client, at('/generic/detail', write.key)), { 'x-bkrepo-overwrite': 'true' });
}

/** Uploads a file with the metadata of another, or of what it overwrites. */
async function putWithNotes(write: FileUpload, of: JsonObject | undefined, headers: Readonly<Record<string, string>>): Promise<void> {
  const { client, key } = write;
  const { header, rest } = carry(of);
  await put(write, { ...headers, ...(header !== undefined && { 'x-bkrepo-meta': header }) });
  if (rest.length > 0)
    await call(client, { method: 'POST', path: at('/repository/api/metadata', key), body: { nodeMetadata: rest }, idempotent: true });
}

export const genericFile = defineResource({
  type: 'bkrepo_generic_file',
  description: 'A file in a repository of type GENERIC. Changed content overwrites the file and keeps its metadata.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project of the repository.', { api: 'projectId', forceNew: true, ...inProject }),
    repository: attr(repositoryName, 'Name of the repository.', { api: 'repoName', forceNew: true, ...ofRepository }),
    path: attr(nodePath, 'Path of the file in the repository.', { forceNew: true }),
    ...contentAttributes({}),
    expiresInDays: attr(
      z.int().min(0).optional(),
      'Days after which the server removes the file, counted from the upload; 0 means never. The server does not return it.',
      { notReturned: true },
    ),
    url: attr(z.string(), 'URL of the file for clients.'),
  },
  key: ['project', 'repository', 'path'],
  derived: {
    ...derivedContent,
    url: ({ project, repository, path: file }, { endpoint }) =>
      bkrepoUrl(endpoint, 'GENERIC', `${project}/${repository}/${encodedPath(file)}`),
  },
  uidFields: ['sha256'],
  needs: {
    list: [readFiles],
    read: [readFiles],
    create: [writeFiles],
    update: [
      { permission: writeFiles, when: 'if the content changes' },
      { permission: updateFiles, when: 'if only `expires_in_days` changes' },
    ],
    delete: [deleteFiles],
    copyFrom: [downloadFiles],
    copyTo: [writeFiles],
  },
  async read({ client, key }) {
    const node = await getObject(client, at('/generic/detail', key));
    return node && node.folder !== true ? decode(node) : undefined;
  },
  create: ({ client, key, values }) => put({ client, key, upload: uploadOf(values), expiresInDays: values.expiresInDays }),
  async update({ client, key, values, prior }) {
    const { expiresInDays } = values;
    if (values.sha256 !== prior?.sha256) return overwrite({ client, key, upload: uploadOf(values), expiresInDays });
    const body = { expires: expiresInDays ?? 0 };
    await call(client, { method: 'POST', path: at('/repository/api/node/update', key), body, idempotent: true });
  },
  async remove({ client, key }) {
    const send = (): Promise<unknown> => notFoundIsNothing(call(client, { method: 'DELETE', path: at('/generic', key) }));
    await writing(client, key, send);
  },
  list: {
    scope: ({ key: { project, repository } }) => `files of ${project}/${repository}`,
    async *fetch({ client, key: { project, repository } }) {
      for await (const files of pagesOfRepository(client, { project, name: repository }, { limit: 100_000 })) yield files.map(decode);
    },
  },
  contents: {
    list: async ({ client, key: { project, repository } }) =>
      (await filesOfRepository(client, { project, name: repository }, { limit: Infinity, includeMetadata: true })).map((file) => ({
        ...file,
        name: file.path,
        ...(typeof file.sha256 === 'string' && { sha256: file.sha256 }),
        ...(typeof file.size === 'number' && { size: file.size }),
      })),
    request: (key) => ({ path: at('/generic', key) }),
    upload: ({ client, key, content, sha256, file, replaces }) =>
      putWithNotes({ client, key, upload: content, expiresInDays: undefined }, file, {
        'x-bkrepo-sha256': sha256,
        ...(replaces && { 'x-bkrepo-overwrite': 'true' }),
      }),
  },
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
