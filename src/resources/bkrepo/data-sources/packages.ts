import { attr, defineDataSource, nested, upTo, z } from '../../../schema/define';
import { getPages, path, query, sortedBy } from '../calls';
import { projectId, repositoryName } from '../names';
import { repositoryReader } from '../rights';

const computed = { computed: true } as const;

const found = nested({
  key: attr(z.string(), 'Key of the package, e.g. `npm://lodash`.', computed),
  name: attr(z.string(), 'Name of the package.', computed),
  type: attr(z.string(), 'Type of the package.', computed),
  latest: attr(z.string(), 'The latest version.', computed),
  downloads: attr(z.int(), 'Number of downloads.', computed),
  versions: attr(z.int(), 'Number of versions.', computed),
});

export const packages = defineDataSource({
  type: 'bkrepo_packages',
  description: 'The packages of a repository, sorted by key.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project of the repository.', { api: false }),
    repository: attr(repositoryName, 'Name of the repository.', { api: false }),
    packageName: attr(z.string().min(1).optional(), 'Only packages whose name contains this text, as the server compares it.', {
      api: false,
    }),
    limit: attr(z.int().min(1).max(100_000).default(1000), 'Maximum number of packages to read.', { api: false }),
    packages: attr(z.array(found), 'The packages found.', computed),
  },
  needs: { read: [repositoryReader] },
  async read({ client, tell, config: { project, repository, packageName, limit } }) {
    const base = path('/repository/api/package/page', project, repository);
    const at = (pageNumber: number, pageSize: number): string => base + query({ packageName, pageNumber, pageSize });
    const all = await upTo({ tell }, { limit, what: `packages in "${project}/${repository}"` }, (most) =>
      getPages(client, (number, size) => ({ method: 'GET', path: at(number, size) }), most),
    );
    return all && { packages: sortedBy('key', all) };
  },
  example: { project: 'payments', repository: 'npm-packages' },
});
