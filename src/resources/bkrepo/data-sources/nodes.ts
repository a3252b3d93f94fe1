import { attr, defineDataSource, isJsonObject, type JsonObject, nested, upTo, z } from '../../../schema/define';
import { encodedPath, getPages, jsonTexts, path, query, sortedBy } from '../calls';
import { pathOf } from '../files';
import { nodePath, projectId, repositoryName } from '../names';

const computed = { computed: true } as const;

const decode = (node: JsonObject): JsonObject => ({
  ...node,
  path: pathOf(node),
  metadata: isJsonObject(node.metadata) ? jsonTexts(node.metadata) : {},
});

const node = nested({
  path: attr(z.string(), 'Path in the repository.', computed),
  folder: attr(z.boolean(), 'Whether it is a folder.', computed),
  size: attr(z.int(), 'Size in bytes.', computed),
  sha256: attr(z.string(), 'SHA-256 of the content, in hex; empty for a folder.', computed),
  md5: attr(z.string(), 'MD5 of the content, in hex; empty for a folder.', computed),
  createdBy: attr(z.string(), 'User who created it.', computed),
  lastModifiedDate: attr(z.string(), 'When it was changed last, in the zone of the server.', computed),
  metadata: attr(z.record(z.string(), z.string()), 'Texts by key.', computed),
});

export const nodes = defineDataSource({
  type: 'bkrepo_nodes',
  description: 'The files and folders of a repository below a path, in the order of their paths.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project of the repository.', { api: false }),
    repository: attr(repositoryName, 'Name of the repository.', { api: false }),
    path: attr(nodePath.optional(), 'The folder. When left out, the whole repository.', { api: false }),
    deep: attr(z.boolean().default(true), 'Whether folders in the folder are looked into.', { api: false }),
    includeFolders: attr(z.boolean().default(false), 'Whether folders are among what is found.', { api: false }),
    limit: attr(z.int().min(1).max(100_000).default(1000), 'How many to read at the most.', { api: false }),
    nodes: attr(z.array(node), 'What was found.', computed),
  },
  async read({ client, tell, config: { project, repository, path: folder, deep, includeFolders: includeFolder, limit } }) {
    const base = `${path('/repository/api/node/page', project, repository)}/${encodedPath(folder ?? '')}`;
    const at = (pageNumber: number, pageSize: number): string =>
      base + query({ pageNumber, pageSize, includeFolder, includeMetadata: true, deep });
    const found = await upTo({ tell }, { limit, what: `files and folders in "${project}/${repository}"` }, (most) =>
      getPages(client, (number, size) => ({ method: 'GET', path: at(number, size) }), most),
    );
    return found && { nodes: sortedBy('path', found.map(decode)) };
  },
  example: { project: 'payments', repository: 'local-packages' },
});
