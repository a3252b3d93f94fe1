import { attr, defineDataSource, nested, z } from '../../../schema/define';
import { getList, path, sortedBy } from '../calls';
import { projectId } from '../names';

const computed = { computed: true } as const;

const role = nested({
  id: attr(z.string(), 'The id by which permissions name it.', computed),
  roleId: attr(z.string(), 'Id of the role in its project.', computed),
  name: attr(z.string(), 'What people see as its name.', computed),
  description: attr(z.string(), 'What the role is for.', computed),
});

export const roles = defineDataSource({
  type: 'bkrepo_roles',
  description:
    'The roles of a project, in the order of their ids. The server lists neither those of repositories nor those for administrators.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project.', { api: false }),
    roles: attr(z.array(role), 'The roles found.', computed),
  },
  async read({ client, config: { project } }) {
    return { roles: sortedBy('roleId', await getList(client, path('/auth/api/role/list', project))) };
  },
  example: { project: 'payments' },
});
