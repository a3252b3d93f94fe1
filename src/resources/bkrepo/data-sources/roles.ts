import * as z from 'zod';
import { attr } from '../../../schema/define/attribute';
import { defineDataSource } from '../../../schema/define/data-source';
import { nested } from '../../../schema/define/nested';
import { getList, path, textOf } from '../calls';
import { projectId } from '../names';

const told = (description: string): ReturnType<typeof attr> => attr(z.string(), description, { computed: true });

export const roles = defineDataSource({
  type: 'bkrepo_roles',
  description:
    'The roles of a project, in the order of their ids. The server lists neither those of repositories nor those for administrators.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project.', { api: false }),
    roles: attr(
      z.array(
        nested({
          id: told('The id by which permissions name it.'),
          roleId: told('Id of the role in its project.'),
          name: told('What people see as its name.'),
          description: told('What the role is for.'),
        }),
      ),
      'The roles found.',
      { computed: true },
    ),
  },
  async read({ client }, { project }) {
    const found = await getList(client, path('/auth/api/role/list', String(project)));
    return { roles: [...found].sort((a, b) => (textOf(a, 'roleId') < textOf(b, 'roleId') ? -1 : 1)) };
  },
  example: { project: 'payments' },
});
