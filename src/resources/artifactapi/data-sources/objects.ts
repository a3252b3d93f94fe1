import { attr, defineDataSource, nested, notFoundIsNothing, repositoryName, upTo, z } from '../../../schema/define';
import { filesAt, objectsPath } from '../objects';

export const objects = defineDataSource({
  type: 'artifactapi_objects',
  description: 'The files of a repository: cached files of a remote, uploaded files of a local.',
  attributes: {
    repository: attr(repositoryName, 'Name of the repository.', { api: false }),
    repoType: attr(z.enum(['remote', 'local']).default('remote'), 'Kind of the repository: `remote` or `local`.', { api: false }),
    limit: attr(z.int().min(1).max(100_000).default(1000), 'Maximum number of files to read.', { api: false }),
    objects: attr(
      z.array(
        nested({
          path: attr(z.string(), 'Path of the file in the repository.', { computed: true }),
          size: attr(z.int(), 'Size in bytes.', { computed: true }),
          contentType: attr(z.string(), 'Media type, if the server returns it.', { computed: true }),
        }),
      ),
      'The files, sorted by path.',
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
