import { attr, defineDataSource, nested, z } from '../../../schema/define';
import { getList, path, sortedBy } from '../calls';
import { projectId } from '../names';
import { projectAdministrator } from '../rights';

const computed = { computed: true } as const;

const role = nested({
  id: attr(z.string(), 'Id by which permissions refer to the role.', computed),
  roleId: attr(z.string(), 'Id of the role in its project.', computed),
  name: attr(z.string(), 'Display name.', computed),
  description: attr(z.string(), 'What the role is for.', computed),
});

export const roles = defineDataSource({
  type: 'bkrepo_roles',
  description: 'The roles of a project, sorted by id. The server lists neither roles of repositories nor roles for administrators.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project.', { api: false }),
    roles: attr(z.array(role), 'The roles found.', computed),
  },
  needs: { read: [projectAdministrator] },
  async read({ client, config: { project } }) {
    return { roles: sortedBy('roleId', await getList(client, path('/auth/api/role/list', project))) };
  },
  example: { project: 'payments' },
});
