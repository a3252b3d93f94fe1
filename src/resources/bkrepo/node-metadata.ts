import { type ApiClient, attr, defineResource, isJsonObject, notFoundIsNothing, z } from '../../schema/define';
import { call, encodedPath, getObject, jsonTexts, path } from './calls';
import { inProject, nodePath, ofRepository, projectId, repositoryName } from './names';
import { deleteFiles, readFiles, writeFiles } from './rights';

interface NodeKey {
  readonly project: string;
  readonly repository: string;
  readonly path: string;
}

type Texts = Readonly<Record<string, string>>;

const at = ({ project, repository, path: node }: NodeKey): string =>
  `${path('/repository/api/metadata', project, repository)}/${encodedPath(node)}`;

async function removeKeys(client: ApiClient, key: NodeKey, keyList: readonly string[]): Promise<void> {
  if (keyList.length > 0) await notFoundIsNothing(call(client, { method: 'DELETE', path: at(key), body: { keyList } }));
}

async function write(client: ApiClient, key: NodeKey, metadata: Texts): Promise<void> {
  await call(client, { method: 'POST', path: at(key), body: { metadata }, idempotent: true });
}

/** The server merges what it is sent into what is there; only the keys of an instance are its own. */
export const nodeMetadata = defineResource({
  type: 'bkrepo_node_metadata',
  description: 'Selected metadata of a file or folder. Other keys, set by pipelines or people, are left unchanged.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project of the repository.', { api: 'projectId', forceNew: true, ...inProject }),
    repository: attr(repositoryName, 'Name of the repository.', { api: 'repoName', forceNew: true, ...ofRepository }),
    path: attr(nodePath, 'Path of the file or folder in the repository.', { forceNew: true }),
    metadata: attr(
      z.record(z.string().min(1), z.string()).refine((map) => Object.keys(map).length > 0, { error: 'it is empty; set at least one key' }),
      'Metadata by key.',
    ),
  },
  key: ['project', 'repository', 'path'],
  needs: {
    read: [readFiles],
    create: [writeFiles],
    update: [writeFiles, { permission: deleteFiles, when: 'if a key is removed' }],
    delete: [deleteFiles],
  },
  async read({ client, key }) {
    const found = await getObject(client, at(key));
    return found && { projectId: key.project, repoName: key.repository, path: key.path, metadata: jsonTexts(found) };
  },
  managedSubset(object, { hints }) {
    const all = Object.entries(isJsonObject(object.metadata) ? object.metadata : {});
    const own = Object.keys(hints.metadata ?? {});
    const metadata = own.length === 0 ? all : all.filter(([name]) => own.includes(name));
    return metadata.length === 0 ? undefined : { ...object, metadata: Object.fromEntries(metadata) };
  },
  create: ({ client, key, values }) => write(client, key, values.metadata),
  async update({ client, key, values, prior }) {
    const dropped = Object.keys(prior?.metadata ?? {}).filter((name) => !Object.hasOwn(values.metadata, name));
    await removeKeys(client, key, dropped);
    await write(client, key, values.metadata);
  },
  remove: ({ client, key, state }) => removeKeys(client, key, Object.keys(state.metadata)),
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
