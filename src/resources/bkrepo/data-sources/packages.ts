import * as z from 'zod';
import { attr } from '../../../schema/define/attribute';
import { defineDataSource, upTo } from '../../../schema/define/data-source';
import { nested } from '../../../schema/define/nested';
import { getPages, path, query, textOf } from '../calls';
import { projectId, repositoryName } from '../names';

const told = (description: string, type: z.ZodType = z.string()): ReturnType<typeof attr> => attr(type, description, { computed: true });

export const packages = defineDataSource({
  type: 'bkrepo_packages',
  description: 'The packages of a repository, in the order of their keys.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project of the repository.', { api: false }),
    repository: attr(repositoryName, 'Name of the repository.', { api: false }),
    packageName: attr(z.string().min(1).optional(), 'Only packages whose name has this in it, as the server compares.', { api: false }),
    limit: attr(z.int().min(1).max(100_000).default(1000), 'How many to read at the most.', { api: false }),
    packages: attr(
      z.array(
        nested({
          key: told('Key of the package, e.g. `npm://lodash`.'),
          name: told('Name of the package.'),
          type: told('Type of the package.'),
          latest: told('The latest version.'),
          downloads: told('How often it was downloaded.', z.int()),
          versions: told('How many versions there are.', z.int()),
        }),
      ),
      'The packages found.',
      { computed: true },
    ),
  },
  async read(server, { project, repository, package_name: packageName, limit }) {
    const base = path('/repository/api/package/page', String(project), String(repository));
    const name = typeof packageName === 'string' ? packageName : undefined;
    const at = (pageNumber: number, pageSize: number): string => base + query({ packageName: name, pageNumber, pageSize });
    const wanted = { limit: Number(limit), what: `packages in "${String(project)}/${String(repository)}"` };
    const found = await upTo(server, wanted, (most) =>
      getPages(server.client, (number, size) => ({ method: 'GET', path: at(number, size) }), most),
    );
    return found && { packages: found.sort((a, b) => (textOf(a, 'key') < textOf(b, 'key') ? -1 : 1)) };
  },
  example: { project: 'payments', repository: 'npm-packages' },
});
