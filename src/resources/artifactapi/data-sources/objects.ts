import * as z from 'zod';
import { attr } from '../../../schema/attribute';
import type { ApiClient } from '../../../schema/binding';
import { dataSource } from '../../../schema/data-source';
import type { Json, JsonObject } from '../../../schema/json';
import { nested } from '../../../schema/nested';
import { notFoundIsNothing } from '../../../schema/rest';
import { repositoryName } from '../../../schema/types';
import { unwrapList } from '../../../schema/unwrap';

const largestPage = 1000;

export const objects = dataSource({
  type: 'artifactapi_objects',
  description: 'The files that the server keeps of a repository: cached ones of a remote, uploaded ones of a local.',
  attributes: {
    repository: attr(repositoryName, 'Name of the repository.', { api: false }),
    repoType: attr(z.enum(['remote', 'local']).default('remote'), 'Whether it is a `remote` or a `local`.', { api: false }),
    limit: attr(z.int().min(1).max(100_000).default(1000), 'How many files to read at the most.', { api: false }),
    objects: attr(
      z.array(
        nested({
          path: attr(z.string(), 'Path of the file in the repository.', { computed: true }),
          size: attr(z.int(), 'Size in bytes.', { computed: true }),
          contentType: attr(z.string(), 'Media type, where the server tells it.', { computed: true }),
        }),
      ),
      'The files, in the order of their paths.',
      { computed: true },
    ),
  },
  async read({ client }, { repository, repo_type: kind, limit }) {
    const path = `/api/v2/${kind === 'local' ? 'locals' : 'remotes'}/${encodeURIComponent(String(repository))}/objects`;
    const found = await notFoundIsNothing(pages(client, path, Number(limit ?? 1000)));
    return found && { objects: found.map(objectOf).sort((a, b) => (String(a['path']) < String(b['path']) ? -1 : 1)) };
  },
  example: { repository: 'generic-internal', repoType: 'local' },
});

/** Pages are asked for until one is short or brings nothing new, for servers that ignore the page. */
async function pages(client: ApiClient, path: string, limit: number): Promise<JsonObject[]> {
  const found = new Map<string, JsonObject>();
  const size = Math.min(limit, largestPage);
  for (let page = 1; found.size < limit; page += 1) {
    const query = `?page=${page}&per_page=${size}`;
    const entries = unwrapList((await client.send({ method: 'GET', path: path + query })).json, path, [
      'items',
      'data',
      'objects',
      'artifacts',
    ]);
    const before = found.size;
    for (const entry of entries) found.set(String(pathOf(entry)), entry);
    if (entries.length < size || found.size === before) break;
  }
  return [...found.values()].slice(0, limit);
}

// The contract leaves the names of an artifact's fields open; these are the ones a reasonable server uses.
const pathOf = (entry: JsonObject): Json => entry['path'] ?? entry['file_path'] ?? entry['key'] ?? entry['name'] ?? '';
const objectOf = (entry: JsonObject): JsonObject => ({
  path: pathOf(entry),
  size: entry['size'] ?? entry['size_bytes'] ?? null,
  content_type: entry['content_type'] ?? null,
});
