import { artifactapiUrl } from '../../common/repository-url';
import {
  type ApiClient,
  attr,
  defineResource,
  type Digest,
  notFoundIsNothing,
  type ReadCall,
  repositoryName,
  text,
  UnexpectedAnswer,
  z,
} from '../../schema/define';
import { checkContent, contentAttributes, derivedContent, uploadOf } from '../content';
import { filesAt, objectsPath } from './objects';

const pathProblem = (path: string): string | undefined =>
  /^(?!\/)(?!.*[\\\p{Cc}])(?!.*\/$)(?!.*\/\/)(?!(?:.*\/)?\.{1,2}(?:\/|$)).+$/u.test(path)
    ? undefined
    : `"${path}" is not a path in a repository; write it without a leading or trailing "/", segments "." or "..", backslashes and control characters`;

interface FileKey {
  readonly repository: string;
  readonly path: string;
}

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
const filesPath = ({ repository, path }: FileKey): string => `/api/v2/remotes/${encodeURIComponent(repository)}/files/${encoded(path)}`;
const contentPath = ({ repository, path }: FileKey): string => `/api/v1/local/${encodeURIComponent(repository)}/${encoded(path)}`;
const mostFiles = 100_000;

const attributes = {
  repository: attr(repositoryName, 'Name of the local repository.', {
    forceNew: true,
    refersTo: { type: /^artifactapi_local_(?!file$)/, attribute: 'name' },
  }),
  path: attr(text(pathProblem), 'Path of the file in the repository.', { forceNew: true }),
  ...contentAttributes({ forceNew: true }),
  url: attr(z.string(), 'URL of the file for clients.'),
};

/** Whether the server lists a file with that content: a maintenance page has a digest too. */
async function isListed(client: ApiClient, { repository, path }: FileKey, { sha256, size }: Digest): Promise<boolean> {
  const file = (await filesAt(client, objectsPath('local', repository), mostFiles)).find((one) => one.path === path);
  return file !== undefined && (file.size === null || Number(file.size) === size) && (file.sha256 ?? sha256) === sha256;
}

async function read({
  client,
  key,
  hints,
}: ReadCall<typeof attributes, 'repository' | 'path'>): Promise<(FileKey & Digest & Record<string, string | number>) | undefined> {
  const at = contentPath(key);
  const digest = (await notFoundIsNothing(client.send({ method: 'GET', path: at, digest: true })))?.digest;
  if (digest && digest.sha256 !== hints?.sha256 && !(await isListed(client, key, digest)))
    throw new UnexpectedAnswer(
      `the answer to GET ${at} is not a file that the server lists; does a gateway answer with a page in its place?`,
    );
  return digest && { ...key, ...digest };
}

export const localFile = defineResource({
  type: 'artifactapi_local_file',
  description: 'A file in a local repository. Changed content replaces the file, because the server never overwrites one.',
  attributes,
  key: ['repository', 'path'],
  derived: {
    ...derivedContent,
    url: ({ repository, path }, { endpoint }) => `${artifactapiUrl(endpoint, 'local', repository)}/${encoded(path)}`,
  },
  uidFields: ['sha256'],
  read,
  async create({ client, key, values }) {
    // A retry would get a 409 for its own file, so a lost response is checked instead.
    await client.send({ method: 'PUT', path: filesPath(key), upload: uploadOf(values), idempotent: false });
  },
  update: ({ client, key }) => read({ client, key }),
  remove: ({ client, key }) => notFoundIsNothing(client.send({ method: 'DELETE', path: filesPath(key) })),
  list: {
    scope: ({ key: { repository } }) => `files of ${repository}`,
    async fetch({ client, key: { repository } }) {
      const files = await filesAt(client, objectsPath('local', repository), mostFiles);
      return files.map((file) => ({ ...file, repository }));
    },
  },
  contents: {
    list: async ({ client, key: { repository } }) =>
      (await filesAt(client, objectsPath('local', repository), Infinity)).map(({ path, size, sha256 }) => ({
        name: path,
        ...(typeof sha256 === 'string' && { sha256 }),
        ...(typeof size === 'number' && { size }),
      })),
    request: (key) => ({ path: contentPath(key) }),
    async upload({ client, key, content, replaces }) {
      if (replaces) await notFoundIsNothing(client.send({ method: 'DELETE', path: filesPath(key) }));
      await client.send({ method: 'PUT', path: filesPath(key), upload: content, idempotent: false });
    },
  },
  checks: [checkContent],
  example: {
    minimal: { repository: { ref: 'artifactapi_local_generic.example.name' }, path: 'docs/hello.txt', content: 'hello' },
    full: { repository: { ref: 'artifactapi_local_generic.example.name' }, path: 'docs/hello.txt', contentBase64: 'aGVsbG8=' },
  },
});
