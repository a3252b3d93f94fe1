import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import * as z from 'zod';
import { artifactapiUrl } from '../../common/repository-url';
import { error } from '../../common/diagnostic';
import { UNKNOWN, type ValueRecord } from '../../common/value';
import { attr, AttributeError } from '../../schema/attribute';
import type { Binding, ObjectKey, Upload } from '../../schema/binding';
import { resource } from '../../schema/resource';
import { notFoundIsNothing } from '../../schema/rest';
import { repositoryName, text } from '../../schema/types';
import { filesAt, objectsPath } from './objects';

const pathProblem = (path: string): string | undefined =>
  /^(?!\/)(?!.*[\\\p{Cc}])(?!.*\/$)(?!.*\/\/)(?!(?:.*\/)?\.{1,2}(?:\/|$)).+$/u.test(path)
    ? undefined
    : `"${path}" is not a path in a repository; write it without "/" at the beginning or end, and without "." or ".." as a part, backslashes and control characters`;

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
const urlPath = ([repository = '', path = '']: ObjectKey): string => `${encodeURIComponent(repository)}/${encoded(path)}`;
const filesPath = ([repository = '', path = '']: ObjectKey): string =>
  `/api/v2/remotes/${encodeURIComponent(repository)}/files/${path.split('/').map(encodeURIComponent).join('/')}`;

const binding: Binding = {
  async read(client, key) {
    const answer = await notFoundIsNothing(client.send({ method: 'GET', path: `/api/v1/local/${urlPath(key)}`, digest: true }));
    return answer?.digest && { repository: key[0], path: key[1], ...answer.digest };
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
      const files = await filesAt(client, objectsPath('local', repository), 100_000);
      return files.map((file) => ({ ...file, repository }));
    },
    keyOf: (entry) => [String(entry['repository']), String(entry['path'])],
  },
};

function uploadOf(values: ValueRecord): Upload {
  const { source } = values;
  if (typeof source === 'string') return { size: statSync(source).size, open: () => createReadStream(source) };
  const bytes = inlineContent(values);
  return { size: bytes.length, open: () => once(bytes) };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}

function inlineContent({ content, content_base64: base64 }: ValueRecord): Buffer {
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : Buffer.from(String(content ?? ''));
}

/** The digest of what is to be uploaded; unknown while the content is. */
function contentHash(values: ValueRecord): string | typeof UNKNOWN {
  const { source } = values;
  if ([source, values['content'], values['content_base64']].includes(UNKNOWN)) return UNKNOWN;
  if (typeof source !== 'string') return createHash('sha256').update(inlineContent(values)).digest('hex');
  try {
    return fileHash(source);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'it is unreadable';
    throw new AttributeError(
      `the file "${source}" cannot be read (${reason}); the path is relative to where terraform runs (in CDK for Terraform use a TerraformAsset)`,
      'source',
    );
  }
}

function fileHash(file: string): string {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(1 << 20);
  const handle = openSync(file, 'r');
  try {
    for (let size = readSync(handle, chunk); size > 0; size = readSync(handle, chunk)) hash.update(chunk.subarray(0, size));
  } finally {
    closeSync(handle);
  }
  return hash.digest('hex');
}

const sources = ['source', 'content', 'content_base64'];

export const localFile = resource({
  type: 'artifactapi_local_file',
  description: 'A file in a local repository. Another content makes a new file, because the server overwrites none.',
  attributes: {
    repository: attr(repositoryName, 'Name of the local repository.', { forceNew: true }),
    path: attr(text(pathProblem), 'Path of the file in the repository.', { forceNew: true }),
    source: attr(z.string().min(1).optional(), 'Path of the file to upload.', {
      api: false,
      unreadable: true,
      conflicts: ['content', 'contentBase64'],
    }),
    content: attr(z.string().optional(), 'Text to upload. It is kept in the state.', {
      api: false,
      unreadable: true,
      conflicts: ['contentBase64'],
    }),
    contentBase64: attr(z.base64().optional(), 'Bytes to upload, in base64. They are kept in the state.', { api: false, unreadable: true }),
    sha256: attr(z.string(), 'SHA-256 of the content, in hex.', { api: 'sha256', forceNew: true, derive: contentHash }),
    size: attr(z.int(), 'Size in bytes.', { computed: true }),
    url: attr(z.string(), 'Where clients fetch the file.', {
      derive: ({ repository, path }, { endpoint }) => `${artifactapiUrl(endpoint, 'local', String(repository))}/${encoded(String(path))}`,
    }),
  },
  key: ['repository', 'path'],
  binding,
  checks: [
    (config) =>
      sources.every((name) => (config[name] ?? null) === null)
        ? [
            error(
              'Missing Attribute',
              'None of "source", "content" and "content_base64" is set; set the one that holds what is to be uploaded.',
              ['source'],
            ),
          ]
        : [],
  ],
  example: {
    minimal: { repository: { ref: 'artifactapi_local_generic.example.name' }, path: 'docs/hello.txt', content: 'hello' },
    full: { repository: { ref: 'artifactapi_local_generic.example.name' }, path: 'docs/hello.txt', contentBase64: 'aGVsbG8=' },
  },
});
