import * as z from 'zod';
import { isRecord, type Value, type ValueRecord } from '../../common/value';
import { attr } from '../../schema/define/attribute';
import type { ApiClient, Binding, ObjectKey } from '../../schema/define/binding';
import { isJsonObject, type JsonObject } from '../../schema/define/json';
import { defineResource } from '../../schema/define/resource';
import { notFoundIsNothing } from '../../schema/define/rest';
import { call, encodedPath, getObject, path, texts } from './calls';
import { nodePath, projectId, repositoryName } from './names';

const at = ([project = '', repository = '', node = '']: ObjectKey): string =>
  `${path('/repository/api/metadata', project, repository)}/${encodedPath(node)}`;

const keysOf = (values: ValueRecord | undefined): string[] => {
  const metadata: Value = values?.['metadata'] ?? null;
  return isRecord(metadata) ? Object.keys(metadata) : [];
};

async function removeKeys(client: ApiClient, key: ObjectKey, keyList: readonly string[]): Promise<void> {
  if (keyList.length > 0) await notFoundIsNothing(call(client, { method: 'DELETE', path: at(key), body: { keyList } }));
}

const write = async (client: ApiClient, key: ObjectKey, body: JsonObject): Promise<undefined> => {
  await call(client, { method: 'POST', path: at(key), body: { metadata: body['metadata'] ?? {} }, idempotent: true });
};

/** The server merges what it is sent into what is there; only the keys of an instance are its own. */
const binding: Binding = {
  async read(client, key) {
    const found = await getObject(client, at(key));
    const [projectId = '', repoName = '', node = ''] = key;
    return found && { projectId, repoName, path: node, metadata: texts(found) };
  },
  managedSubset(object, known) {
    const all = isJsonObject(object['metadata']) ? object['metadata'] : {};
    const own = keysOf(known);
    const metadata = own.length === 0 ? all : Object.fromEntries(Object.entries(all).filter(([name]) => own.includes(name)));
    return Object.keys(metadata).length === 0 ? undefined : { ...object, metadata };
  },
  create: (client, { key, body }) => write(client, key, body),
  async update(client, { key, body, values, prior }) {
    const wanted = keysOf(values);
    await removeKeys(
      client,
      key,
      keysOf(prior).filter((name) => !wanted.includes(name)),
    );
    return write(client, key, body);
  },
  remove: (client, key, state) => removeKeys(client, key, keysOf(state)),
};

export const nodeMetadata = defineResource({
  type: 'bkrepo_node_metadata',
  description: 'Some metadata of a file or folder. Other keys, which pipelines or people set, are left alone.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project of the repository.', { api: 'projectId', forceNew: true }),
    repository: attr(repositoryName, 'Name of the repository.', { api: 'repoName', forceNew: true }),
    path: attr(nodePath, 'Path of the file or folder in the repository.', { forceNew: true }),
    metadata: attr(
      z.record(z.string().min(1), z.string()).refine((map) => Object.keys(map).length > 0, { error: 'it is empty; name at least one key' }),
      'Texts by key.',
    ),
  },
  key: ['project', 'repository', 'path'],
  binding,
  example: {
    minimal: {
      project: { ref: 'bkrepo_generic_file.example.project' },
      repository: { ref: 'bkrepo_generic_file.example.repository' },
      path: { ref: 'bkrepo_generic_file.example.path' },
      metadata: { stage: 'released' },
    },
    full: {
      project: { ref: 'bkrepo_generic_file.example.project' },
      repository: { ref: 'bkrepo_generic_file.example.repository' },
      path: { ref: 'bkrepo_generic_file.example.path' },
      metadata: { stage: 'released', build: '12' },
    },
  },
});
