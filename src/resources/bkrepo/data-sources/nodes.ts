import * as z from 'zod';
import { attr } from '../../../schema/define/attribute';
import { defineDataSource, upTo } from '../../../schema/define/data-source';
import { isJsonObject, type JsonObject } from '../../../schema/define/json';
import { nested } from '../../../schema/define/nested';
import { encodedPath, getPages, path, query, texts, textOf } from '../calls';
import { nodePath, projectId, repositoryName } from '../names';

const told = (description: string, type: z.ZodType = z.string()): ReturnType<typeof attr> => attr(type, description, { computed: true });

const decode = (node: JsonObject): JsonObject => ({
  ...node,
  path: textOf(node, 'fullPath').replace(/^\//, ''),
  metadata: isJsonObject(node['metadata']) ? texts(node['metadata']) : {},
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
    nodes: attr(
      z.array(
        nested({
          path: told('Path in the repository.'),
          folder: told('Whether it is a folder.', z.boolean()),
          size: told('Size in bytes.', z.int()),
          sha256: told('SHA-256 of the content, in hex; empty for a folder.'),
          md5: told('MD5 of the content, in hex; empty for a folder.'),
          createdBy: told('User who made it.'),
          lastModifiedDate: told('When it was changed last, in the zone of the server.'),
          metadata: told('Texts by key.', z.record(z.string(), z.string())),
        }),
      ),
      'What was found.',
      { computed: true },
    ),
  },
  async read(server, config) {
    const { project, repository, path: folder, deep, include_folders: includeFolder, limit } = config;
    const base = `${path('/repository/api/node/page', String(project), String(repository))}/${encodedPath(typeof folder === 'string' ? folder : '')}`;
    const at = (pageNumber: number, pageSize: number): string =>
      base + query({ pageNumber, pageSize, includeFolder: includeFolder === true, includeMetadata: true, deep: deep !== false });
    const wanted = { limit: Number(limit), what: `files and folders in "${String(project)}/${String(repository)}"` };
    const found = await upTo(server, wanted, (most) =>
      getPages(server.client, (number, size) => ({ method: 'GET', path: at(number, size) }), most),
    );
    return found && { nodes: found.map(decode).sort((a, b) => (textOf(a, 'path') < textOf(b, 'path') ? -1 : 1)) };
  },
  example: { project: 'payments', repository: 'local-packages' },
});
