import { attr, defineDataSource, nested, notFoundIsNothing, repositoryName, upTo, z } from '../../../schema/define';
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
          contentType: attr(z.string(), 'Media type, where the server returns it.', { computed: true }),
        }),
      ),
      'The files, in the order of their paths.',
      { computed: true },
    ),
  },
  async read({ client, tell, config: { repository, repoType, limit } }) {
    const path = objectsPath(repoType, repository);
    const found = await upTo({ tell }, { limit, what: `files in "${repository}"` }, (most) =>
      notFoundIsNothing(filesAt(client, path, most)),
    );
    return found && { objects: found.sort((a, b) => (a.path < b.path ? -1 : 1)) };
  },
  example: { repository: 'generic-internal', repoType: 'local' },
});
