import { attr, defineDataSource, isJsonObject, type JsonObject, nested, upTo, z } from '../../../schema/define';
import { encodedPath, getPages, jsonTexts, path, query, sortedBy } from '../calls';
import { pathOf } from '../files';
import { nodePath, projectId, repositoryName } from '../names';
import { readFiles } from '../rights';

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
  lastModifiedDate: attr(z.string(), "Time of the last change, in the server's time zone.", computed),
  metadata: attr(z.record(z.string(), z.string()), 'Metadata by key.', computed),
});

export const nodes = defineDataSource({
  type: 'bkrepo_nodes',
  description: 'The files and folders of a repository below a path, sorted by path.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project of the repository.', { api: false }),
    repository: attr(repositoryName, 'Name of the repository.', { api: false }),
    path: attr(nodePath.optional(), 'The folder. If omitted, the whole repository.', { api: false }),
    deep: attr(z.boolean().default(true), 'Whether to descend into subfolders.', { api: false }),
    includeFolders: attr(z.boolean().default(false), 'Whether the result includes folders.', { api: false }),
    limit: attr(z.int().min(1).max(100_000).default(1000), 'Maximum number of files and folders to read.', { api: false }),
    nodes: attr(z.array(node), 'The files and folders found.', computed),
  },
  needs: { read: [readFiles] },
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
