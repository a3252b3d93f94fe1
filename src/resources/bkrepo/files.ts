import { type ApiClient, defineCollection, type JsonObject, textOf } from '../../schema/define';
import { getPages, pagesOf, path, query } from './calls';
import type { RepositoryKey } from './repository/hooks';

/** A file of a repository. */
export interface StoredFile extends JsonObject {
  /** Without `/` at its beginning. */
  readonly path: string;
}

/** How many files of a project are looked at together. */
export const mostFiles = 10_000;

/** The path of a node, without `/` at its beginning. */
export const pathOf = (node: JsonObject): string => (textOf(node.fullPath) ?? '').replace(/^\//, '');

const fileOf = (node: JsonObject): StoredFile => ({ ...node, path: pathOf(node) });

/** The files of a repository, at most `limit`. */
export async function filesOfRepository(client: ApiClient, key: RepositoryKey, wanted: WantedFiles): Promise<readonly StoredFile[]> {
  const found: StoredFile[] = [];
  for await (const files of pagesOfRepository(client, key, wanted)) found.push(...files);
  return found;
}

interface WantedFiles {
  readonly limit: number;
  /** @default false */
  readonly includeMetadata?: boolean;
}

/** The same, page by page. */
export async function* pagesOfRepository(
  client: ApiClient,
  { project, name }: RepositoryKey,
  { limit, includeMetadata = false }: WantedFiles,
): AsyncGenerator<readonly StoredFile[], void> {
  const base = `${path('/repository/api/node/page', project, name)}/`;
  const page = (pageNumber: number, pageSize: number): string =>
    base + query({ pageNumber, pageSize, includeFolder: false, includeMetadata, deep: true });
  for await (const files of pagesOf(client, (number, size) => ({ method: 'GET', path: page(number, size) }), limit))
    yield files.map(fileOf);
}

/** The files of a project, as many as are looked at together. It is only ever listed. */
export const filesOfProject = defineCollection({
  key: ['project', 'repository', 'path'],
  read: () => Promise.resolve(undefined),
  list: {
    scope: ({ key: { project } }) => `files of ${project}`,
    async fetch({ client, key: { project } }) {
      const rules = [
        { field: 'projectId', value: project, operation: 'EQ' },
        { field: 'folder', value: false, operation: 'EQ' },
      ];
      const body = (pageNumber: number, pageSize: number): JsonObject => ({
        select: ['projectId', 'repoName', 'fullPath'],
        page: { pageNumber, pageSize },
        sort: { properties: ['fullPath'], direction: 'ASC' },
        rule: { relation: 'AND', rules },
      });
      const search = '/repository/api/node/search';
      const pages = getPages(
        client,
        (number, size) => ({ method: 'POST', path: search, body: body(number, size), reads: true }),
        mostFiles,
      );
      return ((await pages) ?? []).map(fileOf);
    },
    keyOf: (entry) => ({ project: textOf(entry.projectId) ?? '', repository: textOf(entry.repoName) ?? '', path: pathOf(entry) }),
  },
});
