import * as z from 'zod';
import { attr } from '../../../schema/define/attribute';
import { defineDataSource, upTo } from '../../../schema/define/data-source';
import { nested } from '../../../schema/define/nested';
import { notFoundIsNothing } from '../../../schema/define/rest';
import { repositoryName } from '../../../schema/define/types';
import { filesAt, objectsPath } from '../objects';

export const objects = defineDataSource({
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
  async read(server, { repository, repo_type: kind, limit }) {
    const path = objectsPath(kind === 'local' ? 'local' : 'remote', String(repository));
    const found = await upTo(server, { limit: Number(limit), what: `files in "${String(repository)}"` }, (most) =>
      notFoundIsNothing(filesAt(server.client, path, most)),
    );
    return found && { objects: found.sort((a, b) => (a.path < b.path ? -1 : 1)) };
  },
  example: { repository: 'generic-internal', repoType: 'local' },
});
